"""Evaluate a student's function near a point, and look at what it gives.

Trust: the function may return anything, and something else each time. Its value
is used only once its type is exactly a plain one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.checks.calls import NO_ANSWER
from grader.checks.failure import CheckFailure
from grader.checks.words import describe, is_exactly, number_kind, plain_number

_DOUBLE = np.dtype(np.float64)


class Function:
    """A function of one array or number, evaluated at `x` and near it.

    It is called with float64, even where `x` is float32: a difference quotient of
    single precision has three digits. A function that does not take float64 is
    called with the dtype of `x`.

    Attributes
    ----------
    of : str
        What a message calls the value.
    value : ndarray of float64
        What the function gives at `x`; of shape () if that is a number.
    eps : float
        The precision of the numbers that it gives.
    """

    def __init__(self, function: Callable[[Any], Any], x: Any, of: str) -> None:
        self._function = function
        self.of = of
        self._is_number = bool(number_kind(x))
        self._x = np.array(x, dtype=_DOUBLE)
        self._dtype, value = self._first_value(np.asarray(x).dtype)
        self.value, self.eps = self._checked(value)
        if not np.isfinite(self.value).all():
            raise CheckFailure(f"{of} is NaN or infinite at the point where it is differentiated")
        if self._computes_in_single():
            self.eps = max(self.eps, float(np.finfo(np.float32).eps))

    def near(self, displacement: np.ndarray) -> np.ndarray:
        """Evaluate at ``x + displacement``; the value may be infinite there, or NaN."""
        with np.errstate(all="ignore"):  # a step may leave the domain, of log for instance
            value, _ = self._checked(self._call(self._x + displacement, self._dtype))
        if value.shape != self.value.shape:
            raise CheckFailure(
                f"{self.of} has shape {value.shape} at one point and {self.value.shape} at another"
            )
        return value

    def _computes_in_single(self) -> bool:
        """Whether the values, here and a little further, fit into float32 without loss."""
        beside = self.near(np.maximum(1.0, np.abs(self._x)) / 3e3)
        with np.errstate(all="ignore"):
            return all(np.array_equal(v, v.astype(np.float32)) for v in (self.value, beside))

    def _first_value(self, dtype: np.dtype) -> tuple[np.dtype, Any]:
        if dtype != _DOUBLE:
            try:
                return _DOUBLE, self._call(self._x, _DOUBLE)
            except NO_ANSWER:
                raise
            except Exception:  # noqa: S110  (float64 is asked for, not required)
                pass
        return dtype, self._call(self._x, dtype)

    def _call(self, point: np.ndarray, dtype: np.dtype) -> Any:
        return self._function(float(point) if self._is_number else point.astype(dtype))

    def _checked(self, value: Any) -> tuple[np.ndarray, float]:
        """Give a value as float64, and the precision it had."""
        if type(value) is np.ndarray and value.dtype.kind in "iuf":
            double, dtype = value.astype(_DOUBLE), value.dtype
        elif is_exactly(value, np.float16, np.float32):
            double, dtype = np.array(value, dtype=_DOUBLE), value.dtype
        elif number_kind(value) in ("i", "f"):
            double, dtype = np.array(_as_float(value)), _DOUBLE
        else:
            raise CheckFailure(
                f"{self.of} is {describe(value)}, expected a number or an array of numbers",
                "Is a `return` missing?" if value is None else "",
            )
        return double, float(np.finfo(dtype if dtype.kind == "f" else _DOUBLE).eps)


def _as_float(value: Any) -> float:
    try:
        return float(plain_number(value).real)
    except OverflowError:  # an integer beyond every float
        return float("inf")
