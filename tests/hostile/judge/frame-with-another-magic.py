"""Begin a frame with other bytes than every frame has."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    whole = kit.entry(f'["a","<f8","C",{len(x)}]', (x + x).tobytes())
    kit.write(b"PK\3\4" + whole[4:])
    kit.wait()
