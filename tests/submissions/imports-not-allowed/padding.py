import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    mode = {"zero": "constant", "reflect": "reflect"}[mode]
    return np.pad(image, [(pad_height, pad_height), (pad_width, pad_width)], mode=mode)
