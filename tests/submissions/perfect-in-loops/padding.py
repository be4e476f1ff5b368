import numpy as np


def mirror(position, length):
    """Where position comes from when there is a mirror at 0 and one at length - 1."""
    if position < 0:
        position = -position
    if position > length - 1:
        position = 2 * (length - 1) - position
    return position


def pad2d(image, pad_height, pad_width, mode="zero"):
    if len(image.shape) != 2:
        raise ValueError("not a grey image")
    if mode != "zero" and mode != "reflect":
        raise ValueError("mode must be zero or reflect")
    if pad_height < 0 or pad_width < 0:
        raise ValueError("negative padding")
    height, width = image.shape
    if mode == "reflect" and (pad_height >= height or pad_width >= width):
        raise ValueError("the image is too small to be reflected")

    out = np.zeros((height + 2 * pad_height, width + 2 * pad_width), dtype=image.dtype)
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            y = row - pad_height
            x = column - pad_width
            if mode == "reflect":
                out[row, column] = image[mirror(y, height), mirror(x, width)]
            elif 0 <= y < height and 0 <= x < width:
                out[row, column] = image[y, x]
    return out
