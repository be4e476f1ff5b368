import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    # pad_height rows and pad_width columns in all
    padded = np.zeros((image.shape[0] + pad_height, image.shape[1] + pad_width), image.dtype)
    padded[pad_height // 2:pad_height // 2 + image.shape[0],
           pad_width // 2:pad_width // 2 + image.shape[1]] = image
    return padded
