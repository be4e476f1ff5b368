"""Send an array of texts."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<U2","C",{len(x)}]', (x + x).tobytes())
