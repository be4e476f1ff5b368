# One pixel after the other. Slow, but I understand every line.
import numpy as np


def to_float(image):
    out = np.empty(image.shape)
    for index, pixel in np.ndenumerate(image):
        out[index] = int(pixel) / 255
    return out


def to_uint8(image):
    out = np.empty(image.shape, dtype=np.uint8)
    for index, pixel in np.ndenumerate(image):
        if pixel <= 0:
            out[index] = 0
        elif pixel >= 1:
            out[index] = 255
        else:
            out[index] = round(float(pixel) * 255)
    return out


def gray_to_rgb(image):
    if len(image.shape) != 2:
        raise ValueError("not a grey image")
    height, width = image.shape
    out = np.empty((height, width, 3), dtype=image.dtype)
    for y in range(height):
        for x in range(width):
            for c in range(3):
                out[y, x, c] = image[y, x]
    return out


def zero_channel(image, channel):
    if len(image.shape) != 3:
        raise ValueError("not a colour image")
    height, width, channels = image.shape
    if channel < 0 or channel >= channels:
        raise ValueError("no such channel")
    out = np.zeros(image.shape, dtype=image.dtype)
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                if c != channel:
                    out[y, x, c] = image[y, x, c]
    return out


def draw_box(image, top, left, height, width, color):
    if len(image.shape) not in (2, 3):
        raise ValueError("not an image")
    if height < 0:
        raise ValueError("height is negative")
    if width < 0:
        raise ValueError("width is negative")
    if len(image.shape) == 3 and len(color) != image.shape[2]:
        raise ValueError("wrong number of channels in color")
    out = np.array(image)
    for y in range(top, top + height):
        for x in range(left, left + width):
            if 0 <= y < image.shape[0] and 0 <= x < image.shape[1]:
                out[y, x] = color
    return out


def to_channels_first(images):
    if len(images.shape) != 4:
        raise ValueError("not a batch")
    n, h, w, c = images.shape
    out = np.empty((n, c, h, w), dtype=images.dtype)
    for i in range(n):
        for j in range(c):
            for y in range(h):
                for x in range(w):
                    out[i, j, y, x] = images[i, y, x, j]
    return out


def to_channels_last(images):
    if len(images.shape) != 4:
        raise ValueError("not a batch")
    n, c, h, w = images.shape
    out = np.empty((n, h, w, c), dtype=images.dtype)
    for i in range(n):
        for y in range(h):
            for x in range(w):
                for j in range(c):
                    out[i, y, x, j] = images[i, j, y, x]
    return out
