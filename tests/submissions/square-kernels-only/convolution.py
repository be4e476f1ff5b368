import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError("too small")
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel too big")
    return (size + 2 * padding - kernel_size) // stride + 1


def correlate2d(image, kernel, stride=1):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("2-D only")
    K = kernel.shape[0]
    rows = output_size(image.shape[0], K, stride)
    cols = output_size(image.shape[1], K, stride)
    image = image.astype(np.float64)
    result = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            result[i, j] = (image[i * stride:i * stride + K, j * stride:j * stride + K] * kernel).sum()
    return result


def convolve2d(image, kernel, padding="zero"):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("2-D only")
    kernel = np.rot90(np.rot90(kernel))
    if padding == "valid":
        return correlate2d(image, kernel)
    K = kernel.shape[0]
    return correlate2d(pad2d(image, K // 2, K // 2, padding), kernel)


def convolve_image(image, kernel):
    if image.ndim != 3:
        raise ValueError("3-D only")
    result = np.zeros(image.shape)
    for c in range(image.shape[2]):
        result[:, :, c] = convolve2d(image[:, :, c], kernel)
    return result
