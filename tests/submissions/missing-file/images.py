import numpy as np


def to_float(image):
    return image.astype(np.float64) * (1 / 255)


def to_channels_first(images):
    if images.ndim != 4:
        raise ValueError("a batch, please")
    return np.swapaxes(np.swapaxes(images, 2, 3), 1, 2).copy()


def to_channels_last(images):
    if images.ndim != 4:
        raise ValueError("a batch, please")
    return np.swapaxes(np.swapaxes(images, 1, 2), 2, 3).copy()
