"""The bounds of a calibration: right where they can be checked, and never inside what was seen."""

import numpy as np
import pytest
from scipy import optimize, stats

from grader.authoring.bounds import (
    chance_below,
    lies_apart,
    lower_bound,
    t_quantile,
    t_tail,
    upper_bound,
)

TINY = 1e-9


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 19, 20, 99])
def test_students_t_is_that_of_scipy(freedom):
    """In the tail, in the middle and on the other side."""
    for t in (-3.0, 0.0, 0.5, 2.5, 6.0):
        assert t_tail(t, freedom) == pytest.approx(stats.t.sf(t, freedom), rel=1e-9)
    for chance in (0.3, 0.01, 1e-4, 1e-6):
        assert t_quantile(chance, freedom) == pytest.approx(stats.t.isf(chance, freedom), rel=1e-7)


def test_a_bound_keeps_its_promise():
    """Of the next values of many small samples, as many fall below as was said."""
    draws = np.random.default_rng(1).normal(0.9, 0.01, (6000, 6))
    below = sum(row[0] < lower_bound(row[1:].tolist(), 0.1, TINY) for row in draws)
    assert below / len(draws) == pytest.approx(0.1, abs=4 * np.sqrt(0.1 * 0.9 / len(draws)))


def test_a_bound_lies_beyond_what_was_seen():
    """However many runs say that a value is rare, it has happened."""
    values = [0.9 + 0.001 * (-1) ** n for n in range(200)] + [0.8]
    assert lower_bound(values, 0.01, TINY) == 0.8
    assert upper_bound([1 - value for value in values], 0.01, TINY) == pytest.approx(0.2)


def test_above_and_below_are_alike():
    """An upper bound is a lower bound upside down, and a bound has the chance it was made for."""
    values = [0.91, 0.92, 0.905, 0.915, 0.91]
    low, high = lower_bound(values, 1e-4, TINY), upper_bound(values, 1e-4, TINY)
    assert low + high == pytest.approx(2 * np.mean(values))
    assert low == pytest.approx(
        np.mean(values) - stats.t.isf(1e-4, 4) * np.std(values, ddof=1) * np.sqrt(6 / 5)
    )
    assert chance_below(values, low, TINY) == pytest.approx(1e-4)
    assert chance_below(values, high, TINY) == pytest.approx(1 - 1e-4)


def test_equal_accuracies_are_known_to_an_image_only():
    """Five times 327 of 360 does not promise 327 of 360 forever."""
    values = [327 / 360] * 5
    assert 320 / 360 < lower_bound(values, 1e-4, 1 / 360) < 326 / 360
    assert chance_below(values, 327 / 360, 1 / 360) == pytest.approx(0.5)


def test_an_outlier_is_told_from_a_low_value():
    """By Grubbs' test: his table has 2.884 for the lowest of 20, at 1 in 100."""
    others = np.linspace(-1, 1, 19)

    def distance(low):
        sample = [*others, low]
        return (np.mean(sample) - low) / np.std(sample, ddof=1)

    at_the_border = optimize.brentq(lambda low: distance(low) - 2.884, -20, -1)
    assert lies_apart([*others, at_the_border - 0.01])
    assert not lies_apart([*others, at_the_border + 0.01])
    assert not lies_apart([0.9] * 20)
    assert not lies_apart([0.9, 0.9, 0.1])
