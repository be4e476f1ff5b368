"""Compare a gradient with central differences, and name the cause when it is wrong.

The difference quotient is the grader's own; a student's function is only ever
evaluated. It may live in another process, so it is called as seldom as possible:
about twenty times when the gradient is right, however many elements it has.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.causes import name_cause, shape_cause
from grader.checks.comparison import Comparison, Precision
from grader.checks.evidence import Evidence
from grader.checks.failure import Answer, CheckFailure
from grader.checks.functions import Function
from grader.checks.slopes import Slopes
from grader.checks.words import (
    describe,
    dtype_reason,
    number_kind,
    show_index,
    show_number,
    show_pair,
    tolerance_line,
)

_RTOL = {np.dtype(np.float64): 1e-6, np.dtype(np.float32): 5e-4}


def assert_gradient(
    f: Callable[[Any], Any],
    x: np.ndarray | float,
    gradient: Any,
    *,
    upstream: np.ndarray | None = None,
    name: str = "gradient",
    of: str = "the loss",
    hint: str = "",
    rng: np.random.Generator | None = None,
    rtol: float | None = None,
    atol: float = 0.0,
    sizes: Mapping[str, float] | None = None,
    suspects: Mapping[str, Any] | None = None,
    parts: Sequence[np.ndarray] = (),
) -> None:
    """Fail unless `gradient` is the gradient of `f` at `x`; say why it is not.

    Parameters
    ----------
    f : callable
        A function of one array (or number) like `x`, giving a number or an array.
        It is called with float64 if it takes that, whatever the dtype of `x`.
    x : ndarray of float64 or float32, or float
        Where the gradient was computed; never changed.
    gradient : ndarray of the dtype and shape of `x`, or float; or callable
        What a student's function gave. A callable is given a random upstream
        gradient, of the shape of ``f(x)``, and returns the gradient.
    upstream : ndarray of the shape of f(x), optional
        The gradient is then that of ``sum(upstream * f(x))``. Use random numbers:
        an upstream gradient of ones hides a wrong softmax.
    name, of : str
        What the message calls the gradient, and what it is the gradient of.
    hint : str
        What a student should think about; it follows the cause, if one is found.
    rng : Generator, optional
        Draws the directions; always the same ones if left out.
    rtol, atol : float, optional
        How close the gradient must be, beside the measured error of the quotient.
        `rtol` is 1e-6 (float64) or 5e-4 (float32), relative to the slope along a
        direction, or to the gradient's length in it if that is larger.
    sizes : mapping of str to float, optional
        What numbers are called, such as ``{"N": 12, "l2": 0.1}``, so that a factor
        N or a missing penalty is named. Lengths of axes are known without.
    suspects : mapping of str to ndarray, optional
        Foreseen wrong gradients, by the sentence that tells their cause.
    parts : sequence of ndarray, optional
        Contributions whose sum is the gradient; one alone was overwritten.

    Raises
    ------
    CheckFailure
        If the gradient has another type, dtype or shape, is not finite, or is
        wrong; also if `f` gives no finite number, or has kinks all over.

    Notes
    -----
    Elements at which `f` has a kink (ReLU, maximum) are recognised and left out.
    A function that takes float32 only and has many kinks is measured to a few per
    cent: let it take float64.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> assert_gradient(lambda x: np.sum(x**2), x, 2 * x)
    >>> assert_gradient(lambda x: np.sum(x**2), x, -2 * x, of="the sum of squares")
    Traceback (most recent call last):
    grader.checks.failure.CheckFailure: gradient is not the gradient of the sum of squares \
(3 of 3 elements differ)
      worst: gradient[2] is -6, central differences give 6
      tolerance: 6e-08 + 1e-06 * |expected|
      hint: This is minus the gradient: a sign is wrong, or it points uphill where it should not.
    """
    __tracebackhide__ = True
    point = _checked_point(x)
    rng = np.random.default_rng(0) if rng is None else rng
    has_upstream = upstream is not None or callable(gradient)
    function = Function(f, x, "the output" if has_upstream else of)
    if callable(gradient):
        upstream = np.asarray(rng.standard_normal(function.value.shape))
        gradient = gradient(upstream)
    weights = _weights(upstream, function.value.shape, function.of)
    problem, reason = _problem(gradient, x, name)
    if problem:
        raise CheckFailure(problem, _join(reason, hint), answer=Answer(name, gradient))
    claimed = np.asarray(gradient, dtype=np.float64)
    precision = Precision(
        rtol=_RTOL[point.dtype] if rtol is None else rtol,
        atol=atol,
        eps=float(np.finfo(point.dtype).eps),
    )
    comparison = Comparison(_slopes(function, weights), point, claimed, precision, rng)
    evidence = comparison.examine()
    if evidence is None:
        return
    evidence = replace(
        evidence,
        name=name,
        lengths=tuple(_lengths(name, claimed.shape, weights.shape)),
        sizes=sizes or {},
        suspects=suspects or {},
        parts=parts,
    )
    message = _message(evidence, of, comparison)
    reason = name_cause(evidence)
    raise CheckFailure(
        message, _join(reason, hint), evidence.picture(), answer=Answer(name, gradient)
    )


def _checked_point(x: Any) -> np.ndarray:
    """Give x as an array; it comes from the author of the test."""
    point = np.asarray(x)
    if point.dtype not in _RTOL or not point.size or not np.isfinite(point).all():
        raise TypeError(f"x is {describe(x)}: it must be finite float64 or float32, and not empty")
    return point


def _weights(upstream: Any, shape: tuple[int, ...], of: str) -> np.ndarray:
    """Give the numbers by which the elements of the output are multiplied before the sum."""
    weights = np.asarray(1.0 if upstream is None else upstream, dtype=np.float64)
    if weights.shape == shape:
        return weights
    wanted = f"shape {weights.shape}" if weights.shape else "a number"
    raise CheckFailure(f"{of} is an array of shape {shape}, expected {wanted}")


def _problem(gradient: Any, x: Any, name: str) -> tuple[str, str]:
    """Say what is wrong with the type, dtype, shape or finiteness of a gradient, and why."""
    if gradient is None:
        return f"{name} is None", "Is a `return` missing?"
    if number_kind(x) and number_kind(gradient) == "f":
        gradient = np.asarray(gradient, dtype=np.float64)
    expected = np.asarray(x)
    if type(gradient) is not np.ndarray:
        wanted = "a float" if number_kind(x) else f"an array of shape {expected.shape}"
        return f"{name} is {describe(gradient)}, expected {wanted}", ""
    if gradient.dtype != expected.dtype:
        reason = dtype_reason(gradient.dtype, expected.dtype)
        return f"{name} has dtype {gradient.dtype}, expected {expected.dtype}{reason}", ""
    if gradient.shape != expected.shape:
        problem = f"{name} has shape {gradient.shape}, expected {expected.shape}"
        return problem, shape_cause(gradient.shape, expected.shape)
    bad = ~np.isfinite(gradient)
    if bad.any():
        first = np.unravel_index(int(np.argmax(bad)), bad.shape)
        place = f"{name}{show_index(first)}"
        share = f"{np.count_nonzero(bad)} of {bad.size} elements are NaN or infinite"
        return f"{place} is {show_number(gradient[first])} ({share})", ""
    return "", ""


def _slopes(function: Function, weights: np.ndarray) -> Slopes:
    def rise(displacement: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            return float(np.sum(weights * (function.near(displacement) - function.value)))

    noise = function.eps * float(np.linalg.norm(weights * function.value))
    return Slopes(rise, noise, function.eps)


def _lengths(
    name: str, shape: tuple[int, ...], upstream: tuple[int, ...]
) -> Iterator[tuple[int, str]]:
    """Give the lengths of axes, and what to call them."""
    for whose, lengths in ((name, shape), ("the upstream gradient", upstream)):
        for axis, length in enumerate(lengths):
            words = ("rows", "columns")[axis] if len(lengths) == 2 else ""
            number = f"number of {words}" if words else f"length of axis {axis}"
            yield length, f"the {number} of {whose}"


def _message(evidence: Evidence, of: str, comparison: Comparison) -> str:
    name, wrong = evidence.name, evidence.wrong
    headline = f"{name} is not the gradient of {of}"
    if not wrong.any():  # too little, or too rare, to be found in a single element
        claimed, slope = show_pair(*comparison.along)
        return (
            f"{headline}\n  in a random direction it gives {claimed}, central differences {slope}"
        )
    looked_at = "" if wrong.size == evidence.gradient.size else " looked at"
    error = np.where(wrong, np.abs(evidence.got - evidence.measured), -1.0)
    worst = np.unravel_index(int(np.argmax(error)), error.shape)
    place = tuple(np.ravel(i)[k] for i, k in zip(evidence.grid, worst, strict=True))
    shown, expected = show_pair(evidence.got[worst], evidence.measured[worst])
    return (
        f"{headline} ({np.count_nonzero(wrong)} of {wrong.size} elements{looked_at} differ)\n"
        f"  worst: {name}{show_index(place)} is {shown}, central differences give {expected}"
        f"{tolerance_line(evidence.rtol, evidence.atol)}"
    )


def _join(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
