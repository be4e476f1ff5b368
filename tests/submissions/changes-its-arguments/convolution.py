import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if min(size, kernel_size, stride) < 1 or padding < 0:
        raise ValueError("impossible numbers")
    if size + 2 * padding < kernel_size:
        raise ValueError("kernel too long")
    return int(np.floor((size + 2 * padding - kernel_size) / stride)) + 1


def correlate2d(image, kernel, stride=1):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("not 2-D")
    rows = output_size(image.shape[0], kernel.shape[0], stride)
    columns = output_size(image.shape[1], kernel.shape[1], stride)
    image, kernel = image.astype(float), kernel.astype(float)
    result = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            y, x = stride * r, stride * c
            result[r, c] = np.vdot(image[y:y + len(kernel), x:x + len(kernel[0])], kernel)
    return result


def convolve2d(image, kernel, padding="zero"):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("not 2-D")
    kernel[:] = kernel[::-1, ::-1].copy()
    if padding == "valid":
        return correlate2d(image, kernel)
    padded = pad2d(image, kernel.shape[0] // 2, kernel.shape[1] // 2, padding)
    result = correlate2d(padded, kernel)
    return result[: image.shape[0], : image.shape[1]].copy()


def convolve_image(image, kernel):
    if image.ndim != 3:
        raise ValueError("not a colour image")
    return np.stack([convolve2d(image[:, :, c], kernel) for c in range(image.shape[2])], axis=2)
