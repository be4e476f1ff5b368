import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError("no such sizes")
    count = 0
    position = 0
    while position + kernel_size <= size + padding + padding:
        count += 1
        position += stride
    if count == 0:
        raise ValueError("kernel too long")
    return count


def correlate2d(image, kernel, stride=1):
    if len(image.shape) != 2 or len(kernel.shape) != 2:
        raise ValueError("only 2-D")
    # Python's own numbers do not overflow
    pixels = image.tolist()
    weights = kernel.tolist()
    rows = output_size(len(pixels), len(weights), stride)
    columns = output_size(len(pixels[0]), len(weights[0]), stride)
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            total = 0
            for i in range(len(weights)):
                for j in range(len(weights[0])):
                    total += pixels[r * stride + i][c * stride + j] * weights[i][j]
            out[r, c] = total
    return out


def convolve2d(image, kernel, padding="zero"):
    if len(image.shape) != 2 or len(kernel.shape) != 2:
        raise ValueError("only 2-D")
    height, width = kernel.shape
    turned = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            turned[i, j] = kernel[height - 1 - i, width - 1 - j]
    if padding == "valid":
        return correlate2d(image, turned)

    padded = pad2d(image, height // 2, width // 2, padding)
    # Even kernels give one row or column too many.
    return correlate2d(padded, turned)[: image.shape[0], : image.shape[1]].copy()


def convolve_image(image, kernel):
    if len(image.shape) != 3:
        raise ValueError("not a colour image")
    out = np.zeros(image.shape)
    for c in range(image.shape[2]):
        out[:, :, c] = convolve2d(image[:, :, c], kernel)
    return out
