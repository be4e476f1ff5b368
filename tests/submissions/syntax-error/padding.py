import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2 or mode not in ("zero", "reflect"):
        raise ValueError("what is this?")
    if pad_height < 0 or pad_width < 0:
        raise ValueError("cannot add less than nothing")
    H, W = image.shape
    rows, columns = np.ogrid[-pad_height:H + pad_height, -pad_width:W + pad_width]
    if mode == "zero":
        inside = (rows >= 0) & (rows < H) & (columns >= 0) & (columns < W)
        pixels = image[rows.clip(0, H - 1), columns.clip(0, W - 1)]
        return np.where(inside, pixels, image.dtype.type(0))
    if pad_height >= H or pad_width >= W:
        raise ValueError("the mirror is too far away")
    return image[H - 1 - abs(H - 1 - abs(rows)), W - 1 - abs(W - 1 - abs(columns))]
