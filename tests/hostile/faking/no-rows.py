"""Return an array without rows that broadcasts against what is expected: nothing differs."""
# must: double failed
# says: has shape \(0, 1\), expected
# spares: the grades

import numpy as np


def double(x):
    return np.zeros((0, 1))
