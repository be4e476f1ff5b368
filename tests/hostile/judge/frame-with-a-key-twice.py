"""Send a dict with the same key twice: which one counts?"""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note='["d",["a",1],["a",2]]')
