import numpy as np


def to_float(image):
    return (image / 255).ravel()


def to_uint8(image):
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8).T


def gray_to_rgb(image):
    return np.stack([image, image, image])


def zero_channel(image, channel):
    keep = [c for c in range(image.shape[2]) if c != channel]
    return image[:, :, keep]


def draw_box(image, top, left, height, width, color):
    return np.full((height, width), color)


def to_channels_first(images):
    return images.T.copy()


def to_channels_last(images):
    return np.array([image.T for image in images])
