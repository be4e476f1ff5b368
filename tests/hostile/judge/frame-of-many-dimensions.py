"""Send an array of nine dimensions."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    note = '["a","|b1","C",0,1,1,1,1,1,1,1,1]'
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=note)
