"""Send an integer of a hundred thousand digits, which take their time to read."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note="9" * 4000)
