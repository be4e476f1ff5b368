"""Send an array with two negative lengths, whose product is right."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.answer(f'["a","<f8","C",-1,-{len(x)}]', (x + x).tobytes())
