"""Hidden tests of initialisation.py: any layer, any gain, and every part of the interval."""

import numpy as np
import pytest

from grader.checks import CheckFailure, assert_allclose


def draw(student, fan_in, fan_out, *gain, rng):
    """Draw weights, and see that they are an array of the right shape in the interval."""
    w = student.initialisation.xavier_uniform(fan_in, fan_out, rng, *gain)
    limit = sum(gain or (1.0,)) * np.sqrt(6 / (fan_in + fan_out))
    name = f"weights of a layer {fan_in} → {fan_out}"
    assert_allclose(w, np.zeros((fan_in, fan_out)), rtol=0.0, atol=limit, name=name)
    return w, limit, name


@pytest.mark.task("xavier_uniform", points=1)
def test_layers_of_any_size_and_gain(student, rng):
    """Wide and narrow layers and other gains: the weights reach just as far as they should."""
    for fan_in, fan_out, *gain in [
        (785, 10),
        (10, 785),
        (2, 4000),
        (1, 3000, 5 / 3),
        (60, 60, 2.0),
        (40, 200, 0.5),
    ]:
        w, limit, name = draw(student, fan_in, fan_out, *gain, rng=np.random.default_rng(7))
        assert_allclose(float(np.abs(w).max()), float(limit), rtol=0.01, name=f"largest of {name}")
    w, _, _ = draw(student, 1, 1, rng=rng)
    assert_allclose(w, w.reshape(1, 1), name="a single weight")


@pytest.mark.task("xavier_uniform", points=1)
def test_every_part_of_the_interval_is_equally_likely(student, rng):
    """Of 60 000 weights about 6000 lie in each tenth of the interval."""
    w, limit, _ = draw(student, 200, 300, rng=np.random.default_rng(rng.integers(2**32)))
    counts, _ = np.histogram(w, bins=10, range=(-limit, limit))
    # The standard deviation of each is 73.
    if counts.min() < 5500 or counts.max() > 6500:
        raise CheckFailure(
            f"in the tenths of the interval lie {counts.tolist()} of 60 000 weights",
            "Uniform: no number between the two ends is more likely than another.",
        )


@pytest.mark.task("xavier_uniform", points=1)
def test_generators_go_on(student):
    """A generator that has been used draws other weights, and each seed its own."""
    weights = []
    for seed, skipped in [(3, 0), (3, 0), (3, 1), (4, 0)]:
        rng = np.random.default_rng(seed)
        rng.random(skipped)
        weights.append(draw(student, 3, 5, rng=rng)[0])
    assert_allclose(weights[1], weights[0], name="weights of an equal generator")
    for other in weights[2:]:
        if np.any(other == weights[0]):
            raise CheckFailure(
                "generators in different states draw the same weights",
                "Do not make a generator of your own.",
            )
