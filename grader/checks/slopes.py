"""Measure how steep a function is, and how far off the measurement may be.

A central difference is wrong for three reasons: the step is too long for the
curve, too short for the rounding of the function's values, or it meets a kink
(ReLU, maximum). Five points on a line tell all three: their third difference
shows the curve, their fourth a kink, and both show the rounding. So every slope
carries an error that was measured, and the step is the one that makes it small.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Powers of ten by which the usual step is made longer or shorter, likeliest first:
# shorter where a network has many kinks, longer where single precision hides inside.
_LADDER = (0, -1, -2, 1, -3, 2, -4, -5, -6)
_SECOND_LOOK = 0.37  # no simple fraction: a kink must not fall on the same place in both


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """A derivative along a direction."""

    value: float
    error: float  # how far off `value` may be; infinity if the function was not finite nearby
    step: float


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
        slopes = []
        for exponent in list(self._order):
            slope = self.with_step(direction, self._step * 10.0**exponent)
            slopes.append(slope)
            if slope.error <= precision * max(abs(slope.value), size):
                self._order.remove(exponent)
                self._order.insert(0, exponent)  # the next direction is probably like this one
                return slope
        return min(slopes, key=lambda slope: slope.error)

    def usual(self, direction: np.ndarray) -> Slope:
        """Measure once, with the step that sufficed last."""
        return self.with_step(direction, self._step * 10.0 ** self._order[0])

    def once_more(self, direction: np.ndarray, slope: Slope) -> Slope:
        """Measure again with another step; where the two differ, that is error too."""
        again = self.with_step(direction, slope.step * _SECOND_LOOK)
        error = slope.error + again.error + abs(slope.value - again.value)
        return Slope(value=again.value, error=_or_infinity(error), step=again.step)

    def reach(self, direction: np.ndarray) -> float:
        """Say how far the function rises or falls on a long way in `direction`.

        Near a flat place this tells how large the numbers are from whose rounding
        the function, and whoever differentiates it, cannot escape.
        """
        rises = [abs(self._rise(sign * direction)) for sign in (-1.0, 1.0)]
        return max((rise for rise in rises if math.isfinite(rise)), default=0.0)

    def with_step(self, direction: np.ndarray, step: float) -> Slope:
        """Measure with five points: the fourth-order central difference, and its error."""
        behind2, behind, ahead, ahead2 = (
            self._rise(factor * step * direction) for factor in (-2.0, -1.0, 1.0, 2.0)
        )
        with np.errstate(all="ignore"):
            value = (8 * (ahead - behind) - (ahead2 - behind2)) / (12 * step)
            curve = abs(ahead2 - 2 * ahead + 2 * behind - behind2) / 12
            kink = abs(ahead2 - 4 * ahead - 4 * behind + behind2) / 4
            error = (curve + kink + self._noise) / step
        return Slope(value=value, error=_or_infinity(error), step=step)


def _or_infinity(error: float) -> float:
    return error if math.isfinite(error) else math.inf
