"""Public tests of tensors.py."""

import numpy as np
import pytest
import torch

from grader.checks import CheckFailure, assert_allclose, assert_unchanged

# Three examples of two numbers; three hidden neurons, and two classes.
X = torch.tensor([[2.0, -1.0], [0.5, 3.0], [-1.0, 0.0]])
LABELS = torch.tensor([1, 0, 1])
W1 = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.3, -0.5]])
W2 = torch.tensor([[1.0, -1.0], [0.0, 2.0], [-1.5, 0.5]])


def step_by_hand(w1, w2, X, labels, learning_rate):
    """Compute the loss, and both weights after the step, by backpropagation in NumPy."""
    w1, w2, X = (tensor.numpy().astype(np.float64) for tensor in (w1, w2, X))
    hidden = 1 / (1 + np.exp(-X @ w1))
    exponentials = np.exp(hidden @ w2)
    p = exponentials / exponentials.sum(axis=1, keepdims=True)
    chosen = np.eye(w2.shape[1])[labels.numpy()]
    dlogits = (p - chosen) / len(X)
    dz = dlogits @ w2.T * hidden * (1 - hidden)
    loss = -float(np.log((p * chosen).sum(axis=1)).mean())
    return loss, w1 - learning_rate * X.T @ dz, w2 - learning_rate * hidden.T @ dlogits


def assert_step(w1, w2, expected1, expected2, *, hint=""):
    """Fail unless both weights are as expected; they are float32."""
    for w, expected, name in ((w1, expected1, "w1"), (w2, expected2, "w2")):
        wanted = torch.tensor(expected, dtype=torch.float32)
        assert_allclose(w.detach(), wanted, name=f"{name} after the step", hint=hint)


@pytest.mark.task("polynomial_gradient", points=1)
def test_the_slope_at_three(student):
    """x³ + 4x² + 2x + 6 rises by 53 at 3, by 2 at 0, and falls by 3 at -1."""
    for x, slope in ((3.0, 53.0), (0.0, 2.0), (-1.0, -3.0)):
        assert_allclose(
            student.tensors.polynomial_gradient(x),
            slope,
            rtol=1e-5,
            atol=1e-5,
            name=f"the slope at {x:g}",
            hint="After `backward` the slope is in `.grad`; `.item()` makes a number of it.",
        )


@pytest.mark.task("two_layer_step", points=1)
def test_the_loss_before_the_step(student):
    """The loss is the mean cross-entropy of the three examples, before anything changes."""
    w1, w2 = student.probes.leaf(W1), student.probes.leaf(W2)
    loss, _, _ = step_by_hand(W1, W2, X, LABELS, 0.5)
    found = student.tensors.two_layer_step(w1, w2, X, LABELS, 0.5)
    hint = "The sigmoid belongs into the hidden layer alone: `cross_entropy` takes logits."
    if type(found) is not float:
        hint = "`.item()` makes a float of a tensor that holds one number."
    assert_allclose(found, loss, rtol=1e-5, name="the loss", hint=hint)


@pytest.mark.task("two_layer_step", points=1)
def test_a_step_changes_both_weights(student):
    """Each weight moves by -learning_rate times its gradient, and stays a leaf."""
    w1, w2 = student.probes.leaf(W1), student.probes.leaf(W2)
    _, expected1, expected2 = step_by_hand(W1, W2, X, LABELS, 0.5)
    student.tensors.two_layer_step(w1, w2, X, LABELS, 0.5)
    hint = "Both weights change in place: `w -= …` under torch.no_grad()."
    assert_step(w1, w2, expected1, expected2, hint=hint)
    for w, name in ((w1, "w1"), (w2, "w2")):
        if w.requires_grad is not True or w.is_leaf is not True:
            raise CheckFailure(f"{name} is no leaf that requires a gradient any more", hint)


@pytest.mark.task("two_layer_step", points=1)
def test_gradients_do_not_pile_up(student):
    """Two steps are two steps: the second uses its own gradient, and leaves none behind."""
    w1, w2 = student.probes.leaf(W1), student.probes.leaf(W2)
    _, once1, once2 = step_by_hand(W1, W2, X, LABELS, 0.5)
    _, twice1, twice2 = step_by_hand(torch.tensor(once1), torch.tensor(once2), X, LABELS, 0.5)
    student.tensors.two_layer_step(w1, w2, X, LABELS, 0.5)
    assert_step(w1, w2, once1, once2, hint="Both weights change in place.")
    student.tensors.two_layer_step(w1, w2, X, LABELS, 0.5)
    hint = "`backward` adds to `.grad`: what a step has used must be gone before the next."
    assert_step(w1, w2, twice1, twice2, hint=hint)
    for w, values, name in ((w1, W1, "w1"), (w2, W2, "w2")):
        if w.grad is not None:
            assert_allclose(w.grad, torch.zeros_like(values), name=f"{name}.grad", hint=hint)


def assert_places(student, elements, expected, *, hint=""):
    """Fail unless `elements` is made of what is expected, on the devices that are expected."""
    found = student.probes.places(elements)
    if found != expected:
        raise CheckFailure(f"to_device gives {found}, expected {expected}", hint)


@pytest.mark.task("to_device", points=1)
def test_containers_are_moved_with_all_they_hold(student):
    """Tensors move to the "meta" device, also from lists, tuples and dicts in each other."""
    x = torch.zeros(2, 3)
    for elements, expected in (
        (x, "tensor on meta"),
        ([x, "a", None, 3], "list(tensor on meta, 'a', None, 3)"),
        ((x, [x, (x,)]), "tuple(tensor on meta, list(tensor on meta, tuple(tensor on meta)))"),
        ({"images": x, "names": ["a"]}, "dict(images: tensor on meta, names: list('a'))"),
    ):
        moved = student.tensors.to_device(elements, "meta")
        hint = "A container is moved by moving each of its elements: let to_device call itself."
        assert_places(student, moved, expected, hint=hint)


@pytest.mark.task("to_device", points=1)
def test_everything_stays_without_a_gpu(student):
    """Without a device it is CUDA that is meant, and without CUDA nothing changes."""
    device = student.probes.usual_device()
    moved = student.tensors.to_device([torch.zeros(2), (torch.ones(2), "a")])
    expected = f"list(tensor on {device}, tuple(tensor on {device}, 'a'))"
    hint = "torch.cuda.is_available() says whether there is a device."
    assert_places(student, moved, expected, hint=hint)


@pytest.mark.task("images_to_tensor", points=1)
def test_the_axis_of_channels_comes_second(student):
    """A grey image gets one channel, and the three of a coloured one come before its rows."""
    grey = np.array([[[0, 51, 102], [153, 204, 255]]], dtype=np.uint8)
    result = assert_unchanged(student.tensors.images_to_tensor, grey, names=("images",))
    expected = torch.tensor([[[[0.0, 0.2, 0.4], [0.6, 0.8, 1.0]]]])
    assert_allclose(result, expected, name="a batch of one grey image")
    red_to_blue = np.array([[[[255, 0, 0], [0, 51, 255]]]], dtype=np.uint8)
    expected = torch.tensor([[[[1.0, 0.0]], [[0.0, 0.2]], [[0.0, 1.0]]]])
    assert_allclose(
        student.tensors.images_to_tensor(red_to_blue),
        expected,
        name="a batch of one coloured image",
        hint="Move the axis (permute or transpose); reshaping mixes the pixels up.",
    )
