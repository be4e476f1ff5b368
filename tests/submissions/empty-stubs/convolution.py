"""Slide a kernel over an image."""

import numpy as np
from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    """Count the positions that a kernel takes along one axis."""
    # YOUR CODE HERE
    raise NotImplementedError("output_size")


def correlate2d(image, kernel, stride=1):
    """Correlate a grey image with a kernel, without padding."""
    # YOUR CODE HERE
    raise NotImplementedError("correlate2d")


def convolve2d(image, kernel, padding="zero"):
    """Convolve a grey image with a kernel."""
    # YOUR CODE HERE
    raise NotImplementedError("convolve2d")


def convolve_image(image, kernel):
    """Convolve each channel of a colour image with the same kernel."""
    # YOUR CODE HERE
    raise NotImplementedError("convolve_image")
