"""Send bytes of a negative number, to read the buffer backwards."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    again = f'["l",["b",{-8 * len(x)}],["a","<f8","C",{len(x)}]]'
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=again)
