"""Hidden tests of activations.py: any shape, whole numbers, and numbers far out."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_unchanged

HUGE = np.array([-1e4, -745.2, -709.9, -40.0, 40.0, 709.9, 745.2, 1e4])


def sigmoid(z):
    """Compute exp(-log(1 + exp(-z))), by NumPy's own stable logarithm."""
    return np.exp(-np.logaddexp(0.0, -z))


def sigmoid_slope(z):
    """Compute sigmoid(z) · sigmoid(-z)."""
    return np.exp(-np.logaddexp(0.0, -z) - np.logaddexp(0.0, z))


def tanh(z):
    """Compute tanh as a sigmoid that is stretched and moved."""
    return 2 * sigmoid(2 * z) - 1


def tanh_slope(z):
    """Compute the slope of the above."""
    return 4 * sigmoid_slope(2 * z)


def leaky(z, alpha=0.01):
    """Compute ReLU and its leaky relatives from the absolute value."""
    return (z + np.abs(z)) / 2 + alpha * (z - np.abs(z)) / 2


def leaky_slope(z, alpha=0.01):
    """Compute the slope of the above from the sign."""
    return (1 + np.sign(z)) / 2 + alpha * (1 - np.sign(z)) / 2


def elu(z, alpha=1.0):
    """Compute ELU as a sum of its two halves."""
    return np.maximum(z, 0.0) + alpha * (np.exp(np.minimum(z, 0.0)) - 1)


def elu_slope(z, alpha=1.0):
    """Compute the slope of the above."""
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))


def check(function, expected, z, *alpha, what):
    """Compare a function with what it should be, and see that z is left alone."""
    result = assert_unchanged(function, z, *alpha, names=("z", "alpha"))
    wanted = np.asarray(expected(z.astype(np.float64), *alpha))
    alphas = "".join(f", alpha = {value:g}" for value in alpha)
    assert_allclose(result, wanted if wanted.ndim else float(wanted), name=f"{what}{alphas}")


def check_shapes(function, expected, rng, *alpha):
    """Compare on arrays of several shapes, one of them a slice of another array."""
    for shape in [(7,), (4, 3), (2, 3, 4), (1, 1), ()]:
        z = np.asarray(3 * rng.normal(size=shape))
        check(function, expected, z, *alpha, what=f"shape {shape}")
    check(function, expected, 3 * rng.normal(size=(6, 4))[::2].T, *alpha, what="a slice")


def check_numbers(function, expected, *alpha):
    """Compare on whole numbers, and far from 0."""
    for dtype, numbers in ((np.int8, [-128, -3, -1, 2, 127]), (np.uint8, [1, 2, 200, 255])):
        z = np.array([numbers], dtype)
        check(function, expected, z, *alpha, what=f"{np.dtype(dtype)} numbers")
    check(function, expected, np.array([-1000, -2, 3, 1000]), *alpha, what="int64 numbers")
    check(function, expected, HUGE, *alpha, what="huge numbers")


@pytest.mark.task("sigmoid", points=1)
def test_sigmoid_of_any_shape(student, rng):
    """Arrays of any shape, a single number, and slices."""
    check_shapes(student.activations.sigmoid, sigmoid, rng)


@pytest.mark.task("sigmoid", points=1)
def test_sigmoid_of_whole_and_huge_numbers(student):
    """Bytes do not wrap around, and huge numbers give no NaN."""
    check_numbers(student.activations.sigmoid, sigmoid)


@pytest.mark.task("sigmoid_gradient", points=1)
def test_slope_of_sigmoid_of_any_shape(student, rng):
    """Arrays of any shape, a single number, and slices."""
    check_shapes(student.activations.sigmoid_gradient, sigmoid_slope, rng)


@pytest.mark.task("sigmoid_gradient", points=1)
def test_slope_of_sigmoid_of_whole_and_huge_numbers(student):
    """Bytes do not wrap around, and huge numbers give no NaN."""
    check_numbers(student.activations.sigmoid_gradient, sigmoid_slope)


@pytest.mark.task("tanh", points=1)
def test_tanh_in_general(student, rng):
    """Any shape, whole numbers in full precision, and huge numbers."""
    check_shapes(student.activations.tanh, tanh, rng)
    check_numbers(student.activations.tanh, tanh)


@pytest.mark.task("tanh_gradient", points=1)
def test_slope_of_tanh_in_general(student, rng):
    """Any shape, whole numbers in full precision, and huge numbers."""
    check_shapes(student.activations.tanh_gradient, tanh_slope, rng)
    check_numbers(student.activations.tanh_gradient, tanh_slope)


@pytest.mark.task("relu", points=1)
def test_relu_in_general(student, rng):
    """Any shape, whole numbers as floats, and huge numbers."""
    check_shapes(student.activations.relu, lambda z: leaky(z, 0.0), rng)
    check_numbers(student.activations.relu, lambda z: leaky(z, 0.0))


@pytest.mark.task("relu_gradient", points=1)
def test_slope_of_relu_in_general(student, rng):
    """Any shape, whole numbers as floats, and huge numbers."""
    check_shapes(student.activations.relu_gradient, lambda z: leaky_slope(z, 0.0), rng)
    check_numbers(student.activations.relu_gradient, lambda z: leaky_slope(z, 0.0))


@pytest.mark.task("leaky_relu", points=1)
def test_leaky_relu_in_general(student, rng):
    """Any shape and slope, whole numbers as floats, and huge numbers."""
    leaky_relu = student.activations.leaky_relu
    check_shapes(leaky_relu, leaky, rng)
    for alpha in (0.3, 0.0):
        check_shapes(leaky_relu, leaky, rng, alpha)
        check_numbers(leaky_relu, leaky, alpha)


@pytest.mark.task("leaky_relu_gradient", points=1)
def test_slope_of_leaky_relu_of_any_shape(student, rng):
    """Any shape, with the usual slope and with others."""
    for alpha in [(), (0.3,), (0.0,)]:
        check_shapes(student.activations.leaky_relu_gradient, leaky_slope, rng, *alpha)


@pytest.mark.task("leaky_relu_gradient", points=1)
def test_slope_of_leaky_relu_of_whole_and_huge_numbers(student):
    """Whole numbers have slopes that are floats."""
    for alpha in [(), (0.5,)]:
        check_numbers(student.activations.leaky_relu_gradient, leaky_slope, *alpha)


@pytest.mark.task("elu", points=1)
def test_elu_of_any_shape(student, rng):
    """Any shape, with the usual alpha and with others."""
    for alpha in [(), (0.3,), (2.0,)]:
        check_shapes(student.activations.elu, elu, rng, *alpha)


@pytest.mark.task("elu", points=1)
def test_elu_of_whole_and_huge_numbers(student):
    """Whole numbers do not wrap around, and huge numbers give no NaN."""
    for alpha in [(), (2.0,)]:
        check_numbers(student.activations.elu, elu, *alpha)


@pytest.mark.task("elu_gradient", points=1)
def test_slope_of_elu_of_any_shape(student, rng):
    """Any shape, with the usual alpha and with others."""
    for alpha in [(), (0.3,), (2.0,)]:
        check_shapes(student.activations.elu_gradient, elu_slope, rng, *alpha)


@pytest.mark.task("elu_gradient", points=1)
def test_slope_of_elu_of_whole_and_huge_numbers(student):
    """Whole numbers do not wrap around, and huge numbers give no NaN."""
    for alpha in [(), (2.0,)]:
        check_numbers(student.activations.elu_gradient, elu_slope, *alpha)
