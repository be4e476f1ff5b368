"""Public tests of losses.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_gradient, assert_raises, assert_unchanged

# exp of the first row is 1 1 2, so its probabilities are quarters; the second row has tenths.
LOGITS = np.log(np.array([[1.0, 1.0, 2.0], [1.0, 4.0, 5.0]]))
LABELS = np.array([0, 1])
LARGEST = "exp(10000) is infinite. What may be taken away from all logits of a row?"


def loss_by_definition(logits, labels):
    """Compute -log(probability of the right class), averaged; only for small logits."""
    exponentials = np.exp(logits)
    return -np.mean(np.log(exponentials[range(len(labels)), labels] / exponentials.sum(1)))


@pytest.mark.task("softmax", points=1)
def test_worked_example_of_softmax(student):
    """Each row becomes probabilities: quarters in the first, tenths in the second."""
    assert_allclose(
        student.losses.softmax(LOGITS),
        np.array([[0.25, 0.25, 0.5], [0.1, 0.4, 0.5]]),
        name="probabilities",
        hint="Divide by the sum of the row (axis=1), and keep that axis while you divide.",
    )


@pytest.mark.task("softmax", points=1)
def test_large_logits_do_not_overflow(student):
    """Logits of 10 000 and -10 000 give probabilities, not NaN."""
    logits = np.array([[10000.0, 10000.0], [-10000.0, -10000.0], [10000.0, -10000.0]])
    assert_allclose(
        student.losses.softmax(logits),
        np.array([[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]),
        name="probabilities",
        hint=LARGEST,
    )


@pytest.mark.task("softmax", points=1)
def test_logits_are_a_matrix(student):
    """One row works, and the logits stay as they were; a row without its axis is refused."""
    logits = np.array([[3.0, 3.0, 3.0, 3.0]])
    result = assert_unchanged(student.losses.softmax, logits, names=("logits",))
    assert_allclose(result, np.full((1, 4), 0.25), name="probabilities")
    assert_raises(ValueError, student.losses.softmax, logits[0], name="softmax of a 1-D array")


@pytest.mark.task("cross_entropy", points=1)
def test_ten_equal_scores_cost_the_logarithm_of_ten(student):
    """Who finds ten classes equally likely is surprised by log(10) = 2.3026 nats."""
    assert_allclose(
        student.losses.cross_entropy(np.zeros((50, 10)), np.arange(50) % 10),
        2.302585092994046,
        name="loss",
        hint="115.13 is the sum over all 50 examples, 3.32 is in bits, and -2.30 lacks its minus.",
    )


@pytest.mark.task("cross_entropy", points=1)
def test_worked_example_of_cross_entropy(student):
    """The right classes have probability 0.25 and 0.4: the loss is -log(0.25 · 0.4) / 2."""
    loss = assert_unchanged(
        student.losses.cross_entropy, LOGITS, LABELS, names=("logits", "labels")
    )
    assert_allclose(
        loss,
        -np.log(0.1) / 2,
        name="loss",
        hint="Only the probability of the right class counts, and the mean is over the examples.",
    )


@pytest.mark.task("cross_entropy", points=1)
def test_a_loss_can_be_a_thousand(student):
    """A right class 1000 below the largest logit costs 1000 nats; no logarithm of 0 is taken."""
    logits = np.array([[0.0, 1000.0], [0.0, 1000.0]])
    hint = "Do not take the logarithm of softmax: work out log(exp(a) / sum) on paper first."
    cross_entropy = student.losses.cross_entropy
    assert_allclose(cross_entropy(logits, np.array([0, 0])), 1000.0, name="loss", hint=hint)
    assert_allclose(cross_entropy(logits, np.array([0, 1])), 500.0, name="loss", hint=hint)


@pytest.mark.task("cross_entropy", points=1)
def test_every_example_has_one_label(student):
    """Labels may be bytes; too few of them, or labels with a second axis, are refused."""
    cross_entropy = student.losses.cross_entropy
    logits, labels = np.zeros((3, 4)), np.array([0, 3, 1], np.uint8)
    assert_allclose(cross_entropy(logits, labels), np.log(4.0), name="loss")
    assert_raises(ValueError, cross_entropy, logits, labels[:2], name="3 rows with 2 labels")
    assert_raises(
        ValueError,
        cross_entropy,
        logits,
        labels.reshape(3, 1),
        name="labels of shape (3, 1)",
        hint="labels.shape must be exactly (N,).",
    )


@pytest.mark.task("cross_entropy_gradient", points=1)
def test_worked_example_of_the_gradient(student):
    """The probabilities, less 1 at the right class, over the number of examples."""
    gradient = assert_unchanged(
        student.losses.cross_entropy_gradient, LOGITS, LABELS, names=("logits", "labels")
    )
    assert_allclose(
        gradient,
        np.array([[-0.375, 0.125, 0.25], [0.05, -0.3, 0.25]]),
        name="gradient",
        hint="First row: (0.25 - 1, 0.25, 0.5), halved since the loss is the mean of two.",
    )


@pytest.mark.task("cross_entropy_gradient", points=2)
def test_the_gradient_of_the_loss_agrees_with_differences(student, rng):
    """The gradient agrees with central differences of the loss."""
    logits, labels = rng.normal(size=(6, 4)), np.array([3, 0, 2, 2, 1, 0])
    assert_gradient(
        lambda z: loss_by_definition(z, labels),
        logits,
        student.losses.cross_entropy_gradient(logits, labels),
        of="the mean cross-entropy",
        sizes={"N": 6, "C": 4},
        rng=rng,
    )


@pytest.mark.task("cross_entropy_gradient", points=1)
def test_the_gradient_of_large_logits(student):
    """Large logits give gradients, not NaN; logits with one axis are refused."""
    cross_entropy_gradient = student.losses.cross_entropy_gradient
    logits = np.array([[10000.0, -10000.0], [10000.0, -10000.0]])
    assert_allclose(
        cross_entropy_gradient(logits, np.array([1, 0])),
        np.array([[0.5, -0.5], [0.0, 0.0]]),
        name="gradient",
        hint="With a stable softmax the probabilities are 1 and 0 here. Divide by N in the end.",
    )
    assert_raises(
        ValueError, cross_entropy_gradient, logits[0], np.array([1, 0]), name="1-D logits"
    )
