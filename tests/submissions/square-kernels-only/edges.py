import numpy as np

from convolution import convolve2d


def sobel_x(image):
    return convolve2d(image, np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]))


def sobel_y(image):
    return convolve2d(image, np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]))


def gradient_magnitude(image):
    return (sobel_x(image) ** 2 + sobel_y(image) ** 2) ** 0.5
