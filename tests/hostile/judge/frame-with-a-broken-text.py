"""Send half of a character."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=r'"\ud800"')
