import numpy as np


def to_float(image):
    return image / 255


def to_uint8(image):
    return np.rint(np.clip(image, 0, 1) * 255.astype(np.uint8)
