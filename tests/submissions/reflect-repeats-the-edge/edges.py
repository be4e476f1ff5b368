import numpy as np

from convolution import convolve2d


def sobel_x(image):
    return convolve2d(image, np.outer([1, 2, 1], [1, 0, -1]))


def sobel_y(image):
    return convolve2d(image, np.outer([1, 0, -1], [1, 2, 1]))


def gradient_magnitude(image):
    return np.linalg.norm([sobel_x(image), sobel_y(image)], axis=0)
