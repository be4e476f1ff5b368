"""The right answers of the benchmark's NumPy assignment; wrong ones are edits of these."""

import numpy as np


def pad2d(image, pad):
    """Surround an image with `pad` rows and columns of zeros."""
    H, W = image.shape
    padded = np.zeros((H + 2 * pad, W + 2 * pad), image.dtype)
    padded[pad : pad + H, pad : pad + W] = image
    return padded


def convolve2d(image, kernel):
    """Lay the turned kernel on every place of the image at which it fits."""
    kernel = kernel[::-1, ::-1]
    h, w = kernel.shape
    H, W = image.shape[0] - h + 1, image.shape[1] - w + 1
    result = np.zeros((H, W))
    for row in range(H):
        for column in range(W):
            result[row, column] = np.sum(image[row : row + h, column : column + w] * kernel)
    return result


def softmax(logits):
    """Turn each row of scores into probabilities."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def cross_entropy(logits, labels):
    """Mean over the examples of minus the logarithm of the right class's probability."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_probabilities[np.arange(len(labels)), labels].mean())


def d_cross_entropy(logits, labels):
    """Give the gradient of the mean cross-entropy with respect to the scores."""
    gradient = softmax(logits)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)
