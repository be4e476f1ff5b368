"""Compute with code outside Python: allowed, and shown."""
# must: double passed
# says: ^
# spares: the grades
# flags: ctypes

import ctypes

import numpy as np

LIBM = ctypes.CDLL("libm.so.6")
LIBM.ldexp.restype = ctypes.c_double
LIBM.ldexp.argtypes = (ctypes.c_double, ctypes.c_int)


def double(x):
    return np.array([LIBM.ldexp(v, 1) for v in x])
