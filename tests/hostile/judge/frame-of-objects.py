"""Send an array of objects: addresses that would be followed."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","|O","C",{len(x)}]', (x + x).tobytes())
