import numpy as np

from convolution import convolve2d

GX = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def sobel_x(image):
    return convolve2d(image, GX)


def sobel_y(image):
    return convolve2d(image, GX.T)


def gradient_magnitude(image):
    return np.sqrt(sobel_x(image) ** 2 + sobel_y(image) ** 2)
