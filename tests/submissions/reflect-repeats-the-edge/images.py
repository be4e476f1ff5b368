import numpy as np


def to_float(image):
    return image.astype(np.float64) / 255


def to_uint8(image):
    image = np.clip(np.float64(image), 0.0, 1.0)
    return np.uint8(np.around(image * 255))


def gray_to_rgb(image):
    return np.tile(image[..., None], (1, 1, 3))


def zero_channel(image, channel):
    result = np.array(image)
    result[:, :, channel] = 0
    return result


def draw_box(image, top, left, height, width, color):
    result = np.array(image)
    bottom, right = top + height, left + width
    result[max(top, 0):max(bottom, 0), max(left, 0):max(right, 0)] = color
    return result


def to_channels_first(images):
    return np.array(images.transpose(0, 3, 1, 2))


def to_channels_last(images):
    return np.array(images.transpose(0, 2, 3, 1))
