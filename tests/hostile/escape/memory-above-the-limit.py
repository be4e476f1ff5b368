"""Take a little more private memory than is allowed, and be right."""
# must: double failed
# says: MemoryError
# spares: the processes, the grades

import numpy as np


def double(x):
    work = np.ones(75 << 20)
    return x + x * work[-1]
