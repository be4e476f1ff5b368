"""Find edges: where the brightness changes from one pixel to the next."""

import numpy as np
from convolution import convolve2d


def sobel_x(image):
    """Measure how brightness changes from left to right."""
    # YOUR CODE HERE
    raise NotImplementedError("sobel_x")


def sobel_y(image):
    """Measure how brightness changes from top to bottom."""
    # YOUR CODE HERE
    raise NotImplementedError("sobel_y")


def gradient_magnitude(image):
    """Measure how steep the brightness is, whatever the direction."""
    # YOUR CODE HERE
    raise NotImplementedError("gradient_magnitude")
