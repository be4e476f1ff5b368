"""Public tests."""

import numpy as np
import pytest

from grader.checks import assert_allclose


@pytest.mark.task("double", points=10)
def test_the_example(student):
    """Twice 1, -2 and 3."""
    x = np.array([1.0, -2.0, 3.0])
    assert_allclose(student.answers.double(x), np.array([2.0, -4.0, 6.0]), name="doubled")


@pytest.mark.task("Pile", points=5)
def test_an_empty_pile(student):
    """A new pile has a height of 0."""
    assert_allclose(len(student.answers.Pile()), 0, name="len(pile)")
