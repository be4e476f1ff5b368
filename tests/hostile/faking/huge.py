"""Return more than the grader takes."""
# must: double failed
# says: a value of [\d,]+ bytes, which is too large
# spares: the grades, the processes

import numpy as np


def double(x):
    return np.zeros(70 << 20, np.uint8)
