"""Hidden tests of tensors.py: other sizes, other dtypes, other values."""

import numpy as np
import pytest
import torch

from grader.checks import CheckFailure, assert_allclose, assert_raises, assert_unchanged


@pytest.mark.task("polynomial_gradient", points=1)
def test_slopes_everywhere(student, rng):
    """The slope is right at random points, and where differences of values would be too coarse."""
    for x in [*rng.normal(0.0, 5.0, 5).tolist(), -1e6, 1e7]:
        assert_allclose(
            student.tensors.polynomial_gradient(x),
            3 * x**2 + 8 * x + 2,
            rtol=1e-5,
            atol=1e-4,
            name=f"the slope at {x:g}",
        )


def problem(rng, dtype, sizes):
    """Make weights, examples and labels of some sizes."""
    N, inputs, hidden, classes = sizes
    w1 = torch.tensor(rng.normal(0.0, 1.0, (inputs, hidden)), dtype=dtype)
    w2 = torch.tensor(rng.normal(0.0, 1.0, (hidden, classes)), dtype=dtype)
    X = torch.tensor(rng.normal(0.0, 1.5, (N, inputs)), dtype=dtype)
    return w1, w2, X, torch.tensor(rng.integers(0, classes, N))


def after_a_step(w1, w2, X, labels, learning_rate):
    """Compute the loss before a step, and both weights after it."""
    w1, w2 = w1.clone().requires_grad_(), w2.clone().requires_grad_()
    logits = torch.sigmoid(X @ w1) @ w2
    loss = -torch.log_softmax(logits, dim=1)[range(len(X)), labels].mean()
    slopes = torch.autograd.grad(loss, (w1, w2))
    pairs = zip((w1, w2), slopes, strict=True)
    return loss.item(), *((w - learning_rate * slope).detach() for w, slope in pairs)


def assert_step(student, given, values, learning_rate):
    """Fail unless a step with these leaves gives the loss and the weights that it should."""
    _, _, X, labels = values
    tolerance = 1e-9 if X.dtype == torch.float64 else 1e-5
    loss = student.tensors.two_layer_step(*given, X, labels, learning_rate)
    expected = after_a_step(*values, learning_rate)
    assert_allclose(loss, expected[0], rtol=tolerance, atol=tolerance, name="the loss")
    for w, wanted, name in zip(given, expected[1:], ("w1", "w2"), strict=True):
        assert_allclose(w.detach(), wanted, name=f"{name} after the step")
        if w.grad is not None:
            assert_allclose(w.grad, torch.zeros_like(wanted), name=f"{name}.grad")


@pytest.mark.task("two_layer_step", points=1)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_steps_of_all_sizes(student, rng, dtype):
    """One example or many, any number of neurons and classes, and steps of any length."""
    for *sizes, learning_rate in [(1, 3, 5, 2, 1.0), (7, 5, 2, 4, 0.1), (4, 1, 1, 3, 3.0)]:
        values = problem(rng, dtype, sizes)
        given = [student.probes.leaf(w) for w in values[:2]]
        assert_step(student, given, values, learning_rate)


@pytest.mark.task("two_layer_step", points=1)
def test_what_was_left_from_before_plays_no_part(student, rng):
    """Gradients that the weights have already take no part, and X and the labels stay."""
    values = problem(rng, torch.float64, (5, 4, 3, 3))
    left = [torch.tensor(rng.normal(0.0, 9.0, tuple(w.shape))) for w in values[:2]]
    given = [student.probes.leaf(w, g) for w, g in zip(values[:2], left, strict=True)]
    assert_step(student, given, values, 0.3)
    given = [student.probes.leaf(w) for w in values[:2]]
    names = ("w1", "w2", "X", "labels")
    assert_unchanged(student.tensors.two_layer_step, *given, *values[2:], 0.3, names=names)


def assert_places(student, elements, expected, *, hint=""):
    """Fail unless `elements` is made of what is expected, on the devices that are expected."""
    found = student.probes.places(elements)
    if found != expected:
        raise CheckFailure(f"to_device gives {found}, expected {expected}", hint)


@pytest.mark.task("to_device", points=1)
def test_named_tuples_stay_named_tuples(student):
    """A named tuple is moved as one, wherever it lies, and what it held stays where it was."""
    x = torch.zeros(2)
    pair = student.probes.pair([x, "a"], x)
    hint = "type(elements)(*parts) makes a named tuple, and type(elements)(parts) a tuple or list."
    on_meta = "Pair(list(tensor on meta, 'a'), tensor on meta)"
    moved = student.tensors.to_device(pair, "meta")
    assert_places(student, moved, on_meta, hint=hint)
    moved = student.tensors.to_device({1: [pair]}, "meta")
    assert_places(student, moved, f"dict(1: list({on_meta}))", hint=hint)
    unchanged = "Pair(list(tensor on cpu, 'a'), tensor on cpu)"
    if student.probes.places(pair) != unchanged:
        raise CheckFailure("to_device changed the list that it was given", "Make a new list.")


@pytest.mark.task("to_device", points=1)
def test_modules_and_odd_things(student, rng):
    """Modules move too, a device may be an object, and what cannot move is as it was."""
    array = rng.normal(0.0, 1.0, 3)
    elements = [student.probes.dense_model(), (), {}, [], "meta", 2.5, True, b"x"]
    expected = "list(module on meta, tuple(), dict(), list(), 'meta', 2.5, True, b'x')"
    device = student.probes.device("meta")
    assert_places(student, student.tensors.to_device(elements, device), expected)
    moved = student.tensors.to_device((array, None), "meta")
    if type(moved) is not tuple or len(moved) != 2 or moved[1] is not None:
        raise CheckFailure("a tuple of an array and None became something else")
    assert_allclose(moved[0], array, name="an array, which is no tensor")


@pytest.mark.task("images_to_tensor", points=1)
def test_images_of_all_shapes(student, rng):
    """Any height and width, one image or many, one to four channels, however they lie in memory."""
    for shape in [(1, 5, 7), (4, 6, 3), (3, 2, 5, 3), (1, 4, 6, 1), (2, 3, 7, 4)]:
        images = rng.integers(0, 256, shape, dtype=np.uint8)
        first = images[:, np.newaxis] if len(shape) == 3 else np.moveaxis(images, -1, 1)
        expected = torch.tensor(first / 255, dtype=torch.float32)
        result = assert_unchanged(student.tensors.images_to_tensor, images, names=("images",))
        assert_allclose(result, expected, name=f"the tensor of images {shape}")
    images = rng.integers(0, 256, (6, 8, 5), dtype=np.uint8)
    for strided in (images[::2, :, 1:4], images.transpose(0, 2, 1), np.asfortranarray(images)):
        expected = torch.tensor(strided[:, np.newaxis] / 255, dtype=torch.float32)
        result = student.tensors.images_to_tensor(strided)
        assert_allclose(result, expected, name=f"the tensor of images {strided.shape}, strided")


@pytest.mark.task("images_to_tensor", points=1)
def test_no_batch_of_images(student):
    """An array of two or five dimensions is no batch of images: ValueError."""
    for shape in [(28, 28), (2, 3, 4, 5, 3), (6,)]:
        images = np.zeros(shape, np.uint8)
        name = f"images_to_tensor of {shape}"
        assert_raises(ValueError, student.tensors.images_to_tensor, images, name=name)
