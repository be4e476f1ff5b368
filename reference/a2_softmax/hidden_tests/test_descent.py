"""Hidden tests of descent.py: any shape, speed, whole epochs, and images that nobody has seen."""

import numpy as np
import pytest

from grader.checks import (
    CheckFailure,
    assert_accuracy,
    assert_allclose,
    assert_faster,
    assert_raises,
    assert_unchanged,
    show_curve,
)

SETTINGS = {
    "mnist": {"epochs": 5, "batch_size": 300, "learning_rate": 0.07},
    "digits": {"epochs": 40, "batch_size": 50, "learning_rate": 0.03},
}


def in_tenths(images, dataset):
    """Standardise images, in whole tenths and as bytes: an eighth of what float64 needs."""
    mean, std = dataset.pixel_mean, dataset.pixel_std
    tenths = np.rint(10 * (np.arange(256) - mean) / std).astype(np.int8)
    pixels = tenths[images].reshape(len(images), -1)
    return np.hstack([pixels, np.full((len(images), 1), 10, np.int8)])


def shifted(images, rng):
    """Move each image by at most one pixel, in each direction by itself."""
    N, H, W = images.shape
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = rng.integers(0, 3, N)[:, None, None] + np.arange(H)[None, :, None]
    columns = rng.integers(0, 3, N)[:, None, None] + np.arange(W)[None, None, :]
    return framed[np.arange(N)[:, None, None], rows, columns]


def gradient_by_sums(X, outputs, targets):
    """Compute the gradient of the squared error by one sum over the examples."""
    errors = targets.astype(np.float64) - outputs
    return -2 * np.einsum("ni,nc->ic", X.astype(np.float64), errors) / len(X)


def train(student, X, labels, *, seed=1, **settings):
    """Train, and give the weights and the history as an array."""
    rng = np.random.default_rng(seed)
    w, history = student.descent.train(X, labels, **settings, rng=rng)
    return w, np.array(history, dtype=np.float64)


@pytest.mark.task("numerical_gradient", points=1)
@pytest.mark.parametrize("shape", [(4,), (2, 1, 3)])
def test_the_slopes_of_a_curved_function(student, rng, shape):
    """Elements that influence each other, in arrays with one and with three axes."""
    factors = rng.normal(size=shape)

    def f(x):
        return float(np.sin(np.sum(factors * x)) + np.sum(x) ** 2 + np.sum(x**3))

    x = rng.normal(size=shape)
    expected = factors * np.cos(np.sum(factors * x)) + 2 * np.sum(x) + 3 * x**2
    gradient = assert_unchanged(student.descent.numerical_gradient, f, x, names=("f", "x"))
    assert_allclose(gradient, expected, rtol=1e-6, atol=1e-7, name="gradient")


@pytest.mark.task("numerical_gradient", points=1)
def test_integers_and_slices_have_slopes(student):
    """Whole numbers can be moved by h too, transposed arrays are measured, and h is used."""
    whole = np.array([2, -3])
    slope = student.descent.numerical_gradient(lambda x: float(x[0] * x[1] + x[1] ** 3), whole, 0.5)
    assert_allclose(
        slope,
        np.array([-3.0, 2.0 + 27.0 + 0.25]),
        name="gradient at whole numbers",
        hint="An integer array cannot hold 2 + h: measure in a float64 copy.",
    )
    factors = np.array([[1.0, -2.0, 3.0], [0.5, 7.0, -1.0]])
    x = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]).T

    def f(x):
        return float(np.sum(factors * x**2))

    gradient = assert_unchanged(student.descent.numerical_gradient, f, x, names=("f", "x"))
    assert_allclose(
        gradient,
        2 * factors * x,
        rtol=1e-6,
        name="gradient at a transposed array",
        hint="reshape(-1) of an array that is not contiguous is a copy.",
    )


@pytest.mark.task("gradient_descent_step", points=1)
def test_steps_of_any_shape(student, rng):
    """Weights with one, two or three axes; a learning rate of 0 gives an equal, new array."""
    step = student.descent.gradient_descent_step
    for shape, learning_rate in [((5,), 0.1), ((3, 4), 2.0), ((2, 1, 3), 0.0)]:
        w, gradient = rng.normal(size=shape), rng.normal(size=shape)
        stepped = assert_unchanged(step, w, gradient, learning_rate, names=("w", "gradient"))
        assert_allclose(stepped, w - learning_rate * gradient, name=f"shape {shape}: new weights")
    w, gradient = np.array([1, 2]), np.array([-128, 3], np.int8)
    assert_allclose(step(w, gradient, 1.5), np.array([193.0, -2.5]), name="whole: new weights")


@pytest.mark.task("gradient_descent_step", points=1)
def test_a_gradient_of_another_shape_is_refused(student):
    """A gradient that NumPy would stretch to the shape of w is refused."""
    step = student.descent.gradient_descent_step
    w = np.ones((3, 2))
    assert_allclose(step(w, w, 0.25), np.full((3, 2), 0.75), name="new weights")
    for gradient in (np.ones((3, 1)), np.ones(2), np.ones((2, 3))):
        name = f"gradient_descent_step of (3, 2) by {gradient.shape}"
        assert_raises(ValueError, step, w, gradient, 0.25, name=name)


@pytest.mark.task("linear_gradient_loops", points=1)
def test_loops_give_the_gradient_of_any_sizes(student, rng):
    """Any numbers of examples, inputs and outputs, and bytes that would wrap around."""
    for N, D, C in [(1, 3, 2), (6, 1, 1), (4, 5, 3)]:
        X, outputs, targets = (rng.normal(size=s) for s in ((N, D), (N, C), (N, C)))
        gradient = student.descent.linear_gradient_loops(X, outputs, targets)
        expected = gradient_by_sums(X, outputs, targets)
        assert_allclose(gradient, expected, name=f"N = {N}, D = {D}, C = {C}: gradient")
    X, outputs, targets = (rng.integers(0, 256, (5, 2), np.uint8) for _ in range(3))
    gradient = student.descent.linear_gradient_loops(X, outputs, targets)
    assert_allclose(gradient, gradient_by_sums(X, outputs, targets), name="bytes: gradient")


@pytest.mark.task("linear_gradient_loops", points=1)
def test_loops_refuse_other_shapes(student):
    """Targets without their axis, fewer rows than X, or X without its axis, are refused."""
    gradient = student.descent.linear_gradient_loops
    X, outputs, targets = np.ones((3, 2)), np.zeros((3, 1)), np.ones((3, 1))
    assert_allclose(gradient(X, outputs, targets), np.full((2, 1), -2.0), name="gradient")
    for wrong in [
        (X, outputs, targets[:, 0]),
        (X, outputs[:, 0], targets[:, 0]),
        (X, outputs[:2], targets[:2]),
        (X, outputs[:1], targets[:1]),
        (X, outputs, np.ones((3, 2))),
        (X[:, 0], outputs, targets),
    ]:
        shapes = ", ".join(str(array.shape) for array in wrong)
        assert_raises(ValueError, gradient, *wrong, name=f"linear_gradient_loops of {shapes}")


@pytest.mark.task("linear_gradient", points=1)
def test_the_product_gives_the_gradient_of_any_sizes(student, rng):
    """Any numbers of examples, inputs and outputs, bytes and slices; other shapes are refused."""
    linear_gradient = student.descent.linear_gradient
    for N, D, C in [(1, 3, 2), (6, 1, 1), (4, 4, 4), (50, 784, 10)]:
        X, outputs, targets = (rng.normal(size=s) for s in ((N, D), (N, C), (N, C)))
        expected = gradient_by_sums(X, outputs, targets)
        name = f"N = {N}, D = {D}, C = {C}: gradient"
        assert_allclose(linear_gradient(X, outputs, targets), expected, name=name)
    X, outputs, targets = (rng.integers(0, 256, (2, 5), np.uint8).T for _ in range(3))
    expected = gradient_by_sums(X, outputs, targets)
    assert_allclose(linear_gradient(X, outputs, targets), expected, name="bytes: gradient")
    for wrong in [
        (X, outputs[:, 0], targets[:, 0]),
        (X, outputs[:4], targets[:4]),
        (X, outputs[:, :1], targets),
        (X[0], outputs, targets),
    ]:
        shapes = ", ".join(str(array.shape) for array in wrong)
        assert_raises(ValueError, linear_gradient, *wrong, name=f"linear_gradient of {shapes}")


@pytest.mark.task("linear_gradient", points=1)
def test_the_product_is_faster_than_the_loops(student, reference, rng):
    """On 784 inputs and 100 examples the product is ten times as fast as loops."""
    # Ten outputs rather than one, so that the way into the sandbox is short beside the work,
    # and our loops: those of a student may be quick, which must not cost points.
    X = rng.integers(0, 256, (100, 784), np.uint8)
    outputs, targets = rng.normal(size=(100, 10)), rng.normal(size=(100, 10))
    gradient = student.descent.linear_gradient(X, outputs, targets)
    assert_allclose(gradient, gradient_by_sums(X, outputs, targets), name="gradient")
    assert_faster(
        student.descent.linear_gradient,
        reference.descent.linear_gradient_loops,
        10,
        args=(X, outputs, targets),
        rounds=3,
        name="linear_gradient",
        than_name="a loop over all weights",
        hint="No loop over examples, inputs or outputs: one product of two matrices.",
    )


@pytest.mark.task("train", points=1)
def test_a_batch_larger_than_the_data(student, rng):
    """The gradient of a batch is the mean over the examples that it has, also the last batch."""
    X, labels = rng.normal(size=(5, 4)), np.array([3, 0, 1, 0, 3], np.uint8)
    X[1] = X[0]  # with two labels, so that no model is right about both
    expected, losses = np.zeros((4, 4)), []
    for _ in range(4):
        logits = X @ expected
        log_sums = np.logaddexp.reduce(logits, axis=1)
        losses.append(np.mean(log_sums - logits[np.arange(5), labels]))
        p = np.exp(logits - log_sums[:, None])
        expected -= 0.3 * X.T @ (p - np.eye(4)[labels]) / 5
    w, history = train(student, X, labels, epochs=4, batch_size=64, learning_rate=0.3)
    assert_allclose(history, np.array(losses), name="history")
    assert_allclose(w, expected, name="w")
    # Copies of one example: whichever are drawn, their batch of 4, 4 or 2 has one gradient.
    copies, same = X[:1].repeat(10, axis=0), labels[:1].repeat(10)
    small = {"epochs": 1, "learning_rate": 0.3}
    w, history = train(student, copies, same, batch_size=4, **small)
    expected, losses = train(student, X[:1], labels[:1], batch_size=1, **small | {"epochs": 3})
    assert_allclose(history, losses, name="history of ten equal examples in batches of 4")
    assert_allclose(w, expected, name="w after ten equal examples in batches of 4")


@pytest.mark.task("train", points=1)
def test_every_epoch_sees_every_example_once(student, rng):
    """Examples that touch different weights: their order does not matter, their number does."""
    scales, labels = rng.uniform(0.5, 2.0, 12), np.arange(12) % 3
    right = np.eye(3)[labels]
    expected, losses = np.zeros((12, 3)), []
    for _ in range(3):
        logits = scales[:, None] * expected
        log_sums = np.logaddexp.reduce(logits, axis=1)
        losses.append(np.sort(log_sums - np.sum(logits * right, axis=1)))
        expected -= 0.7 * scales[:, None] * (np.exp(logits - log_sums[:, None]) - right)
    w, history = train(student, np.diag(scales), labels, epochs=3, batch_size=1, learning_rate=0.7)
    assert_allclose(len(history), 36, name="len(history)", hint="One loss for each step.")
    for epoch, expected_losses in enumerate(losses):
        part = np.sort(history[12 * epoch : 12 * epoch + 12])
        assert_allclose(part, expected_losses, name=f"losses of epoch {epoch + 1}, sorted")
    assert_allclose(w, expected, name="w")


@pytest.mark.task("train", points=1)
def test_the_order_is_new_in_each_epoch(student):
    """Each epoch has an order of its own, which follows from the generator."""
    X, labels = np.diag(np.linspace(0.5, 2.0, 12)), np.zeros(12, np.int64)
    labels[-1] = 1
    settings = {"epochs": 3, "batch_size": 1, "learning_rate": 0.1}
    w, history = train(student, X, labels, seed=3, **settings)
    again, history_again = train(student, X, labels, seed=3, **settings)
    assert_allclose(history_again, history, name="history with an equal generator")
    assert_allclose(again, w, name="w with an equal generator")
    # From the second epoch on the loss tells which example it belongs to.
    orders = [np.argsort(history[start : start + 12]).tolist() for start in (12, 24)]
    if orders[0] == orders[1]:
        raise CheckFailure("the second and the third epoch have the same order", "Shuffle anew.")
    _, other = train(student, X, labels, seed=4, **settings)
    if np.argsort(other[12:24]).tolist() == orders[0]:
        raise CheckFailure("another generator gives the same order", "Pass `rng` on.")


@pytest.mark.task("train", points=1)
def test_nothing_is_learned_without_steps(student, rng):
    """A learning rate of 0 leaves zeros and log(C); what does not fit is refused."""
    X, labels = rng.integers(-9, 9, (7, 3)).astype(np.int8), np.array([0, 4, 1, 1, 0, 4, 2])
    settings = {"epochs": 2, "batch_size": 3, "rng": np.random.default_rng(0)}
    w, history = assert_unchanged(
        student.descent.train, X, labels, names=("X", "labels"), learning_rate=0.0, **settings
    )
    assert_allclose(
        w,
        np.zeros((3, 5)),
        name="w",
        hint="There is a column for each class up to the largest label, whether it occurs or not.",
    )
    losses = np.array(history, dtype=np.float64)
    assert_allclose(losses, np.full(6, np.log(5.0)), name="history")
    for wrong in (labels[:6], labels[:, np.newaxis]):
        name = f"train with labels of shape {wrong.shape}"
        settings["rng"] = np.random.default_rng(0)
        assert_raises(
            ValueError, student.descent.train, X, wrong, name=name, learning_rate=0.1, **settings
        )


@pytest.mark.task("train", points=3)
def test_shifted_images_of_renamed_classes_are_learned(student, dataset, tiers, rng):
    """The model recognises images that it cannot know: shifted, with the digits renamed."""
    names = rng.permutation(10)
    settings = SETTINGS[dataset.name].copy()
    settings["learning_rate"] /= 100  # pixels ten times as large need weights a tenth as large
    X, labels = in_tenths(dataset.train_images, dataset), names[dataset.train_labels]
    w, history = train(student, X, labels, seed=rng.integers(2**32), **settings)
    show_curve(history)
    assert_accuracy(
        lambda images: student.regression.forward(in_tenths(images, dataset), w),
        shifted(dataset.test_images, rng),
        names[dataset.test_labels],
        tiers,
        name="accuracy on shifted images",
    )
