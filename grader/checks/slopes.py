"""Measure how steep a function is, and how far off the measurement may be.

A central difference is wrong for three reasons: the step is too long for the
curve, too short for the rounding of the function's values, or it meets a kink
(ReLU, maximum). Five points on a line tell all three: their third difference
shows the curve, their fourth a kink, and both show the rounding. So every slope
carries an error that was measured, and the step is the one that makes it small.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

# Powers of ten by which the usual step is made longer or shorter, likeliest first:
# shorter where a network has many kinks, longer where single precision hides inside.
_LADDER = (0, -1, -2, 1, -3, 2, -4, -5, -6)
_CLEARLY = 0.3  # at a kink all steps are about equally bad, and the usual one is kept
_SECOND_LOOK = 0.37  # no simple fraction: a kink must not fall on the same place in both


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A derivative along a direction."""

    value: float
    error: float  # how far off `value` may be; infinity if the function was not finite nearby
    rounding: float  # the part of the error that comes with the function's last digit
    step: float
    moved: bool  # whether the function changed at all


class Slopes:
    """The slopes of a function from one point.

    Parameters
    ----------
    rise : callable
        Maps a displacement from the point to how much the function rises.
    noise : float
        The rounding error of one rise, at least.
    eps : float
        The precision of the numbers that the function computes with.
    """

    def __init__(self, rise: Callable[[np.ndarray], float], noise: float, eps: float) -> None:
        self._rise = rise
        self._noise = noise
        self.eps = eps
        self._step = eps**0.25  # curve: step², rounding: eps/step; both small for float32 too
        self._order = list(_LADDER)

    def along(self, direction: np.ndarray, precision: float, size: float = 0.0) -> Slope:
        """Measure with one step after the other until the error is small enough.

        Parameters
        ----------
        direction : ndarray of float64
            Moved along, in both senses.
        precision : float
            The error that is small enough, as a fraction of the slope or of `size`.
        size : float
            How steep the function may be in other such directions.

        Returns
        -------
        Slope
            The one with the smallest error, if none is small enough.
        """
        slopes: dict[int, Slope] = {}
        for exponent in list(self._order):
            slope = self.with_step(direction, self._step * 10.0**exponent)
            slopes[exponent] = slope
            if slope.moved and slope.error <= precision * max(abs(slope.value), size):
                self._prefer(exponent)  # the next direction is probably like this one
                return slope
        # Where nothing moved, the step may have been lost in rounding x.
        usable = [e for e in slopes if slopes[e].moved] or list(slopes)
        best = min(usable, key=lambda exponent: slopes[exponent].error)
        if slopes[best].error < _CLEARLY * slopes[usable[0]].error:
            self._prefer(best)
        return slopes[best]

    def _prefer(self, exponent: int) -> None:
        self._order.remove(exponent)
        self._order.insert(0, exponent)

    def usual(self, direction: np.ndarray) -> Slope:
        """Measure once, with the step that sufficed last."""
        return self.with_step(direction, self._step * 10.0 ** self._order[0])

    def once_more(self, direction: np.ndarray, slope: Slope) -> Slope:
        """Measure again with another step; where the two differ, that is error too."""
        again = self.with_step(direction, slope.step * _SECOND_LOOK)
        error = slope.error + again.error + abs(slope.value - again.value)
        return replace(again, error=_or_infinity(error))

    def reach(self, displacement: np.ndarray) -> float:
        """Say how far the function rises or falls on a long way, there and back.

        Near a flat place this tells how large the numbers are from whose rounding
        the function, and whoever differentiates it, cannot escape.
        """
        rises = [abs(self._rise(sign * displacement)) for sign in (-1.0, 1.0)]
        return max((rise for rise in rises if math.isfinite(rise)), default=0.0)

    def with_step(self, direction: np.ndarray, step: float) -> Slope:
        """Measure with five points: the fourth-order central difference, and its error."""
        rises = [self._rise(factor * step * direction) for factor in (-2.0, -1.0, 1.0, 2.0)]
        behind2, behind, ahead, ahead2 = rises
        with np.errstate(all="ignore"):
            value = (8 * (ahead - behind) - (ahead2 - behind2)) / (12 * step)
            curve = abs(ahead2 - 2 * ahead + 2 * behind - behind2) / 12
            kink = abs(ahead2 - 4 * ahead - 4 * behind + behind2) / 4
            rounding = self._noise / step
            error = _or_infinity((curve + kink) / step + rounding)
        return Slope(value=value, error=error, rounding=rounding, step=step, moved=any(rises))


def _or_infinity(error: float) -> float:
    return error if math.isfinite(error) else math.inf
