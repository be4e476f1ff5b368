"""Send a number with a fraction, which the header never holds."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note="1.5")
