import numpy as np


def _expect_axes(array, *allowed):
    if array.ndim not in allowed:
        raise ValueError(f"cannot use an array with {array.ndim} axes, only {allowed}")


def to_float(image):
    return np.divide(image, 255, dtype=np.float64)


def to_uint8(image):
    scaled = np.asarray(image, dtype=np.float64) * 255
    return np.floor(np.minimum(np.maximum(scaled, 0), 255) + 0.5).astype(np.uint8)


def gray_to_rgb(image):
    _expect_axes(image, 2)
    return np.stack((image, image, image), axis=-1)


def zero_channel(image, channel):
    _expect_axes(image, 3)
    if channel not in range(image.shape[-1]):
        raise ValueError(f"there is no channel {channel}")
    others = np.arange(image.shape[-1]) != channel
    return np.where(others, image, np.zeros_like(image))


def draw_box(image, top, left, height, width, color):
    _expect_axes(image, 2, 3)
    if min(height, width) < 0:
        raise ValueError("the box has a negative size")
    if np.shape(color) != image.shape[2:]:
        raise ValueError("one number of color for each channel, please")
    rows = np.arange(image.shape[0])[:, np.newaxis]
    columns = np.arange(image.shape[1])
    inside = (top <= rows) & (rows < top + height) & (left <= columns) & (columns < left + width)
    result = image.copy()
    result[inside] = color
    return result


def to_channels_first(images):
    _expect_axes(images, 4)
    return np.einsum("nhwc->nchw", images).copy()


def to_channels_last(images):
    _expect_axes(images, 4)
    return np.einsum("nchw->nhwc", images).copy()
