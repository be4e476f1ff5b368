import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError("expected positive numbers")
    room = size + 2 * padding - kernel_size
    if room < 0:
        raise ValueError("no room for the kernel")
    return room // stride + 1


def correlate2d(image, kernel, stride=1):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("expected 2-D arrays")
    OH = output_size(image.shape[0], kernel.shape[0], stride)
    OW = output_size(image.shape[1], kernel.shape[1], stride)
    result = np.zeros_like(image, shape=(OH, OW))
    for r in range(OH):
        for c in range(OW):
            y, x = r * stride, c * stride
            window = image[y:y + kernel.shape[0], x:x + kernel.shape[1]]
            result[r, c] = np.sum(window * kernel).astype(image.dtype)
    return result.astype(float)


def convolve2d(image, kernel, padding="zero"):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("expected 2-D arrays")
    kernel = kernel[::-1, ::-1]
    if padding == "valid":
        return correlate2d(image, kernel)
    KH, KW = kernel.shape
    padded = pad2d(image, KH // 2, KW // 2, padding)
    if KH % 2 == 0:
        padded = padded[:-1]
    if KW % 2 == 0:
        padded = padded[:, :-1]
    return correlate2d(padded, kernel)


def convolve_image(image, kernel):
    if image.ndim != 3:
        raise ValueError("expected a colour image")
    result = np.empty(image.shape)
    for c in range(image.shape[2]):
        result[..., c] = convolve2d(image[..., c], kernel)
    return result
