import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    if image.ndim != 2 or pad_height < 0 or pad_width < 0:
        raise ValueError("cannot pad")
    H, W = image.shape
    if mode == "zero":
        result = np.zeros((H + 2 * pad_height, W + 2 * pad_width), dtype=image.dtype)
        result[pad_height:-pad_height, pad_width:-pad_width] = image
        return result
    elif mode == "reflect":
        if pad_height >= H or pad_width >= W:
            raise ValueError("cannot reflect")
        r = np.concatenate([np.arange(pad_height, 0, -1), np.arange(H), H - 2 - np.arange(pad_height)])
        c = np.concatenate([np.arange(pad_width, 0, -1), np.arange(W), W - 2 - np.arange(pad_width)])
        return image[r[:, None], c]
    else:
        raise ValueError("mode?")
