"""Use what the task bans."""
# must: double failed
# says: line 10 uses numpy.add
# spares: the grades

import numpy as np


def double(x):
    return np.add(x, x)
