"""Say from a few accuracies how low, or how high, the next one may lie.

A training run depends on its random numbers, so a right solution has no accuracy but
a distribution of them. Of K runs we know the mean m and the standard deviation s. If
accuracies are normal and independent, the next one, y, makes

    (y - m) / (s * sqrt(1 + 1/K))

a Student t with K - 1 degrees of freedom, so that y lies below m - t * s * sqrt(1 + 1/K)
with exactly the chance that t has in its tail, however small K is: what is not known
of the true mean and deviation is counted in. A normal quantile would promise 1 in
10 000 and, with K = 10, keep 1 in 320.

The assumption is the normal distribution, tested where it would hurt: a bound never
lies inside what was seen, and `lies_apart` tells of a lowest value that a normal
distribution would hardly give. An accuracy is a whole number of images, so that the
deviation of a few runs may be 0 by rounding; that of rounding itself is added.

References
----------
Hahn and Meeker, *Statistical Intervals* (1991), chapter 4: a prediction bound for one
future observation. Abramowitz and Stegun, *Handbook of Mathematical Functions* (1964),
26.7.3 and 26.7.4: the distribution of t for whole degrees of freedom. Grubbs,
"Procedures for detecting outlying observations in samples", *Technometrics* 11 (1969).
"""

import math
from collections.abc import Sequence
from statistics import mean, stdev
from typing import Final

_RARE: Final = 0.01  # how often a normal sample has an outlier


def lower_bound(values: Sequence[float], chance: float, step: float) -> float:
    """Return the value that the next one falls below with this chance.

    Parameters
    ----------
    values : sequence of float
        At least two, drawn independently from one distribution.
    chance : float
        Above 0 and below 1/2.
    step : float
        What the values are multiples of: one image among all, above 0.
    """
    margin = t_quantile(chance, len(values) - 1) * _spread(values, step)
    return min(*values, mean(values) - margin)


def upper_bound(values: Sequence[float], chance: float, step: float) -> float:
    """Return the value that the next one exceeds with this chance."""
    return -lower_bound([-value for value in values], chance, step)


def chance_below(values: Sequence[float], limit: float, step: float) -> float:
    """Return the chance that the next value falls below a limit."""
    return t_tail((mean(values) - limit) / _spread(values, step), len(values) - 1)


def lies_apart(values: Sequence[float]) -> bool:
    """Tell whether the lowest value lies farther out than a normal distribution's would."""
    K, deviation = len(values), stdev(values)
    if K < 4 or deviation == 0:
        return False
    t = t_quantile(_RARE / K, K - 2)
    farthest = (K - 1) / math.sqrt(K) * math.sqrt(t * t / (K - 2 + t * t))
    return (mean(values) - min(values)) / deviation > farthest


def t_quantile(chance: float, freedom: int) -> float:
    """Return what Student's t exceeds with this chance, which is below 1/2."""
    low, high = 0.0, 1.0
    while t_tail(high, freedom) > chance:
        high *= 2
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if t_tail(middle, freedom) > chance else (low, middle)
    return high


def t_tail(t: float, freedom: int) -> float:
    """Return the chance that Student's t exceeds `t`; `freedom` is a whole number above 0."""
    angle = math.atan2(t, math.sqrt(freedom))
    odd = freedom % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for k in range(odd + 1, freedom, 2):
        total += term
        term *= math.cos(angle) ** 2 * k / (k + 1)
    inside = math.sin(angle) * total
    if odd:
        inside = (angle + inside) * 2 / math.pi
    return (1 - inside) / 2


def _spread(values: Sequence[float], step: float) -> float:
    """Return the standard deviation of a next value's distance from the mean of these."""
    deviation = math.hypot(stdev(values), step / math.sqrt(12))
    return deviation * math.sqrt(1 + 1 / len(values))
