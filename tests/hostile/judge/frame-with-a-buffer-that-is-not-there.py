"""Send an array of more elements than bytes."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer('["a","<f8","C",1000000000]', (x + x).tobytes())
