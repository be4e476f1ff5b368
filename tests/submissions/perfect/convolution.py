import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if min(size, kernel_size, stride) < 1 or padding < 0:
        raise ValueError("sizes and strides start at 1, paddings at 0")
    last = size + 2 * padding - kernel_size  # the last possible start
    if last < 0:
        raise ValueError("the kernel does not fit")
    return 1 + last // stride


def correlate2d(image, kernel, stride=1):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("image and kernel must have two axes")
    for length, kernel_length in zip(image.shape, kernel.shape):
        output_size(length, kernel_length, stride)  # complains if it does not fit
    windows = sliding_window_view(image.astype(float), kernel.shape)[::stride, ::stride]
    return np.einsum("rcij,ij->rc", windows, kernel.astype(float))


def convolve2d(image, kernel, padding="zero"):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("image and kernel must have two axes")
    if padding != "valid":
        before = [k // 2 for k in kernel.shape]
        image = pad2d(image, *before, mode=padding)
        # pad2d pads both sides alike, an even kernel needs one less at the far end
        rows, columns = [n - (k + 1) % 2 for n, k in zip(image.shape, kernel.shape)]
        image = image[:rows, :columns]
    return correlate2d(image, np.rot90(kernel, 2))


def convolve_image(image, kernel):
    if image.ndim != 3:
        raise ValueError("a colour image has three axes")
    return np.dstack([convolve2d(channel, kernel) for channel in np.moveaxis(image, -1, 0)])
