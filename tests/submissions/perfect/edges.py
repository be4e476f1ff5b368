import numpy as np

from convolution import convolve2d

SMOOTH = np.array([1.0, 2.0, 1.0])
SLOPE = np.array([1.0, 0.0, -1.0])


def sobel_x(image):
    return convolve2d(convolve2d(image, SLOPE[np.newaxis, :]), SMOOTH[:, np.newaxis])


def sobel_y(image):
    return convolve2d(convolve2d(image, SLOPE[:, np.newaxis]), SMOOTH[np.newaxis, :])


def gradient_magnitude(image):
    return np.hypot(sobel_x(image), sobel_y(image))
