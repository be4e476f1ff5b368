import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2:
        raise ValueError("not a grey image")
    if pad_height < 0 or pad_width < 0:
        raise ValueError("negative pad")
    if mode not in ("zero", "reflect"):
        raise ValueError("no such mode")
    if pad_height == 0 and pad_width == 0:
        return image  # nothing to do
    height, width = image.shape
    if mode == "zero":
        padded = np.zeros((height + 2 * pad_height, width + 2 * pad_width), image.dtype)
        padded[pad_height:pad_height + height, pad_width:pad_width + width] = image
        return padded
    if pad_height >= height or pad_width >= width:
        raise ValueError("too large a pad")
    top, bottom = image[pad_height:0:-1], image[-2:-2 - pad_height:-1]
    padded = np.vstack([top, image, bottom])
    left, right = padded[:, pad_width:0:-1], padded[:, -2:-2 - pad_width:-1]
    return np.hstack([left, padded, right])
