"""Say what the wrong elements of a gradient have in common.

Each function recognises one pattern and gives a predicate: "is minus the
gradient: …". A pattern must fit every element that is wrong.
"""

import itertools
import math
from collections.abc import Iterator

import numpy as np

from grader.checks.evidence import Evidence

_FEW = 2  # elements that may agree with a pattern by chance
_CONSTANTS = {
    2.0: "twice the gradient: is a factor ½ of the function left out, or something counted twice?",
    0.5: "half the gradient: is the 2 from a square left out, or one of two uses overwritten?",
    math.log(2): (
        "ln 2 = 0.693 times the gradient: the function uses the logarithm to base 2, the gradient"
        " belongs to the natural one."
    ),
    1 / math.log(2): (
        "1 / ln 2 = 1.443 times the gradient: the gradient belongs to the logarithm to base 2,"
        " the function uses the natural one."
    ),
}
_SUMMED = "this belongs to a sum; if the function is a mean, its gradient is divided like it."
_DIVIDED = "it was divided once too often, or averaged where it must be summed."
_PENALTIES = {  # by the surplus, as a fraction of the whole term
    -1.0: "lacks the term {term}, which comes from the L2 penalty.",
    -0.5: "has half of the term {term}: the derivative of ½ * w² is w.",
    1.0: (
        "has the term {term} once too often: the derivative of ½ * w² is w. Is this part of the"
        " weights left out of the penalty?"
    ),
    -2.0: "subtracts the term {term}, which must be added.",
}


def describe_deviation(evidence: Evidence) -> str:
    """Give the predicate of the first pattern that fits; an empty text if none does."""
    patterns = (_zero, _factor, _unmasked, _one_per_row, _penalty, _offset)
    return next(filter(None, (pattern(evidence) for pattern in patterns)), "")


def _zero(evidence: Evidence) -> str:
    if np.any(evidence.got[evidence.wrong]):
        return ""
    return "is zero: was it never computed, overwritten, or cut off (detached) on the way?"


def _factor(evidence: Evidence) -> str:
    """Recognise a multiple of the gradient."""
    ours, theirs = evidence.got[evidence.wrong], evidence.measured[evidence.wrong]
    squares = float(np.dot(theirs, theirs))
    factor = float(np.dot(ours, theirs)) / squares if squares else 0.0
    if not factor or not evidence.same(evidence.got, factor * evidence.measured, evidence.wrong):
        return ""
    words = _name_factor(abs(factor), evidence)
    if _near(factor, -1.0, evidence):
        return "is minus the gradient: a sign is wrong, or it points uphill where it should not."
    if words:
        return f"is minus {words}" if factor < 0 else f"is {words}"
    if ours.size <= _FEW or _near(factor, 1.0, evidence):
        return ""
    return f"is {factor:.4g} times the gradient: a constant factor is wrong."


def _name_factor(size: float, evidence: Evidence) -> str:
    factors = itertools.chain(_CONSTANTS.items(), _quantities(evidence))
    return next((words for value, words in factors if _near(size, value, evidence)), "")


def _near(value: float, other: float, evidence: Evidence) -> bool:
    return abs(value - other) <= 10 * evidence.precision * abs(other)


def _quantities(evidence: Evidence) -> Iterator[tuple[float, str]]:
    """Give the factors that a forgotten or doubled division leads to, in words."""
    sizes = [(float(n), name) for name, n in evidence.sizes.items() if n > 1 and n == int(n)]
    lengths = [(float(length), words) for length, words in evidence.lengths]
    pairs = itertools.combinations_with_replacement(sizes, 2)
    products = [(v * w, f"{a} * {b}") for (v, a), (w, b) in pairs]
    for value, words in sizes + lengths + products:
        if value > 1:
            why = f"{value:g}, and {value:g} is {words}"
            yield value, f"the gradient times {why}: {_SUMMED}"
            yield 1 / value, f"the gradient divided by {why}: {_DIVIDED}"
    for (v, a), (w, b) in itertools.permutations(sizes, 2):
        yield v / w, f"{a} / {b} times the gradient: divide by {a}, which is {v:g} here."


def _unmasked(evidence: Evidence) -> str:
    """Recognise a gradient that passes where it must be stopped, as by ReLU."""
    wrong, right = evidence.wrong, evidence.known & ~evidence.wrong
    zero = np.abs(evidence.measured) <= evidence.tolerance
    if np.any(wrong & ~zero) or not np.any(right & ~zero) or np.count_nonzero(wrong) <= _FEW:
        return ""
    return (
        "is not zero where the gradient is zero, and right elsewhere: something that stops the"
        " gradient (the mask of a ReLU, a maximum) is left out."
    )


def _one_per_row(evidence: Evidence) -> str:
    """Recognise a one-hot term that was not subtracted."""
    wrong, off = evidence.wrong, _difference(evidence)
    if wrong.ndim != 2 or np.max(wrong.sum(axis=1)) > 1 or np.count_nonzero(wrong) < 2:
        return ""
    if not (~wrong & evidence.known).any() or not _all_equal(off[wrong], evidence):
        return ""
    return (
        f"is off by the same {off[wrong].mean():.4g} in one element of each row: was the one-hot"
        " label (1 at the correct class) not subtracted?"
    )


def _penalty(evidence: Evidence) -> str:
    """Recognise a missing or additional term that is proportional to x."""
    x, off = evidence.x[evidence.grid], _difference(evidence)
    at_wrong, off_wrong = x[evidence.wrong], off[evidence.wrong]
    squares = float(np.dot(at_wrong, at_wrong))
    if at_wrong.size <= _FEW or not squares or _all_equal(at_wrong, evidence):
        return ""
    factor = float(np.dot(at_wrong, off_wrong)) / squares
    if not evidence.same(off, factor * x, evidence.wrong):
        return ""
    variable = evidence.name[1:] if evidence.name[1:] and evidence.name[0] == "d" else "x"
    for name, size in evidence.sizes.items():
        for share, words in _PENALTIES.items():
            if size and abs(factor / size - share) <= 1e-2:
                return words.format(term=f"{name} * {variable}")
    way = "lacks a term" if factor < 0 else "has a term too many"
    return f"{way}, {abs(factor):.4g} * {variable}, as it comes from an L2 penalty."


def _offset(evidence: Evidence) -> str:
    """Recognise a difference that is the same number everywhere, or along an axis."""
    off, wrong = _difference(evidence), evidence.wrong
    if np.count_nonzero(wrong) > _FEW and _all_equal(off[wrong], evidence):
        return f"is off by the same {off[wrong].mean():.4g}: a constant term is wrong."
    for axis in range(off.ndim):
        if off.shape[axis] <= _FEW or not wrong.all():
            continue
        mean = np.broadcast_to(off.mean(axis=axis, keepdims=True), off.shape)
        if evidence.same(off, mean, wrong):
            return (
                f"is off by a number that does not change along axis {axis}: a term that is summed"
                " over this axis is missing, or too many."
            )
    return ""


def _difference(evidence: Evidence) -> np.ndarray:
    return np.asarray(np.where(evidence.known, evidence.got - evidence.measured, 0.0))


def _all_equal(values: np.ndarray, evidence: Evidence) -> bool:
    """Whether numbers are the same, as far as the measurement can tell."""
    largest = float(np.max(np.abs(values)))
    allowed = evidence.precision * largest + 2 * evidence.atol
    return bool(np.ptp(values) <= min(allowed, 0.1 * largest))
