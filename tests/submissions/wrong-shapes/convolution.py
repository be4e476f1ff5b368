import numpy as np


def output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) / stride + 1


def correlate2d(image, kernel, stride=1):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((columns, rows))
    for r in range(0, rows, stride):
        for c in range(0, columns, stride):
            patch = image[r:r + kernel.shape[0], c:c + kernel.shape[1]]
            result[c, r] = (patch * kernel).sum(dtype=float)
    return result


def convolve2d(image, kernel, padding="zero"):
    return correlate2d(image, kernel[::-1, ::-1]).T.copy()  # always "valid"


def convolve_image(image, kernel):
    return sum(convolve2d(image[:, :, c], kernel) for c in range(image.shape[2]))
