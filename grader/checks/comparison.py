"""Compare a gradient with the slopes of its function.

A few random directions decide: what is wrong with one element of 50 000 shows
in the slope along every one of them. Only when a direction disagrees are single
elements looked at, and then a bounded number. Where a direction meets a kink,
the elements are tried in groups, and those at the kink are left out.
"""

import itertools
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np

from grader.checks.evidence import Evidence
from grader.checks.failure import CheckFailure
from grader.checks.slopes import Slope, Slopes

_DIRECTIONS = 4
_SAFETY = 4.0  # the measured error of a slope is no strict bound
_BLUR = 1e-3  # of the slope: an error that large, or ten tolerances, comes from a kink
_LONG_WAY = 4.0  # times x, or 1: from a saturated softmax to the other side
_ROUNDING = 8.0  # so many times the last digit of the numbers inside is no kink yet
_GROUPS, _ROUNDS = 48, 2  # in which elements are tried when there is a kink
_ALL, _SOME = 64, 32  # up to so many elements are all looked at; otherwise so many
_NOTHING_LEFT = (
    "the gradient cannot be checked: the function has a kink, or jumps, at every element"
)


class _Verdict(Enum):
    AGREES = auto()
    DIFFERS = auto()
    UNCLEAR = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How close a gradient must be, and how precisely its numbers are written."""

    rtol: float
    atol: float
    eps: float


class Comparison:
    """One gradient, and the slopes that it should give.

    Attributes
    ----------
    along : tuple of float
        In the direction that differed: the slope claimed, and the slope measured.
    """

    def __init__(
        self,
        slopes: Slopes,
        x: np.ndarray,
        gradient: np.ndarray,
        precision: Precision,
        rng: np.random.Generator,
    ) -> None:
        self.along = (0.0, 0.0)
        self._reach = 0.0
        self._slopes = slopes
        self._x = x
        self._gradient = gradient
        self._precision = precision
        self._rng = rng
        # Large elements move further, but not so far that small ones do not count.
        self._scale = np.sqrt(np.maximum(1.0, np.abs(x)))

    def examine(self) -> Evidence | None:
        """Compare the slopes in random directions; give evidence if the gradient is wrong.

        Raises
        ------
        CheckFailure
            If there is a kink at every element, so that nothing can be compared.
        """
        if not self._differs():
            return None
        evidence = self._measure(_choose(self._gradient.shape, None, self._rng))
        if evidence.wrong.any():
            return evidence
        if evidence.measured.size == self._gradient.size:
            return None  # the elements have the last word
        return self._measure(_choose(self._gradient.shape, self._hunt(), self._rng))

    def _differs(self) -> bool:
        everywhere = np.ones(self._gradient.shape, dtype=bool)
        for _ in range(_DIRECTIONS):
            verdict = self._judge(everywhere)
            if verdict is _Verdict.UNCLEAR:
                return self._differs_in_groups()
            if verdict is _Verdict.DIFFERS:
                return True
        return False

    def _judge(self, mask: np.ndarray, *, quickly: bool = False) -> _Verdict:
        """Compare the slope in a random direction, in which the elements of `mask` move."""
        direction = self._rng.standard_normal(mask.shape) * self._scale * mask
        terms = self._gradient * direction
        claimed, size = float(np.sum(terms)), float(np.linalg.norm(terms))
        rtol = self._precision.rtol
        slope = (
            self._slopes.usual(direction)
            if quickly
            else self._slopes.along(direction, rtol / _SAFETY, size)
        )
        allowed = rtol * size + self._precision.atol * float(np.linalg.norm(direction))
        agrees = _agrees(claimed, slope, rtol, allowed)
        if agrees and not self._blurred(slope, size):
            return _Verdict.AGREES
        self._reach = self._reach or self._slopes.reach(_LONG_WAY * self._scale * direction)
        if not agrees:
            slope = self._slopes.once_more(direction, slope)
            allowed += self._precision.eps * self._reach
            if not _agrees(claimed, slope, rtol, allowed):
                self.along = claimed, slope.value
                return _Verdict.DIFFERS
        return _Verdict.UNCLEAR if self._blurred(slope, size) else _Verdict.AGREES

    def _blurred(self, slope: Slope, size: float) -> bool:
        """Whether a kink makes a slope useless; rounding is no kink, near a flat place least."""
        rounding = slope.rounding + self._slopes.eps * self._reach / slope.step
        limit = max(_BLUR, 10 * self._precision.rtol) * max(abs(slope.value), size)
        return _SAFETY * slope.error > limit + _SAFETY * _ROUNDING * rounding

    def _differs_in_groups(self) -> bool:
        """Try the elements in groups, the groups that meet a kink in smaller ones."""
        unclear = np.arange(self._gradient.size)
        for _ in range(_ROUNDS):
            count = min(_GROUPS, unclear.size)
            groups = np.array_split(self._rng.permutation(unclear), max(1, count))
            verdicts = [self._judge(self._only(group), quickly=True) for group in groups]
            if _Verdict.DIFFERS in verdicts:
                return True
            pairs = zip(groups, verdicts, strict=True)
            kinked = [group for group, verdict in pairs if verdict is _Verdict.UNCLEAR]
            unclear = np.concatenate([*kinked, unclear[:0]])
            if not kinked or len(kinked) == count:  # then smaller groups will not help
                break
        if unclear.size == self._gradient.size:
            raise CheckFailure(_NOTHING_LEFT)
        return False

    def _only(self, flat: np.ndarray) -> np.ndarray:
        mask = np.zeros(self._gradient.size, dtype=bool)
        mask[flat] = True
        return mask.reshape(self._gradient.shape)

    def _measure(self, grid: tuple[np.ndarray, ...]) -> Evidence:
        """Measure single elements; at a kink the result is NaN."""
        positions = list(itertools.product(*(np.ravel(indices) for indices in grid)))
        slopes = [self._slope_of(position) for position in positions]
        measured = np.array([slope.value for slope in slopes])
        error = _SAFETY * np.array([slope.error for slope in slopes])
        largest = np.max(np.abs(measured), where=np.isfinite(error), initial=0.0)
        clear = error <= max(1e-2 * largest, self._precision.atol)
        rounding = 1e-2 * self._precision.rtol * largest
        atol = self._precision.atol + rounding + np.max(error, where=clear, initial=0.0)
        return Evidence(
            gradient=self._gradient,
            x=np.asarray(self._x, dtype=np.float64),
            grid=grid,
            measured=np.where(clear, measured, np.nan).reshape([i.size for i in grid]),
            rtol=self._precision.rtol,
            atol=float(f"{atol:.0e}"),
        )

    def _slope_of(self, position: tuple[int, ...]) -> Slope:
        """Measure the derivative by one element."""
        direction, scale = np.zeros(self._gradient.shape), self._scale[position]
        direction[position] = scale
        slope = self._slopes.usual(direction)
        return replace(slope, value=slope.value / scale, error=slope.error / scale)

    def _hunt(self) -> tuple[int, ...]:
        """Find a wrong element by halving."""
        suspects = np.arange(self._gradient.size)
        while suspects.size > 1:
            first, second = np.array_split(suspects, 2)
            mask = self._only(first)
            direction = self._rng.standard_normal(mask.shape) * self._scale * mask
            terms, slope = self._gradient * direction, self._slopes.usual(direction)
            allowed = self._precision.rtol * float(np.linalg.norm(terms))
            right = _agrees(float(np.sum(terms)), slope, self._precision.rtol, allowed)
            suspects = second if right else first
        return tuple(int(i) for i in np.unravel_index(suspects[0], self._gradient.shape))


def _agrees(claimed: float, slope: Slope, rtol: float, allowed: float) -> bool:
    error = abs(claimed - slope.value)
    return error <= max(allowed, rtol * abs(slope.value)) + _SAFETY * slope.error


def _choose(
    shape: tuple[int, ...], around: tuple[int, ...] | None, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Choose elements: all of a small array, otherwise some rows and some columns.

    The first and the last of each axis are among them, as there is often a bias,
    and those of `around`.
    """
    counts = list(shape)
    while np.prod(counts) > (_ALL if np.prod(shape) <= _ALL else _SOME):
        counts[int(np.argmax(counts))] -= 1
    grid = []
    for axis, (length, count) in enumerate(zip(shape, counts, strict=True)):
        wanted = [around[axis]] if around else []
        order = dict.fromkeys([*wanted, length - 1, 0, *rng.permutation(length)])
        grid.append(np.sort(list(order)[:count]))
    return np.ix_(*grid)
