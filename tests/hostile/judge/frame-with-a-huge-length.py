"""Send an array without elements whose other length is astronomical."""
# must: double crashed
# says: interfered
# spares: the grades, the processes

import kit


def double(x):
    note = '["a","<f8","S",0,' + str(1 << 62) + "]"
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=note)
