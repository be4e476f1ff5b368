import numpy as np


def to_float(image):
    return image / 255


def to_uint8(image):
    return (255 * np.clip(image, 0, 1) + 0.5).astype(np.uint8)


def gray_to_rgb(image):
    assert image.ndim == 2, "only grey images"
    return np.stack([image, image, image], axis=2)


def zero_channel(image, channel):
    if image.ndim != 3:
        raise ValueError("only colour images")
    new = image.copy()
    new[:, :, channel] = 0
    return new


def draw_box(image, top, left, height, width, color):
    new = image.copy()
    new[top:top + height, left:left + width] = color
    return new


def to_channels_first(images):
    if images.ndim != 4:
        raise ValueError("only batches")
    return np.rollaxis(images, 3, 1).copy()


def to_channels_last(images):
    if images.ndim != 4:
        raise ValueError("only batches")
    return np.rollaxis(images, 1, 4).copy()
