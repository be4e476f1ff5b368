import numpy as np
from scipy.signal import convolve2d

KERNEL = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])


def sobel_x(image):
    return convolve2d(image, KERNEL, mode="same")


def sobel_y(image):
    return convolve2d(image, KERNEL.T, mode="same")


def gradient_magnitude(image):
    return np.hypot(sobel_x(image), sobel_y(image))
