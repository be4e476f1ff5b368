import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError("these are no sizes")
    if size + 2 * padding < kernel_size:
        raise ValueError("the kernel sticks out")
    return (size + 2 * padding - kernel_size) // stride + 1


def correlate2d(image, kernel, stride=1):
    H, W = image.shape
    KH, KW = kernel.shape
    result = np.zeros((output_size(H, KH, stride), output_size(W, KW, stride)))
    y = 0
    while y + KH <= H:
        x = 0
        while x + KW <= W:
            window = image[y:y + KH, x:x + KW].astype(float)
            result[y // stride, x // stride] = (window * kernel).sum()
            x += stride
    return result


def convolve2d(image, kernel, padding="zero"):
    kernel = np.rot90(kernel, 2)
    if padding != "valid":
        image = pad2d(image, kernel.shape[0] // 2, kernel.shape[1] // 2, padding)
    return correlate2d(image, kernel)


def convolve_image(image, kernel):
    # YOUR CODE HERE
    raise NotImplementedError("convolve_image")
