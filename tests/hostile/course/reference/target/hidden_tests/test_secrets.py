"""Hidden tests."""

import numpy as np
import pytest

from grader.checks import assert_accuracy, assert_allclose

HIDDEN = "canary-of-the-hidden-tests"  # a test writes tokens of its own in, here and below
IN_MEMORY = bytes.fromhex("63616e6172792d696e2d6d656d6f7279").decode()  # in no file as such


@pytest.mark.task("double", points=15)
def test_random_numbers(student, reference, rng):
    """Twice some random numbers."""
    x = rng.normal(size=4)
    assert_allclose(student.answers.double(x), reference.answers.double(x), name="doubled")


@pytest.mark.task("double", points=15)
def test_one_after_the_other(student, reference, rng):
    """Twice each of several arrays."""
    arrays = [rng.normal(size=3) for _ in range(4)]
    expected = [reference.answers.double(x) for x in arrays]
    for i, actual in enumerate(map(student.answers.double, arrays)):
        assert_allclose(actual, expected[i], name="doubled")


@pytest.mark.task("classify", points=20)
def test_classes_that_nobody_has_seen(student, reference, rng):
    """Points are told apart by labels that stay with the grader."""
    points = rng.normal(size=(200, 2))
    labels = reference.answers.classify(points)
    assert_accuracy(student.answers.classify, points, labels, {0.9: 1.0})


@pytest.mark.task("apply", points=10)
def test_a_function_of_the_test(student, reference, rng):
    """A function that the submission can call and not see is applied twice."""
    factor, term = rng.uniform(1, 2, size=2)

    def line(x):
        return factor * x + term

    assert_allclose(student.answers.apply(line, 1.5), reference.answers.apply(line, 1.5))


@pytest.mark.task("apply", points=10)
def test_a_function_of_the_reference(student, reference, rng):
    """The reference's own function is applied twice."""
    x = rng.normal(size=2)
    assert_allclose(student.answers.apply(reference.answers.double, x), 4 * x)


@pytest.mark.task("Pile", points=5)
def test_an_object_of_the_submission(student, rng):
    """A pile grows, and shows what lies on top."""
    pile = student.answers.Pile()
    for height, number in enumerate(rng.normal(size=3), start=1):
        pile.push(number)
        assert_allclose(pile.top, number, name="pile.top")
        assert_allclose(len(pile), height, name="len(pile)")


@pytest.mark.task("total", points=10)
def test_a_sum(student, rng):
    """Random numbers are added up."""
    values = list(rng.normal(size=5))
    assert_allclose(student.kit.total(values), float(np.sum(values)), name="total")
