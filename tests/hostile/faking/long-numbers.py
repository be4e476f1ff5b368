"""Return long doubles, which no other process understands."""
# must: double failed
# says: an array of dtype (float128|longdouble)
# spares: the grades

import numpy as np


def double(x):
    return (x + x).astype(np.longdouble)
