import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2:
        raise ValueError("only grey images can be padded")
    if pad_height < 0 or pad_width < 0:
        raise ValueError("cannot pad by a negative number of pixels")
    if mode == "zero":
        return _surround(_surround(image, pad_height).T, pad_width).T.copy()
    if mode == "reflect":
        return _mirror(_mirror(image, pad_height).T, pad_width).T.copy()
    raise ValueError(f"unknown mode {mode!r}")


def _surround(image, pad):
    """Rows of zeros above and below."""
    zeros = np.zeros((pad, image.shape[1]), dtype=image.dtype)
    return np.concatenate([zeros, image, zeros])


def _mirror(image, pad):
    """Mirrored rows above and below; the outermost rows are the mirrors."""
    if pad >= len(image):
        raise ValueError(f"{len(image)} pixels cannot be reflected {pad} times")
    above = image[1 : pad + 1][::-1]
    below = image[len(image) - 1 - pad : len(image) - 1][::-1]
    return np.concatenate([above, image, below])
