"""Send a dict whose pairs are texts of two letters."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note='["d","ab","cd"]')
