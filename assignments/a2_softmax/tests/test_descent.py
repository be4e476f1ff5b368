"""Public tests of descent.py."""

import numpy as np
import pytest

from grader.checks import (
    assert_accuracy,
    assert_allclose,
    assert_raises,
    assert_unchanged,
    show_curve,
)

SETTINGS = {
    "mnist": {"epochs": 8, "batch_size": 600, "learning_rate": 0.07},
    "digits": {"epochs": 40, "batch_size": 50, "learning_rate": 0.03},
}

INPUTS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
OUTPUTS = np.array([[1.0, 0.0], [1.0, 2.0], [0.0, 0.0]])
TARGETS = np.array([[2.0, 0.0], [0.0, 5.0], [3.0, 0.0]])
LINEAR_GRADIENT = np.array([[-26 / 3, -6.0], [-38 / 3, -8.0]])


def in_tenths(images, dataset):
    """Standardise images, in whole tenths and as bytes: an eighth of what float64 needs."""
    mean, std = dataset.pixel_mean, dataset.pixel_std
    tenths = np.rint(10 * (np.arange(256) - mean) / std).astype(np.int8)
    pixels = tenths[images].reshape(len(images), -1)
    return np.hstack([pixels, np.full((len(images), 1), 10, np.int8)])


@pytest.mark.task("numerical_gradient", points=1)
def test_each_element_has_its_slope(student):
    """The slopes of x0² + 3·x1 at (2, 5) are 4 and 3."""

    def f(x):
        return float(x[0] ** 2 + 3 * x[1])

    assert_allclose(
        student.descent.numerical_gradient(f, np.array([2.0, 5.0])),
        np.array([4.0, 3.0]),
        rtol=1e-6,
        name="gradient",
        hint="Move one element at a time, and put it back before you move the next.",
    )


@pytest.mark.task("numerical_gradient", points=1)
def test_a_matrix_has_a_matrix_of_slopes(student):
    """Arrays of any shape are measured, and are left as they were."""
    factors = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    def f(x):
        return float(np.sum(factors * x))

    point = np.array([[0.1, 0.2, 0.3], [0.7, 0.0, -0.1]])
    gradient = assert_unchanged(
        student.descent.numerical_gradient,
        f,
        point,
        names=("f", "x"),
        hint="0.1 + h - 2h + h is not quite 0.1 in floating point. Keep the old value, or a copy.",
    )
    assert_allclose(gradient, factors, rtol=1e-6, name="gradient")


@pytest.mark.task("numerical_gradient", points=1)
def test_differences_are_central(student):
    """With h = 0.1 the central difference of x³ at 1 is 3.01; a one-sided one is 3.31 or 2.71."""

    def f(x):
        return float(x[0] ** 3)

    assert_allclose(
        student.descent.numerical_gradient(f, np.array([1.0]), h=0.1),
        np.array([3.01]),
        name="gradient",
        hint="(1.1³ - 0.9³) / 0.2: one step to each side, and their distance is 2h.",
    )


@pytest.mark.task("gradient_descent_step", points=1)
def test_a_step_goes_downhill(student):
    """A step of 0.5 goes against the gradient and gives new weights."""
    w, gradient = np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([[0.5, -4.0], [2.0, 0.0]])
    stepped = assert_unchanged(
        student.descent.gradient_descent_step, w, gradient, 0.5, names=("w", "gradient")
    )
    assert_allclose(
        stepped,
        np.array([[0.75, 0.0], [-1.0, 3.0]]),
        name="new weights",
        hint="The gradient points uphill.",
    )


@pytest.mark.task("linear_gradient_loops", points=1)
def test_the_gradient_weight_by_weight(student):
    """Three examples with two inputs and two outputs: the formula for each of four weights."""
    gradient = assert_unchanged(
        student.descent.linear_gradient_loops,
        INPUTS,
        OUTPUTS,
        TARGETS,
        names=("X", "outputs", "targets"),
    )
    assert_allclose(
        gradient,
        LINEAR_GRADIENT,
        name="gradient",
        hint="From input 0 to output 0: -2 · (1·1 + (-1)·3 + 3·5) / 3 = -26/3.",
    )


@pytest.mark.task("linear_gradient", points=1)
def test_the_gradient_all_at_once(student):
    """The same three examples in one product of matrices."""
    gradient = assert_unchanged(
        student.descent.linear_gradient,
        INPUTS,
        OUTPUTS,
        TARGETS,
        names=("X", "outputs", "targets"),
    )
    assert_allclose(
        gradient,
        LINEAR_GRADIENT,
        name="gradient",
        hint="(I, C) comes of a product of (I, N) and (N, C). The mean is over N alone.",
    )


@pytest.mark.task("linear_gradient", points=1)
def test_targets_have_the_shape_of_outputs(student):
    """One output is a column; targets without that axis are refused."""
    linear_gradient = student.descent.linear_gradient
    outputs, targets = OUTPUTS[:, :1], TARGETS[:, :1]
    expected = LINEAR_GRADIENT[:, :1].copy()
    assert_allclose(linear_gradient(INPUTS, outputs, targets), expected, name="gradient")
    assert_raises(
        ValueError,
        linear_gradient,
        INPUTS,
        outputs,
        targets[:, 0],
        name="linear_gradient with targets of shape (3,)",
        hint="(3,) - (3, 1) is a (3, 3) array: each from each. Compare the shapes first.",
    )


@pytest.mark.task("train", points=2)
def test_the_first_steps_of_training(student):
    """Three steps with all examples at once: the weights and the losses are these."""
    X, labels = np.array([[2.0, 1.0], [0.0, 1.0]]), np.array([0, 1])
    w, history = student.descent.train(
        X, labels, epochs=3, batch_size=2, learning_rate=1.0, rng=np.random.default_rng(1)
    )
    assert_allclose(
        np.array(history, dtype=np.float64),
        np.array([0.693147181, 0.410037596, 0.318360532]),
        atol=1e-8,
        name="history",
        hint="The first loss is that of weights of zero: it is measured before the first step.",
    )
    assert_allclose(
        w,
        np.array([[0.728687706, -0.728687706], [-0.338623480, 0.338623480]]),
        atol=1e-8,
        name="w",
        hint="Start from zeros, and subtract learning_rate times the mean gradient of the batch.",
    )


@pytest.mark.task("train", points=5)
def test_handwritten_digits_are_learned(student, dataset, tiers, rng):
    """Most test images are recognised after training on all training images."""
    X = in_tenths(dataset.train_images, dataset)
    settings = SETTINGS[dataset.name].copy()
    settings["learning_rate"] /= 100  # pixels ten times as large need weights a tenth as large
    w, history = student.descent.train(X, dataset.train_labels, **settings, rng=rng)
    show_curve(history)

    assert_accuracy(
        lambda images: student.regression.forward(in_tenths(images, dataset), w),
        dataset.test_images,
        dataset.test_labels,
        tiers,
        hint="Are the examples shuffled together with their labels, and does each batch give a "
        "step of its own?",
    )
