import numpy as np

from convolution import convolve2d

SOBEL_X = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
SOBEL_Y = SOBEL_X.T.copy()


def sobel_x(image):
    return convolve2d(image, SOBEL_X)


def sobel_y(image):
    return convolve2d(image, SOBEL_Y)


def gradient_magnitude(image):
    return np.sqrt(sobel_x(image) ** 2 + sobel_y(image) ** 2)
