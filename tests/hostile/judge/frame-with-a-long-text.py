"""Send a text above the limit."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    long = '"' + "a" * 70_000 + '"'
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=long)
