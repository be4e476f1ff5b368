"""Hidden tests of losses.py: any shape, huge logits, integers, and golden values."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_gradient, assert_raises, assert_unchanged


def losses_by_row(logits, labels):
    """Compute the loss of each example by NumPy's own log-sum-exp."""
    logits = logits.astype(np.float64)
    return (
        np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, labels[:, None], 1)[:, 0]
    )


def probabilities_of(logits):
    """Compute softmax by NumPy's own log-sum-exp."""
    logits = logits.astype(np.float64)
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])


@pytest.mark.task("softmax", points=1)
def test_rows_of_any_length(student, rng):
    """Wide, tall, square and single rows: each sums to 1 by itself."""
    for shape in [(5, 3), (3, 9), (4, 4), (1, 6), (7, 1)]:
        logits = 3 * rng.normal(size=shape)
        assert_allclose(
            student.losses.softmax(logits),
            probabilities_of(logits),
            name=f"shape {shape}: probabilities",
        )


@pytest.mark.task("softmax", points=1)
def test_rows_of_different_size(student, rng):
    """Rows around 10 000, 0 and -10 000 do not disturb each other."""
    logits = rng.normal(size=(5, 4)) + np.array([[1e4], [0.0], [-1e4], [700.0], [-750.0]])
    assert_allclose(
        student.losses.softmax(logits),
        probabilities_of(logits),
        name="probabilities",
        hint="Each row has a largest logit of its own.",
    )


@pytest.mark.task("softmax", points=1)
def test_whole_logits_do_not_wrap(student):
    """Integers of any dtype give the numbers that their float64 copies give."""
    for dtype, rows in [
        (np.int8, [[-128, 127, 100], [5, 7, 6]]),
        (np.uint8, [[255, 0, 254], [3, 2, 1]]),
        (np.int64, [[10**4, -(10**4), 10**4], [0, 1, 2]]),
    ]:
        logits = np.array(rows, dtype)
        assert_allclose(
            student.losses.softmax(logits),
            probabilities_of(logits),
            name=f"{logits.dtype} logits: probabilities",
        )


@pytest.mark.task("softmax", points=1)
def test_slices_of_logits_stay_as_they_were(student, rng):
    """Transposed and reversed logits work and stay as they were; a batch of matrices is refused."""
    softmax = student.losses.softmax
    for logits in (rng.normal(size=(6, 3)).T, rng.normal(size=(8, 10))[::-2, ::3]):
        result = assert_unchanged(softmax, logits, names=("logits",))
        assert_allclose(result, probabilities_of(logits), name="probabilities")
    assert_raises(ValueError, softmax, np.zeros((2, 3, 4)), name="softmax of a 3-D array")
    assert_raises(ValueError, softmax, np.zeros(4), name="softmax of a 1-D array")


@pytest.mark.task("cross_entropy", points=1)
def test_losses_of_random_logits(student, rng):
    """Any number of examples and classes, and any dtype of labels."""
    for N, C, dtype in [(1, 4, np.int64), (9, 2, np.uint8), (4, 4, np.int32), (30, 11, np.int16)]:
        logits, labels = 4 * rng.normal(size=(N, C)), rng.integers(0, C, N)
        loss = assert_unchanged(
            student.losses.cross_entropy,
            logits,
            labels.astype(dtype),
            names=("logits", "labels"),
        )
        assert_allclose(loss, losses_by_row(logits, labels).mean(), name=f"N = {N}, C = {C}: loss")


@pytest.mark.task("cross_entropy", points=1)
def test_small_probabilities_keep_their_price(student):
    """A probability of exp(-40) costs 40 nats, and one of exp(-200) costs 200."""
    for gap in (40.0, 200.0, 1e4):
        logits = np.array([[0.0, -gap, -gap], [gap, 0.0, 0.0]])
        assert_allclose(
            student.losses.cross_entropy(logits, np.array([1, 1])),
            losses_by_row(logits, np.array([1, 1])).mean(),
            name=f"gap of {gap:g}: loss",
            hint="log(p + 1e-12) never costs more than 27.6. Take no logarithm of a probability.",
        )


@pytest.mark.task("cross_entropy", points=1)
def test_losses_of_rows_of_different_size(student, rng):
    """Rows around 10 000 and -10 000, whole logits, and slices, give what float64 gives."""
    labels = np.array([2, 0, 1])
    far = rng.normal(size=(3, 4)) + np.array([[1e4], [0.0], [-1e4]])
    whole = np.array([[-128, 127, 3, 0], [127, 126, -128, 1], [0, 0, -128, -128]], np.int8)
    for logits in (far, whole, rng.normal(size=(4, 6)).T[::-2]):
        assert_allclose(
            student.losses.cross_entropy(logits, labels),
            losses_by_row(logits, labels).mean(),
            name="loss",
        )


@pytest.mark.task("cross_entropy", points=1)
def test_other_shapes_have_no_loss(student):
    """Too many labels, one-hot labels, and logits with one or three axes, are refused."""
    cross_entropy = student.losses.cross_entropy
    logits, labels = np.array([[0.0, 0.0], [9.0, 9.0]]), np.array([1, 0])
    assert_allclose(cross_entropy(logits, labels), np.log(2.0), name="loss")
    for wrong in (np.array([0, 1, 0]), np.eye(2, dtype=np.int64), np.array([[1, 0]])):
        assert_raises(
            ValueError, cross_entropy, logits, wrong, name=f"cross_entropy, labels {wrong.shape},"
        )
    assert_raises(ValueError, cross_entropy, logits[0], labels, name="cross_entropy of 1-D logits")
    cube = np.zeros((2, 3, 4))
    assert_raises(ValueError, cross_entropy, cube, labels, name="cross_entropy of 3-D logits")


@pytest.mark.task("cross_entropy_gradient", points=2)
@pytest.mark.parametrize(("N", "C"), [(7, 3), (4, 4)])
def test_the_gradient_of_random_logits(student, rng, N, C):
    """The gradient is that of the mean over any number of examples and classes."""
    logits, labels = 2 * rng.normal(size=(N, C)), rng.integers(0, C, N)
    p, right = probabilities_of(logits), np.eye(C)[labels]
    assert_gradient(
        lambda z: losses_by_row(z, labels).mean(),
        logits,
        student.losses.cross_entropy_gradient(logits, labels),
        of="the mean cross-entropy",
        sizes={"N": N, "C": C},
        suspects={
            "This is softmax itself: take 1 away at the right class of each row.": p / N,
            "There is a factor p(1 - p) too many: it is in p - y already.": (p - right)
            * p
            * (1 - p)
            / N,
        },
        rng=rng,
    )


@pytest.mark.task("cross_entropy_gradient", points=1)
def test_golden_gradients(student, rng):
    """One example, bytes as labels, whole logits, slices: p - y, over N; and nothing is changed."""
    cross_entropy_gradient = student.losses.cross_entropy_gradient
    whole = np.array([[-128, 127, 3], [127, 126, -128]], np.int8)
    for logits in (rng.normal(size=(1, 5)), whole, rng.normal(size=(3, 8)).T[::2]):
        N, C = logits.shape
        labels = rng.integers(0, C, N).astype(np.uint8)
        gradient = assert_unchanged(
            cross_entropy_gradient, logits, labels, names=("logits", "labels")
        )
        expected = (probabilities_of(logits) - np.eye(C)[labels]) / N
        assert_allclose(gradient, expected, name=f"shape {logits.shape}: gradient")
    for wrong in (labels[:3], labels[:, np.newaxis]):
        name = f"cross_entropy_gradient of 4 rows, labels {wrong.shape},"
        assert_raises(ValueError, cross_entropy_gradient, logits, wrong, name=name)
