import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    H, W = image.shape
    if mode == "zero":
        out = np.zeros((H + 2 * pad_height, W + 2 * pad_width), dtype=image.dtype)
        out[pad_height:pad_height + H, pad_width:pad_width + W] = image
        return out
    # the mirror image is the image read backwards
    rows = list(range(H))
    rows = rows[:pad_height][::-1] + rows + rows[H - pad_height:][::-1]
    cols = list(range(W))
    cols = cols[:pad_width][::-1] + cols + cols[W - pad_width:][::-1]
    return image[rows][:, cols]
