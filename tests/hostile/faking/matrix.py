"""Return a matrix, whose products mean something else."""
# must: double failed
# says: is a matrix, expected
# spares: the grades

import numpy as np


def double(x):
    return np.matrix(x + x)
