import numpy as np

from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    if size < 1 or kernel_size < 1 or stride < 1 or padding < 0:
        raise ValueError("bad arguments")
    if size + 2 * padding < kernel_size:
        raise ValueError("kernel does not fit")
    return (size + 2 * padding - kernel_size) // stride + 1
