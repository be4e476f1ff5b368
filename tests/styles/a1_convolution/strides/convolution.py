"""Windows made with as_strided, and a product of matrices: im2col."""

import numpy as np
from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size <= 0 or kernel_size <= 0 or stride <= 0 or padding < 0:
        raise ValueError("sizes are positive")
    room = size - kernel_size + 2 * padding
    if room < 0:
        raise ValueError("the kernel is too long")
    return 1 + room // stride


def correlate2d(image, kernel, stride=1):
    if np.ndim(image) != 2 or np.ndim(kernel) != 2:
        raise ValueError("two axes each, please")
    pixels = np.ascontiguousarray(image, dtype=np.float64)
    shape = tuple(
        output_size(n, k, stride) for n, k in zip(pixels.shape, kernel.shape, strict=True)
    )
    down, right = pixels.strides
    windows = np.lib.stride_tricks.as_strided(
        pixels, shape + kernel.shape, (down * stride, right * stride, down, right)
    )
    columns = windows.reshape(shape[0] * shape[1], kernel.size)
    return (columns @ kernel.ravel().astype(np.float64)).reshape(shape)


def convolve2d(image, kernel, padding="zero"):
    if np.ndim(image) != 2 or np.ndim(kernel) != 2:
        raise ValueError("two axes each, please")
    turned = np.rot90(kernel, 2)
    if padding == "valid":
        return correlate2d(image, turned)
    above, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    framed = pad2d(image, above, left, mode=padding)
    full = correlate2d(framed, turned)
    return np.array(full[: image.shape[0], : image.shape[1]])


def convolve_image(image, kernel):
    if np.ndim(image) != 3:
        raise ValueError("three axes, please")
    channels = np.moveaxis(image, -1, 0)
    return np.moveaxis([convolve2d(channel, kernel) for channel in channels], 0, -1)
