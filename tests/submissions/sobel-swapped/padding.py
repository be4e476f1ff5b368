import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2:
        raise ValueError("expected 2 dimensions")
    if pad_height < 0 or pad_width < 0:
        raise ValueError("expected pads >= 0")
    h, w = image.shape
    if mode == "reflect" and (pad_height > h - 1 or pad_width > w - 1):
        raise ValueError("pad too long")
    if mode == "zero":
        up = down = np.zeros((pad_height, w), image.dtype)
        side = np.zeros((h + 2 * pad_height, pad_width), image.dtype)
        return np.block([side, np.block([[up], [image], [down]]), side])
    if mode == "reflect":
        rows = np.r_[pad_height:0:-1, 0:h, h - 2 : h - 2 - pad_height : -1]
        cols = np.r_[pad_width:0:-1, 0:w, w - 2 : w - 2 - pad_width : -1]
        return image.take(rows, axis=0).take(cols, axis=1)
    raise ValueError(f"expected zero or reflect, got {mode}")
