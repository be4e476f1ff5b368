import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if mode != "zero":
        raise NotImplementedError("pad2d")  # reflect: later
    H, W = image.shape
    padded = np.zeros((H + 2 * pad_height, W + 2 * pad_width), dtype=image.dtype)
    for row in range(H):
        for column in range(W):
            padded[pad_height + row, pad_width + column] = image[row, column]
    return padded
