"""Send a random generator in a state that none can have."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    note = f'["g",{1 << 200},1,0,0]'
    kit.answer(f'["a","<f8","C",{len(x)}]', (x + x).tobytes(), note=note)
