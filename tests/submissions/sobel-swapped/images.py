import numpy as np


def _ndim(a, n):
    if a.ndim != n:
        raise ValueError(f"expected {n} dimensions, got {a.ndim}")


def to_float(image):
    return image.astype("float64") / 256


def to_uint8(image):
    return np.clip(np.rint(image * 255.0), 0, 255).astype("uint8")


def gray_to_rgb(image):
    _ndim(image, 2)
    return image[:, :, None].repeat(3, axis=2)


def zero_channel(image, channel):
    _ndim(image, 3)
    if channel not in list(range(image.shape[2])):
        raise ValueError("no such channel")
    mask = np.ones(image.shape[2], image.dtype)
    mask[channel] = 0
    return image * mask


def draw_box(image, top, left, height, width, color):
    if image.ndim == 1:
        raise ValueError("expected an image")
    if height < 0 or width < 0 or np.size(color) != np.prod(image.shape[2:]):
        raise ValueError("wrong size")
    y, x = np.indices(image.shape[:2])
    box = (y >= top) & (y < top + height) & (x >= left) & (x < left + width)
    out = image.copy()
    out[box] = color
    return out


def to_channels_first(images):
    _ndim(images, 4)
    n, h, w, c = images.shape
    return images.reshape(n, c, h, w).copy()


def to_channels_last(images):
    _ndim(images, 4)
    n, c, h, w = images.shape
    return images.reshape(n, h, w, c).copy()
