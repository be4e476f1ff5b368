"""Hidden tests of regression.py: any sizes, whole inputs, the bias, and every limit."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_gradient, assert_raises, assert_unchanged


def problem(rng, N, D, C):
    """Make N examples with a 1 at their end, weights, and labels."""
    X = rng.normal(size=(N, D))
    X[:, -1] = 1.0
    return X, rng.normal(size=(D, C)), rng.integers(0, C, N)


def loss_of(w, X, labels, l2=0.0):
    """Compute the loss by NumPy's own log-sum-exp."""
    logits = X.astype(np.float64) @ w
    right = np.take_along_axis(logits, labels[:, None].astype(np.int64), 1)[:, 0]
    return np.mean(np.logaddexp.reduce(logits, axis=1) - right) + l2 / 2 * np.sum(w[:-1] ** 2)


def probabilities_of(X, w):
    """Compute the probabilities by NumPy's own log-sum-exp."""
    logits = X.astype(np.float64) @ w.astype(np.float64)
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])


@pytest.mark.task("forward", points=1)
def test_images_become_probabilities(student, rng):
    """785 columns, whole numbers and slices give probabilities, and huge weights no NaN."""
    forward = student.regression.forward
    X, w, _ = problem(rng, 6, 785, 10)
    assert_allclose(forward(X, w), probabilities_of(X, w), name="785 columns: probabilities")
    assert_allclose(
        forward(X, 1000 * w), probabilities_of(X, 1000 * w), name="huge weights: probabilities"
    )
    X = rng.integers(-100, 100, (5, 6)).astype(np.int8)[::-1]
    w = rng.integers(-100, 100, (3, 6)).astype(np.int8).T
    result = assert_unchanged(forward, X, w, names=("X", "w"))
    assert_allclose(
        result,
        probabilities_of(X, w),
        name="whole numbers: probabilities",
        hint="100 * 100 is no int8. Compute with float64.",
    )


@pytest.mark.task("forward", points=1)
def test_what_does_not_fit_is_refused(student):
    """One example without its axis, one column of weights without its axis: refused."""
    forward = student.regression.forward
    X, w = np.ones((4, 3)), np.zeros((3, 2))
    assert_allclose(forward(X, w), np.full((4, 2), 0.5), name="probabilities")
    assert_raises(ValueError, forward, X[0], w, name="forward of a single row X")
    assert_raises(ValueError, forward, X, w[:, 0], name="forward with 1-D w")
    assert_raises(ValueError, forward, X, np.zeros((2, 3)), name="forward with w transposed")


@pytest.mark.task("loss_and_gradient", points=1)
@pytest.mark.parametrize("l2", [0.0, 0.3, 4.0])
def test_the_gradient_of_any_model(student, rng, l2):
    """For other sizes and prices the loss and its gradient are right."""
    X, w, labels = problem(rng, 9, 5, 4)
    loss, gradient = student.regression.loss_and_gradient(w, X, labels, l2)
    assert_allclose(loss, loss_of(w, X, labels, l2), rtol=1e-6, name="loss")
    unpriced = np.vstack([np.zeros((4, 4)), l2 * w[-1:]])
    data = X.T @ (probabilities_of(X, w) - np.eye(4)[labels]) / 9
    price = l2 * np.vstack([w[:-1], np.zeros((1, 4))])
    assert_gradient(
        lambda v: loss_of(v, X, labels, l2),
        w,
        gradient,
        sizes={"N": 9, "C": 4, "l2": l2},
        suspects={
            "The bias has a price here; it should have none.": data + price + unpriced,
            "The price is counted twice: the derivative of ½ · l2 · w² is l2 · w.": data
            + 2 * price,
            "The price is missing from the gradient.": data,
        }
        if l2
        else {},
        rng=rng,
    )


@pytest.mark.task("loss_and_gradient", points=1)
def test_one_image_and_many_columns(student, rng):
    """A single example with 785 columns, and examples of whole numbers, with labels as bytes."""
    loss_and_gradient = student.regression.loss_and_gradient
    X, w, labels = problem(rng, 1, 785, 10)
    loss, gradient = loss_and_gradient(w, X, labels.astype(np.uint8))
    assert_allclose(loss, loss_of(w, X, labels), name="N = 1: loss")
    expected = X.T @ (probabilities_of(X, w) - np.eye(10)[labels])
    assert_allclose(gradient, expected, name="N = 1: gradient")

    X, w, labels = problem(rng, 6, 4, 3)
    X = np.rint(60 * X).astype(np.int8)
    w = w[:, ::-1]
    loss, gradient = assert_unchanged(loss_and_gradient, w, X, labels, names=("w", "X", "labels"))
    expected = X.T @ (probabilities_of(X, w) - np.eye(3)[labels]) / 6
    assert_allclose(loss, loss_of(w, X, labels), name="whole numbers: loss")
    assert_allclose(gradient, expected, name="whole numbers: gradient")


@pytest.mark.task("loss_and_gradient", points=1)
def test_labels_and_weights_that_do_not_fit_are_refused(student):
    """Weights with too many rows, labels with a second axis or too few, are refused."""
    loss_and_gradient = student.regression.loss_and_gradient
    X, w, labels = np.ones((4, 3)), np.zeros((3, 2)), np.array([0, 1, 1, 0])
    loss, gradient = loss_and_gradient(w, X, labels)
    assert_allclose(loss, np.log(2.0), name="loss")
    assert_allclose(gradient, np.zeros((3, 2)), name="gradient")
    for wrong in (labels[:3], labels[:, np.newaxis]):
        name = f"loss_and_gradient, labels {wrong.shape},"
        assert_raises(ValueError, loss_and_gradient, w, X, wrong, name=name)
    assert_raises(
        ValueError,
        loss_and_gradient,
        np.zeros((4, 2)),
        X,
        labels,
        name="loss_and_gradient, w (4, 2),",
    )
    assert_raises(
        ValueError, loss_and_gradient, w[:, 0], X, labels, name="loss_and_gradient with 1-D w"
    )


@pytest.mark.task("accuracy", points=1)
def test_accuracy_of_random_scores(student, rng):
    """Square, tall and single batches; scores need not be probabilities."""
    for N, C in [(5, 5), (40, 3), (1, 4), (6, 30)]:
        scores, labels = rng.normal(size=(N, C)), rng.integers(0, C, N)
        right = sum(
            int(row.tolist().index(max(row))) == y for row, y in zip(scores, labels, strict=True)
        )
        value = assert_unchanged(
            student.regression.accuracy,
            scores,
            labels.astype(np.uint8),
            names=("probabilities", "labels"),
        )
        assert_allclose(value, right / N, name=f"N = {N}, C = {C}: accuracy")


@pytest.mark.task("accuracy", points=1)
def test_accuracy_counts_from_nothing_to_all(student):
    """All wrong is 0.0 and all right is 1.0, for any row order in memory."""
    accuracy = student.regression.accuracy
    scores = np.array([[0.1, 0.2, 0.7], [0.5, 0.4, 0.1], [0.2, 0.6, 0.2]])
    assert_allclose(accuracy(scores, np.array([0, 1, 2])), 0.0, name="accuracy")
    assert_allclose(accuracy(scores[::-1], np.array([1, 0, 2])), 1.0, name="accuracy")
    assert_allclose(
        accuracy(np.asfortranarray(scores), np.array([2, 0, 0])), 2 / 3, name="accuracy"
    )


@pytest.mark.task("accuracy", points=1)
def test_accuracy_of_other_shapes_is_refused(student):
    """One-hot labels, too few labels, a single label, and classes in place of rows, are refused."""
    accuracy = student.regression.accuracy
    scores, labels = np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1])
    assert_allclose(accuracy(scores, labels), 0.5, name="accuracy")
    for wrong in (np.eye(2, dtype=np.int64), labels[:1], np.array([0, 1, 1]), labels[np.newaxis]):
        name = f"accuracy with labels of shape {wrong.shape}"
        assert_raises(ValueError, accuracy, scores, wrong, name=name)
    assert_raises(ValueError, accuracy, scores[0], labels, name="accuracy of 1-D probabilities")
