import numpy as np
from numpy.lib.stride_tricks import as_strided

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError("wrong numbers")
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel too large")
    return divmod(size + 2 * padding - kernel_size, stride)[0] + 1


def correlate2d(image, kernel, stride=1):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("expected 2 dimensions")
    shape = [output_size(n, k, stride) for n, k in zip(image.shape, kernel.shape)]
    image = image.astype(float)
    down, right = image.strides
    windows = as_strided(image, (*shape, *kernel.shape), (down * stride, right * stride, down, right))
    return np.tensordot(windows, kernel.astype(float), axes=2)


def convolve2d(image, kernel, padding="zero"):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("expected 2 dimensions")
    if padding != "valid":
        (h, w), (kh, kw) = image.shape, kernel.shape
        image = pad2d(image, kh // 2, kw // 2, padding)[: h + kh - 1, : w + kw - 1]
    return correlate2d(image, np.flip(kernel))


def convolve_image(image, kernel):
    if image.ndim != 3:
        raise ValueError("expected 3 dimensions")
    return np.stack([convolve2d(image[:, :, c], kernel) for c in range(image.shape[2])], 2)
