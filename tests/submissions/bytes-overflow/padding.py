import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2:
        raise ValueError("expected a grey image")
    if pad_height < 0 or pad_width < 0:
        raise ValueError("expected positive pads")
    H, W = image.shape
    if mode == "zero":
        sides = np.zeros((H, pad_width), image.dtype)
        wide = np.hstack([sides, image, sides])
        ends = np.zeros((pad_height, wide.shape[1]), image.dtype)
        return np.vstack([ends, wide, ends])
    if mode == "reflect":
        if pad_height > H - 1 or pad_width > W - 1:
            raise ValueError("cannot reflect that much")
        rows = [abs(r) if r < H else 2 * (H - 1) - r for r in range(-pad_height, H + pad_height)]
        cols = [abs(c) if c < W else 2 * (W - 1) - c for c in range(-pad_width, W + pad_width)]
        return image[rows][:, cols]
    raise ValueError("unknown mode " + mode)
