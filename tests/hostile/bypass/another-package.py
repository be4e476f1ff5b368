"""Import a package that the task does not allow."""
# must: double failed, classify failed, apply failed, Pile failed
# says: line 6 imports scipy
# spares: the grades

from scipy.ndimage import convolve


def double(x):
    return convolve(x, [2.0])
