"""Return an array of a million million elements that takes eight bytes."""
# must: double failed
# says: too large to hand over|which is too large|MemoryError
# spares: the grades, the processes

import numpy as np


def double(x):
    return np.broadcast_to(0.0, (1_000_000, 1_000_000))
