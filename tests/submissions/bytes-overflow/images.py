import numpy as np


def to_float(image):
    return image / 255


def to_uint8(image):
    return (np.clip(image, 0, 1) * 255).astype(np.uint8)


def gray_to_rgb(image):
    if image.ndim != 2:
        raise ValueError("expected a grey image")
    return np.repeat(image, 3).reshape(*image.shape, 3)


def zero_channel(image, channel):
    if image.ndim != 3 or not 0 <= channel <= image.shape[2] - 1:
        raise ValueError("no such channel")
    copy = image.copy()
    copy[:, :, channel] *= 0
    return copy


def draw_box(image, top, left, height, width, color):
    if image.ndim != 2 and image.ndim != 3:
        raise ValueError("expected an image")
    if height < 0 or width < 0:
        raise ValueError("expected a box of positive size")
    copy = image.copy()
    for row in range(max(top, 0), min(top + height, image.shape[0])):
        for column in range(max(left, 0), min(left + width, image.shape[1])):
            copy[row, column] = color
    return copy


def to_channels_first(images):
    if images.ndim != 4:
        raise ValueError("expected a batch")
    channels = [images[..., c] for c in range(images.shape[3])]
    return np.stack(channels, axis=1)


def to_channels_last(images):
    if images.ndim != 4:
        raise ValueError("expected a batch")
    channels = [images[:, c] for c in range(images.shape[1])]
    return np.stack(channels, axis=3)
