import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    return (size + 2 * padding - kernel_size) // stride + 1


def correlate2d(image, kernel, stride=1):
    H, W = image.shape
    KH, KW = kernel.shape
    OH, OW = output_size(H, KH, stride), output_size(W, KW, stride)
    # one row of `columns` for each element of the kernel, then a single matrix product
    columns = []
    for i in range(KH):
        for j in range(KW):
            part = image[i:i + H - KH + 1:stride, j:j + W - KW + 1:stride]
            columns.append(part.astype(float).ravel())
    return (kernel.astype(float).ravel() @ np.array(columns)).reshape(OH, OW)


def convolve2d(image, kernel, padding="zero"):
    flipped = np.flipud(np.fliplr(kernel))
    if padding == "valid":
        return correlate2d(image, flipped)
    H, W = image.shape
    KH, KW = kernel.shape
    padded = pad2d(image, KH // 2, KW // 2, padding)
    return correlate2d(padded[:H + KH - 1, :W + KW - 1], flipped)


def convolve_image(image, kernel):
    channels = []
    for c in range(image.shape[2]):
        channels.append(convolve2d(image[:, :, c], kernel))
    return np.stack(channels, axis=2)
