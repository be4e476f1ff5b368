"""Send a header above the limit, though it says little."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}' + " " * 300_000 + "]", (x + x).tobytes())
