"""Public tests of training.py."""

import time

import numpy as np
import pytest
import torch
from torch.nn import functional

from grader.checks import CheckFailure, assert_accuracy, assert_allclose

# Five examples of 1 × 2 × 2 pixels, and a linear classifier for three classes.
EXAMPLES = torch.tensor(
    [
        [0.9, -0.2, 0.4, 1.0],
        [0.1, 0.8, -0.6, 0.3],
        [0.5, 0.5, 0.0, -1.0],
        [-0.7, 0.2, 0.9, 0.6],
        [1.5, -1.0, 0.3, 0.2],
    ]
).reshape(5, 1, 2, 2)
LABELS = torch.tensor([2, 0, 1, 1, 0])
WEIGHT = torch.tensor([[0.5, -1.0, 0.2, 0.8], [1.0, 0.3, -0.5, 0.0], [-0.4, 0.6, 0.1, -0.9]])

YARDSTICKS = 2000  # that `fit` may take: three times what an epoch of a small network does
MOST_SECONDS = 80.0


def descend(weight, images, labels, batch_size, learning_rate):
    """Go through the examples in their order; give the mean loss and the new weights."""
    w, total = weight.numpy().astype(np.float64), 0.0
    X, y = images.flatten(1).numpy().astype(np.float64), labels.numpy()
    for start in range(0, len(X), batch_size):
        rows = slice(start, start + batch_size)
        exponentials = np.exp(X[rows] @ w.T)
        p = exponentials / exponentials.sum(axis=1, keepdims=True)
        chosen = np.eye(len(w))[y[rows]]
        total -= np.log((p * chosen).sum(axis=1)).sum()
        w = w - learning_rate * (p - chosen).T @ X[rows] / len(p)
    return total / len(X), torch.tensor(w, dtype=torch.float32)


def number(value, name):
    """Give a number, which may be in a tensor that needs no gradient."""
    plain = type(value) is torch.Tensor and value.shape == () and not value.requires_grad
    if not plain and type(value) is torch.Tensor:
        raise CheckFailure(f"{name} should be a number", "`.item()` makes one of a loss.")
    return value.item() if plain else value


def numbered_images(count):
    """Make images that all differ, and give them labels in turn."""
    images = np.random.default_rng(1).integers(0, 256, (count, 28, 28), dtype=np.uint8)
    return images, np.arange(count, dtype=np.int64) % 10


def order_of(batches, images, name):
    """Say which image each of the batches' images is."""
    known = {image.tobytes(): position for position, image in enumerate(images)}
    found = torch.cat([part for part, _ in batches])
    pixels = np.rint(found.numpy()[:, 0] * 255).astype(np.uint8)
    order = [known.get(image.tobytes(), -1) for image in pixels]
    if sorted(order) != list(range(len(images))):
        raise CheckFailure(f"{name} does not give each image once, with pixels from 0 to 1")
    return order


@pytest.mark.task("make_loader", points=1)
def test_batches_in_their_order(student):
    """Ten images in batches of 4, 4 and 2, as `images_to_tensor` makes them, with their labels."""
    images, labels = numbered_images(10)
    loader = student.training.make_loader(images, labels, 4, shuffle=False)
    batches = student.probes.batches(loader)
    assert_allclose(len(batches), 3, name="the number of batches", hint="4, 4 and 2 images.")
    pixels = torch.tensor(images[:, np.newaxis] / 255, dtype=torch.float32)
    for position, start in enumerate((0, 4, 8)):
        rows = slice(start, start + 4)
        found, given = batches[position]
        assert_allclose(found, pixels[rows], name=f"the images of batch {position}")
        expected = torch.tensor(labels[rows])
        assert_allclose(given, expected, name=f"the labels of batch {position}")


@pytest.mark.task("make_loader", points=1)
def test_every_epoch_has_an_order_of_its_own(student):
    """Shuffled: each image once, with its label, in an order that is new in each epoch."""
    images, labels = numbered_images(30)
    loader = student.training.make_loader(images, labels, 7, shuffle=True, seed=5)
    orders = []
    for epoch in (1, 2):
        batches = student.probes.batches(loader)
        order = order_of(batches, images, f"epoch {epoch}")
        given = torch.cat([part for _, part in batches])
        hint = "Images and labels are shuffled together."
        assert_allclose(given, torch.tensor(labels[order]), name="the labels", hint=hint)
        orders.append(order)
    if orders[0] == list(range(30)):
        raise CheckFailure("with shuffle=True the images come in their old order")
    if orders[0] == orders[1]:
        raise CheckFailure("two epochs have the same order", "Shuffle anew in each.")


@pytest.mark.task("train_epoch", points=1)
def test_an_epoch_of_one_batch(student):
    """One batch, one step: the loss before it, and the weights after it."""
    expected, weight = descend(WEIGHT, EXAMPLES, LABELS, 5, 0.5)
    model = student.probes.witness(WEIGHT)
    loader = student.probes.loader(EXAMPLES, LABELS, 5)
    loss = student.training.train_epoch(model, loader, student.probes.sgd(model, 0.5))
    assert_allclose(
        number(loss, "the loss"),
        expected,
        rtol=1e-5,
        name="the loss",
        hint="The model gives logits, and `cross_entropy` takes them as they are.",
    )
    found = student.probes.parameters(model)[0]
    assert_allclose(found, weight, name="the weights after the epoch")


@pytest.mark.task("train_epoch", points=1)
def test_an_epoch_of_three_batches(student):
    """Batches of 2, 2 and 1: three steps, and the mean of the losses of five examples."""
    expected, weight = descend(WEIGHT, EXAMPLES, LABELS, 2, 0.5)
    model = student.probes.witness(WEIGHT)
    loader = student.probes.loader(EXAMPLES, LABELS, 2)
    loss = student.training.train_epoch(model, loader, student.probes.sgd(model, 0.5))
    found = student.probes.parameters(model)[0]
    assert_allclose(
        found,
        weight,
        name="the weights after the epoch",
        hint="Each step has a gradient of its own: zero it before `backward`, not after.",
    )
    assert_allclose(
        number(loss, "the mean loss"),
        expected,
        rtol=1e-5,
        name="the mean loss",
        hint="A batch of one example counts half as much as a batch of two.",
    )


@pytest.mark.task("train_epoch", points=1)
def test_an_epoch_trains_in_training_mode(student):
    """Batch normalisation and dropout must know that this is a training."""
    model = student.probes.witness(WEIGHT, training=False)
    loader = student.probes.loader(EXAMPLES, LABELS, 2)
    student.training.train_epoch(model, loader, student.probes.sgd(model, 0.5))
    calls = model.calls
    if not calls or not all(call["training"] is True for call in calls):
        raise CheckFailure(
            "the model was not in training mode when it was called",
            "`model.train()` puts a model into training mode.",
        )


@pytest.mark.task("evaluate", points=1)
def test_three_of_four_are_right(student):
    """The first class wins for bright images and the second one for dark ones."""
    weight = torch.cat([torch.full((1, 784), 1.0), torch.full((1, 784), -1.0)])
    weight[:, 0] = torch.tensor([0.0, 400.0])
    images = np.full((4, 28, 28), 255, np.uint8)
    images[1:3, 1:] = 0
    model = student.probes.witness(weight)
    accuracy = student.training.evaluate(model, images, np.array([0, 1, 0, 0]))
    assert_allclose(
        number(accuracy, "the accuracy"),
        0.75,
        rtol=1e-5,
        name="the accuracy",
        hint="Count for how many images the largest logit is that of the label.",
    )


@pytest.mark.task("evaluate", points=1)
def test_an_evaluation_only_looks(student):
    """It computes in evaluation mode and without a graph, and leaves the mode as it was."""
    images, labels = numbered_images(6)
    for training in (True, False):
        model = student.probes.witness(torch.ones(10, 784), training=training)
        student.training.evaluate(model, images, labels)
        calls = model.calls
        if not calls or any(call["training"] is not False for call in calls):
            raise CheckFailure("the model was called in training mode", "Call model.eval() first.")
        if any(call["gradients"] is not False for call in calls):
            raise CheckFailure("a graph was built", "Compute under torch.no_grad().")
        if model.training is not training:
            mode = "training" if training else "evaluation"
            hint = "Note `model.training` before you change it."
            raise CheckFailure(f"the model was in {mode} mode, and is not any more", hint)


def time_a_step():
    """Time forward and backward passes of two convolutions, the yardstick of this machine."""
    images = torch.ones(128, 1, 28, 28)
    filters = torch.ones(16, 1, 5, 5), torch.ones(32, 16, 3, 3)
    for weights in filters:
        weights.requires_grad_()
    rounds = 20
    for round_ in range(rounds + 2):
        if round_ == 2:
            began = time.perf_counter()
        x = functional.conv2d(images, filters[0], stride=2, padding=2).relu()
        functional.conv2d(x, filters[1], padding=1).relu().sum().backward()
    return (time.perf_counter() - began) / rounds


def pixels_of(images):
    """Bring images into the form in which networks of PyTorch take them."""
    return torch.tensor(images[:, np.newaxis] / 255, dtype=torch.float32)


def shuffled(dataset, rng):
    """Give the training images in a new order; few ones in several copies, moved a little."""
    images, labels = dataset.train_images, dataset.train_labels
    if len(images) < 10_000:
        moves = [(down, right) for down in range(-2, 3) for right in range(-2, 3)]
        images = np.concatenate([np.roll(images, move, axis=(1, 2)) for move in moves])
        labels = np.tile(labels, len(moves))
    order = rng.permutation(len(images))
    return images[order], labels[order]


def train_in_time(student, images, labels, yardsticks):
    """Let `fit` train a model; fail if it takes more than a quarter longer than it may."""
    seconds = min(yardsticks * time_a_step(), MOST_SECONDS)
    began = time.monotonic()
    model = student.training.fit(images, labels, seconds=seconds)
    needed = time.monotonic() - began
    if needed > 1.25 * seconds:
        raise CheckFailure(
            f"fit took {needed:.1f} s, where it was given {seconds:.1f} s",
            "Look at time.monotonic() while you train, and stop in time.",
        )
    return model


@pytest.mark.task("fit", points=1)
def test_a_short_training_trains_it_all(student, dataset, rng):
    """After a second with 300 images: a module, trained in all its parts, that gives logits."""
    rows = rng.permutation(len(dataset.train_images))[:300]
    images, labels = dataset.train_images[rows], dataset.train_labels[rows]
    watch = student.probes.watch_optimizers()
    model = student.training.fit(images, labels, seconds=1.0)
    if student.probes.is_module(model) is not True:
        raise CheckFailure("fit did not return a module", "What it has trained, it returns.")
    left_out = student.probes.left_out(watch, model)
    if left_out:
        raise CheckFailure(
            f"the optimizer did not hold all parameters of the model: {left_out} were left out",
            "`model.parameters()` are all that the model has.",
        )
    scores = student.probes.predict(model, pixels_of(images))
    assert_allclose(np.shape(scores), (300, 10), name="the shape of the logits")
    if np.all(scores >= 0) and np.allclose(scores.sum(axis=1), 1.0, atol=1e-3):
        raise CheckFailure(
            "the model gives probabilities, expected logits",
            "Nothing comes after the last layer: `cross_entropy` brings its own softmax.",
        )


@pytest.mark.task("fit", points=6)
def test_handwritten_digits_are_learned(student, dataset, tiers, rng):
    """In the time that it is given, fit trains a network that reads handwritten digits."""
    model = train_in_time(student, *shuffled(dataset, rng), YARDSTICKS)
    assert_accuracy(
        lambda images: student.probes.predict(model, pixels_of(images)),
        dataset.test_images,
        dataset.test_labels,
        tiers,
        hint="Was the network trained on all images, and did its learning rate come to rest?",
    )
