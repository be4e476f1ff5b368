import numpy as np


def to_float(image):
    return image / 255


def to_uint8(image):
    image[image < 0] = 0
    image[image > 1] = 1
    return np.rint(image * 255).astype(np.uint8)


def gray_to_rgb(image):
    if image.ndim != 2:
        raise ValueError("not a grey image")
    return np.broadcast_to(image[:, :, None], (*image.shape, 3))


def zero_channel(image, channel):
    if image.ndim != 3 or channel < 0 or channel >= image.shape[2]:
        raise ValueError("no such channel")
    image[:, :, channel] = 0
    return image


def draw_box(image, top, left, height, width, color):
    if image.ndim not in (2, 3):
        raise ValueError("not an image")
    if height < 0 or width < 0:
        raise ValueError("negative size")
    if np.shape(color) != image.shape[2:]:
        raise ValueError("wrong color")
    bottom, right = max(top + height, 0), max(left + width, 0)
    top, left = max(top, 0), max(left, 0)
    image[top:bottom, left:right] = color
    return image


def to_channels_first(images):
    if images.ndim != 4:
        raise ValueError("not a batch")
    return images.transpose(0, 3, 1, 2)


def to_channels_last(images):
    if images.ndim != 4:
        raise ValueError("not a batch")
    return images.transpose(0, 2, 3, 1)
