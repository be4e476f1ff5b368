"""Keep what a test wants to be looked at, until its result is written.

A picture of something wrong travels with the failure. What is kept here is worth a
look even when the test passes: a loss curve, a confusion matrix.
"""

from contextvars import ContextVar
from typing import Any, Final

import numpy as np

from grader.checks.picture import Curves, Picture
from grader.checks.words import is_exactly

_MOST: Final = 3  # pictures of one test
_LONGEST: Final = 1_000_000  # numbers in a curve

_pictures: ContextVar[tuple[Picture, ...]] = ContextVar("pictures", default=())


def show_curve(values: Any, *, name: str = "loss") -> None:
    """Show a student a curve beside the test's result, whether the test passes or not.

    Parameters
    ----------
    values : list of float, or ndarray of shape (N,)
        One number for each step. Whatever is no curve is not shown: to say so is a
        check's business.
    name : str
        What to call it.

    Examples
    --------
    >>> show_curve([2.3, 1.1, 0.7], name="loss of each step")
    """
    if type(values) is list and all(is_exactly(value, float, int) for value in values):
        try:
            values = np.array(values, dtype=np.float64)
        except OverflowError:
            return
    if is_curve(values):
        note_picture(Curves(values.copy(), None, name))


def is_curve(value: Any) -> bool:
    """Whether `value` is an array that can be drawn as a curve."""
    if type(value) is not np.ndarray or value.dtype.kind not in "biuf":
        return False
    return bool(value.ndim == 1 and 1 < value.size <= _LONGEST)


def note_picture(picture: Picture) -> None:
    """Keep a picture, unless there are many already."""
    if len(noted_pictures()) < _MOST:
        _pictures.set((*noted_pictures(), picture))


def forget_pictures() -> None:
    """Begin another test."""
    _pictures.set(())


def noted_pictures() -> tuple[Picture, ...]:
    """Return what was kept since `forget_pictures`."""
    return _pictures.get()
