"""Send an array whose length is True."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes() + b"\1", note='["a","|b1","C",true]')
