"""Answer with an array in the place of the token, which is compared element by element."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    body = b"\1\1" + (x + x).tobytes()
    kit.answer(f'["a","<f8","C",{len(x)}]', body, id='["a","|b1","C",2]')
