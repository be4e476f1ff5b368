"""Send a float spelled with more letters than any has."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    long = '["f","' + "1" * 100_000 + '"]'
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=long)
