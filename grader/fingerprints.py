"""Fingerprints of wrong answers: equal answers are found again, and none can be read off.

The fingerprint of an answer is a hash over the test that rejected it, what the
test calls it, and, for each array in it, its dtype, its shape, its largest
magnitude and a few projections on seeded random vectors. The numbers are rounded
first, so that the same mistake written in another style has the same fingerprint.
Students' packages hold fingerprints of known mistakes: three projections say
whether an array of hundreds is the same, and the hash hides even them.

Trust: an answer may be any object that a student's code could make. Only exact
types are looked into; anything else has no fingerprint.
"""

import cmath
import hashlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from grader.checks.failure import Answer
from grader.checks.words import is_exactly, number_kind, plain_number
from grader.tensors import as_array

_PROJECTIONS: Final = 3
_DIGITS: Final = {"f2": 1, "f4": 3, "c8": 3}  # that rounding errors leave alone
_USUAL_DIGITS: Final = 6
_NOTHING: Final = 1e-12  # what is left of a sum that should be 0 is smaller
_LARGEST: Final = 1_000_000  # elements; more would cost more time than the test
_TELLS_NOTHING: Final = {-1.0, 0.0, 1.0}  # numbers that many mistakes come to


def fingerprint(test: str, answer: Answer) -> str:
    """Return the fingerprint of a wrong answer; '' if it has none.

    Parameters
    ----------
    test : str
        The test that rejected it: the same answer in two tests is two mistakes.
    answer : Answer
        Numbers and arrays, and lists, tuples and dicts of them, have a fingerprint,
        unless they would not tell one mistake from another: a single 0 or 1, or
        an array whose elements are all the same.
    """
    try:
        parts = list(_parts(answer.value))
    except (_NoFingerprint, RecursionError):
        return ""
    if not any(informative for _, informative in parts):
        return ""
    words = [test, answer.name, *(text for text, _ in parts)]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


class _NoFingerprint(Exception):  # noqa: N818  (a decision, not an error)
    """There is something in an answer that is not data."""


def _parts(value: Any) -> Iterator[tuple[str, bool]]:
    """Yield a text for each part of an answer, and whether it tells mistakes apart."""
    if is_exactly(value, list, tuple):
        yield f"{len(value)} items", False
        for item in value:
            yield from _parts(item)
    elif is_exactly(value, dict):
        for key, item in value.items():
            yield f"key {key!r}" if type(key) in (str, int) else "a key", False
            yield from _parts(item)
    elif value is None or is_exactly(value, str):
        yield "a word", False
    elif (array := as_array(value)) is not None and array.dtype.kind in "biufc":
        yield _array(array)
    elif number_kind(value):
        yield _number(plain_number(value))
    else:
        raise _NoFingerprint


def _number(value: complex) -> tuple[str, bool]:
    """Describe a number: 3, 3.0 and an array of shape () that holds 3 are the same."""
    try:
        number = complex(value)
    except OverflowError:
        raise _NoFingerprint from None
    parts = [0.0 if abs(part) < _NOTHING else part for part in (number.real, number.imag)]
    text = " ".join(f"{part:.{_USUAL_DIGITS}e}" for part in parts)
    return text, cmath.isfinite(number) and complex(*parts) not in _TELLS_NOTHING


def _array(array: np.ndarray) -> tuple[str, bool]:
    if array.shape == ():
        return _number(array[()].item())
    if not 0 < array.size <= _LARGEST:
        raise _NoFingerprint
    digits = _DIGITS.get(array.dtype.str[1:], _USUAL_DIGITS)
    wide = np.complex128 if array.dtype.kind == "c" else np.float64
    numbers = array.ravel().astype(wide).view(np.float64)
    finite = np.where(np.isfinite(numbers), numbers, 0.0)
    largest = float(np.max(np.abs(finite)))
    if largest < _NOTHING:
        raise _NoFingerprint
    scaled = finite / largest
    strange = np.isnan(numbers) + 2.0 * np.isposinf(numbers) + 3.0 * np.isneginf(numbers)
    words = [array.dtype.str, str(array.shape), f"{largest:.{digits}e}"]
    for values in (scaled / np.sqrt(numbers.size), strange):
        # Adding 0.0 turns the -0.0 of a rounding error into 0.0.
        words += [f"{round(float(p), digits) + 0.0:.{digits}f}" for p in _project(values)]
    return " ".join(words), bool(np.ptp(scaled) > _NOTHING)


def _project(values: np.ndarray) -> np.ndarray:
    """Project on random vectors, from a stream of bits that no version of NumPy changes."""
    raw = np.random.PCG64(values.size).random_raw(_PROJECTIONS * values.size)
    vectors = raw.astype(np.float64).reshape(_PROJECTIONS, values.size) / 2.0**63 - 1.0
    return np.asarray(vectors @ values)
