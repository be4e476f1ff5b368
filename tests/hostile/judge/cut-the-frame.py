"""Send half a frame, and end."""
# must: double crashed
# says: ended the whole process
# spares: the grades

import os

import kit


def double(x):
    kit.write(kit.entry(f'["a","<f8","C",{len(x)}]', (x + x).tobytes())[:-5])
    os._exit(0)
