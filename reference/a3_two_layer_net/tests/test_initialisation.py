"""Public tests of initialisation.py."""

import numpy as np
import pytest

from grader.checks import CheckFailure, assert_allclose

DRAW = "Let `rng` draw; it has a method for numbers from an interval."


@pytest.mark.task("xavier_uniform", points=1)
def test_weights_fill_their_interval(student):
    """For 50 inputs and 100 outputs the weights reach from -0.2 to 0.2, and average to 0."""
    w = student.initialisation.xavier_uniform(50, 100, np.random.default_rng(1))
    assert_allclose(np.zeros((50, 100)) * w, np.zeros((50, 100)), name="0 · weights")
    hint = "√(6 / (50 + 100)) is 0.2. Uniform on (-a, a): to both sides of 0."
    assert_allclose(float(w.max()), 0.2, rtol=0.01, name="the largest weight", hint=hint)
    assert_allclose(float(w.min()), -0.2, rtol=0.01, name="the smallest weight", hint=hint)
    assert_allclose(float(w.mean()), 0.0, atol=0.01, name="the mean of the weights", hint=hint)


@pytest.mark.task("xavier_uniform", points=1)
def test_weights_follow_from_the_generator(student):
    """Equal generators draw equal weights, and different ones different weights."""
    first, same, other = (
        student.initialisation.xavier_uniform(4, 3, np.random.default_rng(seed))
        for seed in (1, 1, 2)
    )
    assert_allclose(same, first, name="weights of an equal generator", hint=DRAW)
    if np.any(other == first):
        raise CheckFailure("another generator draws the same weights", DRAW)
