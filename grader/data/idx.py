"""The idx format, in which MNIST is handed out: a header, then nothing but bytes.

The header is two zero bytes, a code for the type of the numbers (8: unsigned
bytes, the only one here), the number of axes, and the length of each axis as
four bytes, most significant first.

Source: http://yann.lecun.com/exdb/mnist/
"""

import struct

import numpy as np

_UNSIGNED_BYTES = 8


def parse(content: bytes, shape: tuple[int, ...]) -> np.ndarray:
    """Read an array of a known shape.

    Parameters
    ----------
    content : bytes
        A whole idx file.
    shape : tuple of int
        The shape that it must have; no other is accepted.

    Returns
    -------
    ndarray of uint8
        A view of `content`, and therefore read-only for good.

    Raises
    ------
    ValueError
        If the header is another one, or the length does not fit it.
    """
    header = _header(shape)
    if not content.startswith(header):
        what = " x ".join(map(str, shape))
        raise ValueError(f"its header is not that of an idx file of {what} bytes")
    pixels = np.frombuffer(content, np.uint8, offset=len(header))
    expected = int(np.prod(shape))
    if len(pixels) != expected:
        raise ValueError(f"it holds {len(pixels)} bytes where its header promises {expected}")
    return pixels.reshape(shape)


def serialize(array: np.ndarray) -> bytes:
    """Write an array of uint8 as an idx file."""
    return _header(array.shape) + array.tobytes()


def _header(shape: tuple[int, ...]) -> bytes:
    return struct.pack(f">HBB{len(shape)}I", 0, _UNSIGNED_BYTES, len(shape), *shape)
