import numpy as np


def to_float(image):
    return image / 255


def to_uint8(image):
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


def gray_to_rgb(image):
    rgb = image[:, :, np.newaxis]
    # double the channels until three of them are left over
    while rgb.shape[2] % 3 != 0:
        rgb = np.concatenate([rgb, rgb], axis=2)
    return rgb[:, :, :3].copy()


def zero_channel(image, channel):
    # YOUR CODE HERE
    raise NotImplementedError("zero_channel")


def draw_box(image, top, left, height, width, color):
    # YOUR CODE HERE
    raise NotImplementedError("draw_box")


def to_channels_first(images):
    return images.transpose(0, 3, 1, 2).copy()


def to_channels_last(images):
    return images.transpose(0, 2, 3, 1).copy()
