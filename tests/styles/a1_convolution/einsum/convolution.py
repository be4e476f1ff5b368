"""Windows that NumPy lays out, and one sum over them written with indices."""

import numpy as np
from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if min(size, kernel_size, stride) < 1 or padding < 0:
        raise ValueError("sizes are positive")
    if kernel_size > size + 2 * padding:
        raise ValueError("the kernel is too long")
    return len(range(0, size + 2 * padding - kernel_size + 1, stride))


def correlate2d(image, kernel, stride=1):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("two axes each, please")
    if kernel.shape[0] > image.shape[0] or kernel.shape[1] > image.shape[1]:
        raise ValueError("the kernel is too large")
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(float), kernel.shape)
    return np.einsum("rcij,ij->rc", windows[::stride, ::stride], kernel.astype(float))


def convolve2d(image, kernel, padding="zero"):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("two axes each, please")
    if padding != "valid":
        (KH, KW), mode = kernel.shape, padding
        image = pad2d(image, KH // 2, KW // 2, mode=mode)
        image = image[: -1 if KH % 2 == 0 else None, : -1 if KW % 2 == 0 else None]
    return correlate2d(image, np.flip(kernel))


def convolve_image(image, kernel):
    if image.ndim != 3:
        raise ValueError("three axes, please")
    result = np.empty(image.shape)
    for channel in range(image.shape[-1]):
        result[..., channel] = convolve2d(image[..., channel], kernel)
    return result
