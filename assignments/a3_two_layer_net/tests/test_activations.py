"""Public tests of activations.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_unchanged

Z = np.array([[-2.0, 0.5], [3.0, -0.25]])
STABLE = "e to the power of 1000 is infinite. Can you write it so that no exponent is positive?"
AT_Z = "z is what went *into* the function. What came out of it is another number."


@pytest.mark.task("sigmoid", points=1)
def test_values_of_sigmoid(student):
    """Sigmoid is a half at 0, three quarters at log 3, and a quarter at -log 3."""
    z = np.array([0.0, np.log(3.0), -np.log(3.0)])
    result = assert_unchanged(student.activations.sigmoid, z, names=("z",))
    assert_allclose(result, np.array([0.5, 0.75, 0.25]), name="sigmoid(z)")


@pytest.mark.task("sigmoid", points=1)
def test_sigmoid_far_out(student):
    """At -1000 sigmoid is 0 and at 1000 it is 1: no NaN."""
    assert_allclose(
        student.activations.sigmoid(np.array([[-1000.0, 1000.0]])),
        np.array([[0.0, 1.0]]),
        name="sigmoid(z)",
        hint=STABLE,
    )


@pytest.mark.task("sigmoid_gradient", points=1)
def test_slopes_of_sigmoid(student):
    """The slope of sigmoid is 1/4 at 0, and 3/16 at log 3 and at -log 3."""
    z = np.array([0.0, np.log(3.0), -np.log(3.0), 1000.0])
    assert_allclose(
        student.activations.sigmoid_gradient(z),
        np.array([0.25, 0.1875, 0.1875, 0.0]),
        name="sigmoid_gradient(z)",
        hint=AT_Z,
    )


@pytest.mark.task("tanh", points=1)
def test_values_of_tanh(student):
    """Tanh is 0 at 0, 0.6 at log 2, and -1 and 1 far out."""
    z = np.array([0.0, np.log(2.0), -1000.0, 1000.0])
    result = assert_unchanged(student.activations.tanh, z, names=("z",))
    assert_allclose(result, np.array([0.0, 0.6, -1.0, 1.0]), name="tanh(z)", hint=STABLE)


@pytest.mark.task("tanh_gradient", points=1)
def test_slopes_of_tanh(student):
    """The slope of tanh is 1 at 0, and 1 - 0.6² at log 2."""
    assert_allclose(
        student.activations.tanh_gradient(np.array([0.0, np.log(2.0), 1000.0])),
        np.array([1.0, 0.64, 0.0]),
        name="tanh_gradient(z)",
        hint=AT_Z,
    )


@pytest.mark.task("relu", points=1)
def test_values_of_relu(student):
    """ReLU keeps what is positive and leaves the argument as it was."""
    result = assert_unchanged(student.activations.relu, Z, names=("z",))
    assert_allclose(result, np.array([[0.0, 0.5], [3.0, 0.0]]), name="relu(z)")


@pytest.mark.task("relu_gradient", points=1)
def test_slopes_of_relu(student):
    """The slope of ReLU is 1 where z is positive, and 0 where it is negative."""
    result = assert_unchanged(student.activations.relu_gradient, Z, names=("z",))
    assert_allclose(
        result,
        np.array([[0.0, 1.0], [1.0, 0.0]]),
        name="relu_gradient(z)",
        hint="The slope of z is 1, however large z is, and it is a float.",
    )


@pytest.mark.task("leaky_relu", points=1)
def test_values_of_leaky_relu(student):
    """A hundredth of what is negative comes through, or as much as alpha says."""
    result = assert_unchanged(student.activations.leaky_relu, Z, names=("z",))
    assert_allclose(result, np.array([[-0.02, 0.5], [3.0, -0.0025]]), name="leaky_relu(z)")
    assert_allclose(
        student.activations.leaky_relu(Z, 0.2),
        np.array([[-0.4, 0.5], [3.0, -0.05]]),
        name="leaky_relu(z, 0.2)",
    )


@pytest.mark.task("leaky_relu_gradient", points=1)
def test_slopes_of_leaky_relu(student):
    """The slope is 1 where z is positive, and alpha where it is negative."""
    leaky_relu_gradient = student.activations.leaky_relu_gradient
    result = assert_unchanged(leaky_relu_gradient, Z, names=("z",))
    assert_allclose(result, np.array([[0.01, 1.0], [1.0, 0.01]]), name="leaky_relu_gradient(z)")
    assert_allclose(
        leaky_relu_gradient(Z, alpha=0.2),
        np.array([[0.2, 1.0], [1.0, 0.2]]),
        name="leaky_relu_gradient(z, alpha=0.2)",
    )


@pytest.mark.task("elu", points=1)
def test_values_of_elu(student):
    """ELU is -1/2 at -log 2, close to -1 far left, and z itself where z is positive."""
    z = np.array([-np.log(2.0), -1000.0, 0.5, 3.0])
    result = assert_unchanged(student.activations.elu, z, names=("z",))
    assert_allclose(
        result,
        np.array([-0.5, -1.0, 0.5, 3.0]),
        name="elu(z)",
        hint="alpha · (e to the power of z, less 1) is for negative z alone.",
    )
    deeper = student.activations.elu(z, alpha=3.0)
    assert_allclose(deeper, np.array([-1.5, -3.0, 0.5, 3.0]), name="elu(z, alpha=3)")


@pytest.mark.task("elu_gradient", points=1)
def test_slopes_of_elu(student):
    """The slope of ELU is 1 where z is positive, and alpha · e to the power of z elsewhere."""
    z = np.array([-np.log(2.0), -1000.0, 0.5, 3.0])
    assert_allclose(
        student.activations.elu_gradient(z, alpha=3.0),
        np.array([1.5, 0.0, 1.0, 1.0]),
        name="elu_gradient(z, alpha=3)",
        hint=AT_Z,
    )
