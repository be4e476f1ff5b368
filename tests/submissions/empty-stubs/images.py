"""Images are arrays: numbers, channels and boxes."""

import numpy as np


def to_float(image):
    """Turn an image of bytes into an image of floats from 0 to 1."""
    # YOUR CODE HERE
    raise NotImplementedError("to_float")


def to_uint8(image):
    """Turn an image of floats from 0 to 1 into an image of bytes."""
    # YOUR CODE HERE
    raise NotImplementedError("to_uint8")


def gray_to_rgb(image):
    """Repeat a grey image in the red, the green and the blue channel."""
    # YOUR CODE HERE
    raise NotImplementedError("gray_to_rgb")


def zero_channel(image, channel):
    """Switch one colour channel off."""
    # YOUR CODE HERE
    raise NotImplementedError("zero_channel")


def draw_box(image, top, left, height, width, color):
    """Draw a filled box on a copy of an image."""
    # YOUR CODE HERE
    raise NotImplementedError("draw_box")


def to_channels_first(images):
    """Move the channels of a batch from last (NHWC) to first (NCHW)."""
    # YOUR CODE HERE
    raise NotImplementedError("to_channels_first")


def to_channels_last(images):
    """Move the channels of a batch from first (NCHW) to last (NHWC)."""
    # YOUR CODE HERE
    raise NotImplementedError("to_channels_last")
