import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size <= 0 or kernel_size <= 0 or stride <= 0 or padding < 0:
        raise ValueError("bad size")
    if kernel_size > size + 2 * padding:
        raise ValueError("kernel too large")
    return (size + 2 * padding - kernel_size) // stride + 1


def correlate2d(image, kernel, stride=1):
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError("need 2-D arrays")
    kh, kw = kernel.shape
    oh = output_size(image.shape[0], kh, stride)
    ow = output_size(image.shape[1], kw, stride)
    image = image.astype(np.float64)
    out = np.zeros((oh, ow))
    for r in range(oh):
        for c in range(ow):
            patch = image[r * stride : r * stride + kh, c * stride : c * stride + kw]
            out[r, c] = np.sum(patch * kernel)
    return out


def convolve2d(image, kernel, padding="zero"):
    if kernel.ndim != 2 or image.ndim != 2:
        raise ValueError("need 2-D arrays")
    if padding == "valid":
        return correlate2d(image, kernel)
    kh, kw = kernel.shape
    padded = pad2d(image, kh // 2, kw // 2, padding)
    return correlate2d(padded, kernel)[: image.shape[0], : image.shape[1]].copy()


def convolve_image(image, kernel):
    if image.ndim != 3:
        raise ValueError("need a colour image")
    return np.stack([convolve2d(image[..., c], kernel) for c in range(image.shape[-1])], -1)
