"""Write PNG files.

A library that draws would take longer to import than most tests take to run, and
all that is needed is pixels.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _COLOUR, _PALETTE = 0, 2, 3


def encode_png(pixels: NDArray[np.uint8], palette: NDArray[np.uint8] | None = None) -> bytes:
    """Return a PNG file.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)
        Greys, or places in the palette; or red, green and blue.
    palette : ndarray of uint8, shape (256, 3), optional
        The colour of each number in `pixels`.
    """
    height, width = pixels.shape[:2]
    kind, colours = (_COLOUR if pixels.ndim == 3 else _GREY), b""
    if palette is not None:
        used, places = np.unique(pixels, return_inverse=True)
        pixels = places.reshape(height, width).astype(np.uint8)
        kind, colours = _PALETTE, _chunk(b"PLTE", palette[used].tobytes())
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    lines = np.zeros((height, 1 + pixels.size // height), np.uint8)  # each begins with its filter
    lines[:, 1:] = pixels.reshape(height, -1)
    body = _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9))
    return _SIGNATURE + _chunk(b"IHDR", header) + colours + body + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
