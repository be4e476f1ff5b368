"""Say where two images differ."""

from typing import Any

import numpy as np

_CHANNELS = ("red", "green", "blue")


def is_image(value: Any) -> bool:
    """Whether `value` is an array that can be drawn: numbers, (H, W) or (H, W, 3)."""
    if type(value) is not np.ndarray or value.dtype.kind not in "biuf" or value.size == 0:
        return False
    return value.ndim == 2 or (value.ndim == 3 and value.shape[2] == 3)


def where_it_differs(wrong: np.ndarray) -> str:
    """Say in which part of an image the pixels marked in `wrong` lie.

    Parameters
    ----------
    wrong : ndarray of bool, shape (H, W) or (H, W, 3)
        At least one element is True.
    """
    if wrong.ndim == 2:
        return _region(wrong)
    channels = [name for name, plane in zip(_CHANNELS, wrong.T, strict=True) if plane.any()]
    only = "" if len(channels) == 3 else f", in {' and '.join(channels)} only"
    return _region(np.asarray(wrong.any(axis=2))) + only


def _region(wrong: np.ndarray) -> str:
    if wrong.all():
        return "everywhere"
    height, width = wrong.shape
    rows, columns = np.nonzero(wrong)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    edges = (top == 0, bottom == height - 1, left == 0, right == width - 1)
    border = 1 + np.minimum.reduce([rows, height - 1 - rows, columns, width - 1 - columns]).max()
    if all(edges) and border <= max(1, min(height, width) // 4):
        pixels = "pixel" if border == 1 else "pixels"
        return f"only in the outermost border of {border} {pixels}: look at the padding"
    if len(rows) == 1:
        return f"only in row {top}, column {left}"
    thin = (bottom == 0, top == height - 1, right == 0, left == width - 1)
    names = ("top", "bottom", "left", "right")
    edge = next((f" (the {name} edge)" for name, lies in zip(names, thin, strict=True) if lies), "")
    return f"rows {top}–{bottom} and columns {left}–{right}{edge}"
