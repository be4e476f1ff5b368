import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2:
        raise ValueError("image must be 2-D")
    if min(pad_height, pad_width) < 0:
        raise ValueError("pads must not be negative")
    if mode not in ("zero", "reflect"):
        raise ValueError("unknown mode")
    ph, pw = pad_height, pad_width
    h, w = image.shape
    out = np.zeros((h + 2 * ph, w + 2 * pw), image.dtype)
    out[ph : ph + h, pw : pw + w] = image
    if mode == "reflect":
        if ph >= h or pw >= w:
            raise ValueError("pad too large for reflection")
        for k in range(1, ph + 1):
            out[ph - k] = out[ph + k]
            out[ph + h - 1 + k] = out[ph + h - 1 - k]
        for k in range(1, pw + 1):
            out[:, pw - k] = out[:, pw + k]
            out[:, pw + w - 1 + k] = out[:, pw + w - 1 - k]
    return out
