"""What a check hands over to be looked at rather than read: arrays, and nothing drawn.

Trust: the arrays come from a student's function. Whoever makes one of these has seen
that they are exactly arrays of numbers; that they are finite, or small, nobody has.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """Two images to look at side by side: what came out, and what should have.

    Attributes
    ----------
    got, expected : ndarray of bool, integers or floats, shape (H, W) or (H, W, 3)
        The images. Their shapes may differ.
    name : str
        What the message calls the result.
    """

    got: np.ndarray
    expected: np.ndarray
    name: str = "result"


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A curve, and the one that it should be.

    Attributes
    ----------
    got : ndarray of bool, integers or floats, shape (N,)
        What came out.
    expected : ndarray of bool, integers or floats, shape (M,), or None
        What should have, if that is known.
    name : str
        What the message calls the result.
    """

    got: np.ndarray
    expected: np.ndarray | None = None
    name: str = "result"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GradientMap:
    """Where a gradient is wrong.

    Attributes
    ----------
    got, measured : ndarray of float64, shape (R, K)
        The elements of the gradient that were measured, and what central differences
        give for them; NaN where the function has a kink.
    rows, columns : ndarray of int64, shape (R,) and (K,)
        Which elements of the gradient these are, as a matrix of its first axis and
        all others.
    shape : tuple of int
        Of the whole gradient.
    name : str
        What the message calls it.
    """

    got: np.ndarray
    measured: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    shape: tuple[int, ...]
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """An image that was taken for something else.

    Attributes
    ----------
    image : ndarray, shape (H, W) or (H, W, 3)
        The image.
    label, predicted : int
        What it is, and what it was taken for.
    """

    image: np.ndarray
    label: int
    predicted: int


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """What was taken for what.

    Attributes
    ----------
    counts : ndarray of int64, shape (C, C)
        How many of each class, by row, were taken for which, by column.
    examples : tuple of Example
        Some that are wrong, those first about which the predictions are surest.
    """

    counts: np.ndarray
    examples: tuple[Example, ...] = ()


Picture = Images | Curves | GradientMap | Confusion
