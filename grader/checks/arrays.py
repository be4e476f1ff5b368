"""Compare numbers and arrays with what is expected: type, dtype, shape, finite, value.

The order is the order of usefulness: a wrong dtype explains wrong values, and
not the other way round.

Trust: what is expected comes from the author of a test; what is compared with
it may be any object that a student's code could make.
"""

import cmath
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.failure import Answer, CheckFailure
from grader.checks.picture import Curves, Images, Picture
from grader.checks.pictures import is_image, where_it_differs
from grader.checks.shown import is_curve
from grader.checks.words import (
    describe,
    dtype_reason,
    is_exactly,
    number_kind,
    plain_number,
    show_arrays,
    show_index,
    show_number,
    show_pair,
    tolerance_line,
    type_name,
    with_article,
)
from grader.tensors import as_array, is_tensor

_KINDS = {"b": "a bool", "i": "an integer", "f": "a float", "c": "a complex number"}
_WELCOME = {"b": "b", "i": "i", "f": "if", "c": "ifc"}
_LARGEST_PICTURE = 1_000_000  # elements; drawing more would cost time and memory
_SMALL = 36  # up to so many elements, reading the array is quicker than reading about it


@dataclass(frozen=True, slots=True)
class _Terms:
    """How close is close enough, and whether arrays are images."""

    rtol: float | None
    atol: float | None
    picture: bool

    def tolerances(self, dtype: np.dtype) -> tuple[float, float]:
        """Give rtol and atol for a dtype; integers and booleans are compared exactly."""
        usual = 0.0
        if dtype.kind in "fc":
            usual = {np.float16: 1e-2, np.float32: 1e-5, np.complex64: 1e-5}.get(dtype.type, 1e-9)
        return (
            usual if self.rtol is None else self.rtol,
            usual if self.atol is None else self.atol,
        )


def assert_allclose(
    actual: object,
    expected: object,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    name: str = "result",
    hint: str = "",
    picture: bool = False,
) -> None:
    """Fail unless `actual` has the right type and shape, and is close to `expected`.

    Parameters
    ----------
    actual : object
        What a student's function gave.
    expected : ndarray, tensor, number, or list or tuple of these
        An array asks for an array of exactly its dtype and shape, and a tensor for
        a tensor, one that requires no grad. A float takes
        any real number that is no bool; an integer takes integers only, and a
        bool bools only. Where a number is expected an array of shape () will do,
        but not the other way round. Lists and tuples are compared one element
        after the other.
    rtol, atol : float, optional
        Close means ``|actual - expected| <= atol + rtol * |expected|``. Left out,
        both are 1e-9 (float64), 1e-5 (float32), 1e-2 (float16) or 0 (integers).
        NaN is close to NaN only, and an infinity to itself.
    name : str
        What to call `actual` in the message.
    hint : str
        What a student should think about when this fails.
    picture : bool
        Whether arrays are images, or curves if they are 1-D: the failure then
        carries a picture, and the message says where images differ.

    Raises
    ------
    CheckFailure
        If `actual` is not what is expected.

    Examples
    --------
    >>> assert_allclose(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    >>> assert_allclose(2, 3, name="size")
    Traceback (most recent call last):
    grader.checks.failure.CheckFailure: size is 2, expected 3
      tolerance: none, these are compared exactly
    """
    __tracebackhide__ = True
    if actual is None:
        raise CheckFailure(f"{name}: the function returned None (is a `return` missing?)")
    problem = _difference(actual, expected, name, _Terms(rtol, atol, picture))
    if problem:
        shown = _picture(actual, expected, name) if picture else None
        raise CheckFailure(problem, hint, shown, answer=Answer(name, actual))


def _difference(actual: Any, expected: Any, name: str, terms: _Terms) -> str:
    """Say how `actual` differs from `expected`; nothing when it does not."""
    if is_exactly(expected, list, tuple):
        return _sequence_difference(actual, expected, name, terms)
    if type(expected) is np.ndarray and expected.dtype.kind in "biufc":
        return (
            _type_problem(actual, expected, name)
            or _dtype_problem(actual, expected, name)
            or _shape_problem(actual, expected, name)
            or _finite_problem(actual, expected, name)
            or _value_problem(actual, expected, name, terms)
        )
    if is_tensor(expected):
        return _tensor_difference(actual, expected, name, terms)
    if number_kind(expected):
        return _number_difference(actual, expected, name, terms)
    raise TypeError(f"a test expects {describe(expected)}: only numbers and arrays are compared")


def _sequence_difference(
    actual: Any, expected: list[Any] | tuple[Any, ...], name: str, terms: _Terms
) -> str:
    if type(actual) is not type(expected):
        return f"{name} is {describe(actual)}, expected {with_article(type_name(expected))}"
    if len(actual) != len(expected):
        return f"{name} has length {len(actual)}, expected {len(expected)}"
    pairs = enumerate(zip(actual, expected, strict=True))
    problems = (_difference(a, e, f"{name}[{i}]", terms) for i, (a, e) in pairs)
    return next(filter(None, problems), "")


def _tensor_difference(actual: Any, expected: Any, name: str, terms: _Terms) -> str:
    array = as_array(actual) if is_tensor(actual) else None
    if array is not None:
        return _difference(array, as_array(expected), name, terms)
    wanted = f"a tensor of shape {tuple(expected.shape)}"
    if type_name(actual) in ("Tensor", "Parameter"):
        return f"{name} is a tensor that requires grad, expected {wanted} that does not"
    return f"{name} is {describe(actual)}, expected {wanted}"


def _number_difference(actual: Any, expected: Any, name: str, terms: _Terms) -> str:
    if type(actual) is np.ndarray and actual.shape == () and actual.dtype.kind in "biufc":
        actual = actual[()]
    kind, wanted = number_kind(actual), number_kind(expected)
    if not kind or kind not in _WELCOME[wanted]:
        return f"{name} is {describe(actual)}, expected {_KINDS[wanted]}"
    rtol, atol = terms.tolerances(np.dtype(type(expected)))
    if _numbers_agree(plain_number(actual), plain_number(expected), rtol, atol):
        return ""
    shown, shown_expected = show_pair(actual, expected)
    return f"{name} is {shown}, expected {shown_expected}{tolerance_line(rtol, atol)}"


def _numbers_agree(actual: complex, expected: complex, rtol: float, atol: float) -> bool:
    if actual == expected:
        return True
    try:
        if cmath.isnan(expected):
            return cmath.isnan(actual)
        return cmath.isfinite(expected) and abs(actual - expected) <= atol + rtol * abs(expected)
    except OverflowError:  # an integer beyond every float is not close to one
        return False


def _type_problem(actual: Any, expected: np.ndarray, name: str) -> str:
    if type(actual) is np.ndarray:
        return ""
    return f"{name} is {describe(actual)}, expected an array of shape {expected.shape}"


def _dtype_problem(actual: np.ndarray, expected: np.ndarray, name: str) -> str:
    if actual.dtype == expected.dtype:
        return ""
    reason = dtype_reason(actual.dtype, expected.dtype)
    return f"{name} has dtype {actual.dtype}, expected {expected.dtype}{reason}"


def _shape_problem(actual: np.ndarray, expected: np.ndarray, name: str) -> str:
    if actual.shape == expected.shape:
        return ""
    return f"{name} has shape {actual.shape}, expected {expected.shape}"


def _finite_problem(actual: np.ndarray, expected: np.ndarray, name: str) -> str:
    bad = ~np.isfinite(actual) & np.isfinite(expected)
    if not bad.any():
        return ""
    first = np.unravel_index(int(np.argmax(bad)), bad.shape)
    count = int(np.count_nonzero(bad))
    share = f"{count} of {bad.size} elements {'is' if count == 1 else 'are'} NaN or infinite"
    return f"{name} contains {show_number(actual[first])} at {show_index(first) or '()'} ({share})"


def _value_problem(actual: np.ndarray, expected: np.ndarray, name: str, terms: _Terms) -> str:
    rtol, atol = terms.tolerances(expected.dtype)
    error = _absolute_error(actual, expected)
    wrong = _wrong(error, actual, expected, rtol, atol)
    if not wrong.any():
        return ""
    worst = np.unravel_index(int(np.argmax(np.where(wrong, error, -1.0))), wrong.shape)
    shown, shown_expected = show_pair(actual[worst], expected[worst])
    share = f"{np.count_nonzero(wrong)} of {wrong.size} elements"
    lines = [
        f"{name} differs from what is expected ({share})",
        f"  worst: {name}{show_index(worst)} is {shown}, expected {shown_expected}",
    ]
    if terms.picture and is_image(expected):
        lines.append(f"  where: {where_it_differs(wrong)}")
    readable = expected.ndim in (1, 2) and 1 < expected.size <= _SMALL
    arrays = show_arrays(actual, expected) if readable else ""
    return "\n".join(lines) + tolerance_line(rtol, atol) + arrays


def _absolute_error(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """|actual − expected| of two arrays of one dtype, without wrapping; infinity for NaN."""
    if expected.dtype.kind == "b":
        return np.asarray(actual != expected, dtype=np.float64)
    if expected.dtype.kind in "iu":
        # Two integers are less than 2**64 apart, and uint64 counts modulo 2**64,
        # so the larger minus the smaller is exact whatever the two casts do.
        larger, smaller = np.maximum(actual, expected), np.minimum(actual, expected)
        return np.asarray(larger.astype(np.uint64) - smaller.astype(np.uint64))
    wide = np.result_type(expected.dtype, np.float64)
    with np.errstate(all="ignore"):
        error = np.abs(actual.astype(wide) - expected.astype(wide))
    return np.asarray(np.where(np.isnan(error), np.inf, error))


def _wrong(
    error: np.ndarray, actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float
) -> np.ndarray:
    wide = np.result_type(expected.dtype, np.float64)
    with np.errstate(all="ignore"):
        allowed = atol + rtol * np.abs(expected.astype(wide))
        close = (error <= allowed) & np.isfinite(expected)  # not `>`: NaN must count as wrong
    same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
    return np.asarray(~(close | same))


def _picture(actual: Any, expected: Any, name: str) -> Picture | None:
    if type(actual) is not np.ndarray or actual.size > _LARGEST_PICTURE:
        return None
    if is_image(actual) and is_image(expected):
        return Images(actual.copy(), expected.copy(), name)
    if is_curve(actual) and is_curve(expected):
        return Curves(actual.copy(), expected.copy(), name)
    return None
