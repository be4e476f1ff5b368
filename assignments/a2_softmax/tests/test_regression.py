"""Public tests of regression.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_gradient, assert_raises, assert_unchanged

# Three examples of two numbers and the 1 of the bias; four classes.
X = np.array([[2.0, -1.0, 1.0], [0.5, 3.0, 1.0], [-1.0, 0.0, 1.0]])
W = np.array([[0.1, -0.2, 0.3, 0.0], [0.5, 0.4, -0.6, 0.2], [0.0, 0.1, -0.1, 0.3]])
LABELS = np.array([2, 0, 3])


def loss_by_definition(w, l2):
    """Compute the loss of the examples above as the docstring describes it."""
    exponentials = np.exp(X @ w)
    surprise = -np.log(exponentials[range(len(X)), LABELS] / exponentials.sum(1))
    return np.mean(surprise) + l2 / 2 * np.sum(w[:-1] ** 2)


@pytest.mark.task("forward", points=1)
def test_scores_become_probabilities(student):
    """The scores X @ w become probabilities, a row for each example."""
    examples = np.array([[2.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    weights = np.log(np.array([[1.0, 2.0], [1.0, 1.0]]))
    result = assert_unchanged(student.regression.forward, examples, weights, names=("X", "w"))
    assert_allclose(
        result,
        np.array([[1 / 5, 4 / 5], [1 / 2, 1 / 2], [1 / 3, 2 / 3]]),
        name="probabilities",
        hint="The scores of the first example are 0 and 2 log(2): 1 to 4 after exp.",
    )


@pytest.mark.task("forward", points=1)
def test_weights_have_a_row_for_each_column(student):
    """Weights of zero give equal probabilities; weights with too few rows are refused."""
    forward = student.regression.forward
    assert_allclose(forward(X, np.zeros((3, 5))), np.full((3, 5), 0.2), name="probabilities")
    assert_raises(ValueError, forward, X, W[:2], name="forward of X (3, 3) and w (2, 4)")


@pytest.mark.task("loss_and_gradient", points=1)
def test_the_loss_of_weights(student):
    """Weights of zero cost log(C); other weights what their probabilities say."""
    loss_and_gradient = student.regression.loss_and_gradient
    loss, _ = loss_and_gradient(np.zeros((3, 4)), X, LABELS)
    assert_allclose(loss, np.log(4.0), name="loss of w = 0")
    loss, _ = loss_and_gradient(W, X, LABELS)
    assert_allclose(loss, loss_by_definition(W, 0.0), name="loss")


@pytest.mark.task("loss_and_gradient", points=2)
def test_the_gradient_of_the_weights_agrees_with_differences(student, rng):
    """The gradient agrees with central differences of the loss, and w stays as it was."""
    _, gradient = assert_unchanged(
        student.regression.loss_and_gradient, W, X, LABELS, names=("w", "X", "labels")
    )
    assert_gradient(
        lambda w: loss_by_definition(w, 0.0),
        W,
        gradient,
        hint="It has the shape of w: (D, C) comes of a product of (D, N) and (N, C).",
        sizes={"N": 3},
        rng=rng,
    )


@pytest.mark.task("loss_and_gradient", points=1)
def test_large_weights_have_a_price(student, rng):
    """L2 adds half of l2 times the squares of all weights except the bias row."""
    loss, gradient = student.regression.loss_and_gradient(W, X, LABELS, l2=0.5)
    assert_allclose(
        loss,
        loss_by_definition(W, 0.5),
        name="loss with l2 = 0.5",
        hint="½ · l2 · the sum of the squares; the last row of w is the bias and is left out.",
    )
    assert_gradient(
        lambda w: loss_by_definition(w, 0.5),
        W,
        gradient,
        of="the loss with l2 = 0.5",
        hint="The derivative of ½ · l2 · w² is l2 · w, and that of the bias row is 0.",
        sizes={"N": 3, "l2": 0.5},
        rng=rng,
    )


@pytest.mark.task("accuracy", points=1)
def test_the_most_probable_class_counts(student):
    """Three of four examples have their largest probability at their label."""
    probabilities = np.array([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5], [0.1, 0.8, 0.1], [0.3, 0.4, 0.3]])
    assert_allclose(
        student.regression.accuracy(probabilities, np.array([0, 2, 2, 1])),
        0.75,
        name="accuracy",
        hint="The classes of one example lie side by side: look for the largest in each row.",
    )


@pytest.mark.task("accuracy", points=1)
def test_predictions_and_labels_are_paired(student):
    """All right is 1.0; labels of shape (N, 1) are refused, since NumPy would cross them."""
    accuracy = student.regression.accuracy
    probabilities, labels = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]]), np.array([0, 1, 0])
    assert_allclose(accuracy(probabilities, labels), 1.0, name="accuracy")
    assert_raises(
        ValueError,
        accuracy,
        probabilities,
        labels.reshape(3, 1),
        name="accuracy with labels of shape (3, 1)",
        hint="(3,) == (3, 1) compares each with each: nine answers instead of three.",
    )
