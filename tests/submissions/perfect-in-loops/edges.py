import math

import numpy as np

from convolution import convolve2d


def sobel_x(image):
    return convolve2d(image, np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]))


def sobel_y(image):
    return convolve2d(image, np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]))


def gradient_magnitude(image):
    gx = sobel_x(image)
    gy = sobel_y(image)
    out = np.zeros(image.shape)
    for y in range(image.shape[0]):
        for x in range(image.shape[1]):
            out[y, x] = math.sqrt(gx[y, x] ** 2 + gy[y, x] ** 2)
    return out
