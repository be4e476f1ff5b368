"""Switch the collector off, and fill the worker with rubbish from one test to the next."""
# must: double failed
# says: differs|MemoryError
# spares: the grades, the processes

import gc

gc.disable()
KEPT = []


def double(x):
    for _ in range(1000):
        knot = [0] * 1000
        knot.append(knot)
        KEPT.append(knot)
    return x
