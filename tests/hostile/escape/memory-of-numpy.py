"""Take memory as one array of a hundred gigabytes."""
# must: double failed
# says: MemoryError|Unable to allocate
# spares: the processes, the grades

import numpy as np


def double(x):
    return np.ones(100 << 27).sum()
