"""Helligkeit: die Übung vom Montag."""
import numpy as np


def to_float(image):
    return image / 255


def gray_to_rgb(image):
    if image.ndim != 2:
        raise ValueError("nur für graue Bilder")
    return np.stack([image] * 3, axis=2)
