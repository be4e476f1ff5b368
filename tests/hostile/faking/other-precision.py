"""Return numbers that are right to three digits, as float16."""
# must: double failed
# says: has dtype float16, expected float64
# spares: the grades

import numpy as np


def double(x):
    return (x + x).astype(np.float16)
