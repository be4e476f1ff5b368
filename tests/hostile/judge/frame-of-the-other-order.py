"""Send an array whose bytes come in the other order, and are right in that order."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a",">f8","C",{len(x)}]', (x + x).astype(">f8").tobytes())
