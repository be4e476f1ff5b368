import numpy as np


def to_float(image):
    return image / 255.0


def to_uint8(image):
    return np.round(np.clip(image.astype(float), 0, 1) * 255).astype("uint8")


def gray_to_rgb(image):
    if image.ndim != 2:
        raise ValueError("image must be 2-D")
    return np.dstack([image] * 3)


def zero_channel(image, channel):
    if image.ndim != 3:
        raise ValueError("image must be 3-D")
    if not 0 <= channel < image.shape[2]:
        raise ValueError("channel out of range")
    out = image.copy()
    out[..., channel] = 0
    return out


def draw_box(image, top, left, height, width, color):
    if image.ndim not in (2, 3) or height < 0 or width < 0:
        raise ValueError("cannot draw this box")
    if image.ndim == 3 and len(color) != image.shape[2]:
        raise ValueError("color needs as many numbers as there are channels")
    rows = slice(max(0, top), max(0, top + height))
    cols = slice(max(0, left), max(0, left + width))
    out = image.copy()
    out[rows, cols] = color
    return out


def to_channels_first(images):
    if images.ndim != 4:
        raise ValueError("images must be 4-D")
    return np.array(np.moveaxis(images, 3, 1))


def to_channels_last(images):
    if images.ndim != 4:
        raise ValueError("images must be 4-D")
    return np.array(np.moveaxis(images, 1, 3))
