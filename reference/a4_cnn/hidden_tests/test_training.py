"""Hidden tests of training.py: other optimizers and sizes, and digits by other names."""

import time

import numpy as np
import pytest
import torch
from torch.nn import functional

from grader.checks import CheckFailure, assert_accuracy, assert_allclose, assert_unchanged

YARDSTICKS = 700  # that the second training may take
MOST_SECONDS = 40.0
PART = 15_000  # images of it


def number(value, name):
    """Give a number, which may be in a tensor that needs no gradient."""
    plain = type(value) is torch.Tensor and value.shape == () and not value.requires_grad
    if not plain and type(value) is torch.Tensor:
        raise CheckFailure(f"{name} should be a number", "`.item()` makes one of a loss.")
    return value.item() if plain else value


def examples(rng, count):
    """Draw images and labels."""
    images = rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    return images, rng.integers(0, 10, count)


def pixels_of(images):
    """Bring images into the form in which networks of PyTorch take them."""
    return torch.tensor(images[:, np.newaxis] / 255, dtype=torch.float32)


def first_pixels(batches):
    """Give a number for each image, in the order in which they come."""
    return torch.cat([images[:, 0, 0, 0] for images, _ in batches]).tolist()


@pytest.mark.task("make_loader", points=1)
def test_orders_follow_from_the_seed_alone(student, rng):
    """Equal seeds give equal epochs, whatever the global generator does; others give others."""
    images, labels = examples(rng, 40)
    images[:, 0, 0] = rng.permutation(40)
    orders = []
    for global_seed, seed in ((1, 3), (2, 3), (2, 4)):
        student.probes.seed(global_seed)
        loader = student.training.make_loader(images, labels, 9, shuffle=True, seed=seed)
        orders.append([first_pixels(student.probes.batches(loader)) for _ in range(3)])
    hint = "Give the loader a torch.Generator of its own, seeded with `seed`."
    if orders[0] != orders[1]:
        raise CheckFailure("two loaders with equal seeds give different orders", hint)
    if any(one == other for one, other in zip(orders[1], orders[2], strict=True)):
        raise CheckFailure("two loaders with different seeds give the same order", hint)
    by_itself = student.training.make_loader(images, labels, 9, shuffle=True)
    with_zero = student.training.make_loader(images, labels, 9, shuffle=True, seed=0)
    first, second = (first_pixels(student.probes.batches(each)) for each in (by_itself, with_zero))
    if first != second:
        raise CheckFailure("without a seed the order is not that of seed 0")


@pytest.mark.task("make_loader", points=1)
def test_the_global_generator_is_left_alone(student, rng):
    """Making a loader draws nothing from the global generator, and does not seed it."""
    images, labels = examples(rng, 12)
    student.probes.seed(11)
    expected = student.probes.drawn()
    student.probes.seed(11)
    loader = student.training.make_loader(images, labels, 5, shuffle=True, seed=7)
    hint = "torch.manual_seed seeds the generator that all other code draws from."
    assert_allclose(student.probes.drawn(), expected, name="the next number drawn", hint=hint)
    drawn = []
    for global_seed in (1, 2):
        student.probes.seed(global_seed)
        student.probes.batches(loader)
        drawn.append(student.probes.drawn())
    if drawn[0] == drawn[1]:
        raise CheckFailure("an epoch of the loader seeds the global generator", hint)


@pytest.mark.task("make_loader", points=1)
def test_batches_of_all_sizes(student, rng):
    """Batches of one, of a size that divides, of one that does not, and of more than there is."""
    images, labels = examples(rng, 6)
    expected, right = pixels_of(images), torch.tensor(labels)
    for size, count in ((1, 6), (3, 2), (4, 2), (6, 1), (50, 1)):
        make = student.training.make_loader
        names = ("images", "labels")
        loader = assert_unchanged(make, images, labels, size, shuffle=False, names=names)
        batches = student.probes.batches(loader)
        assert_allclose(len(batches), count, name=f"the number of batches of {size}")
        found = torch.cat([part for part, _ in batches])
        assert_allclose(found, expected, name="all images, one batch after the other")
        found = torch.cat([part for _, part in batches])
        assert_allclose(found, right, name="all labels, one batch after the other")


def problem(rng, count, classes=4, pixels=9):
    """Draw weights, images and labels for a linear classifier."""
    weight = torch.tensor(rng.normal(0.0, 1.0, (classes, pixels)), dtype=torch.float32)
    shape = (count, 1, 3, pixels // 3)
    images = torch.tensor(rng.normal(0.0, 1.0, shape), dtype=torch.float32)
    return weight, images, torch.tensor(rng.integers(0, classes, count))


def descend(weight, images, labels, batch_size, learning_rate, momentum, epochs):
    """Train a linear classifier with momentum; give the mean loss of each epoch, and the weights.

    It is computed in float64.
    """
    w, X = weight.numpy().astype(np.float64), images.flatten(1).numpy().astype(np.float64)
    targets = np.eye(len(w))[labels.numpy()]
    velocity, means = np.zeros_like(w), []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, len(X), batch_size):
            rows = slice(start, start + batch_size)
            exponentials = np.exp(X[rows] @ w.T)
            p = exponentials / exponentials.sum(axis=1, keepdims=True)
            total -= np.log((p * targets[rows]).sum(axis=1)).sum()
            velocity = momentum * velocity + (p - targets[rows]).T @ X[rows] / len(p)
            w = w - learning_rate * velocity
        means.append(total / len(X))
    return means, torch.tensor(w, dtype=torch.float32)


def assert_epochs(student, model, values, *, momentum, epochs):
    """Fail unless epochs of a witness have the losses and the weights that they should."""
    weight, images, labels = values
    expected, wanted = descend(weight, images, labels, 4, 0.3, momentum, epochs)
    optimizer = student.probes.sgd(model, 0.3, momentum)
    loader = student.probes.loader(images, labels, 4)
    for epoch in range(epochs):
        loss = student.training.train_epoch(model, loader, optimizer)
        name = f"the mean loss of epoch {epoch + 1}"
        assert_allclose(number(loss, name), expected[epoch], rtol=1e-4, atol=1e-5, name=name)
    found = student.probes.parameters(model)[0]
    name = f"the weights after {epochs} epochs"
    assert_allclose(found, wanted, rtol=1e-4, atol=1e-4, name=name)


@pytest.mark.task("train_epoch", points=1)
def test_the_optimizer_takes_the_steps(student, rng):
    """Several epochs with momentum, in batches of 4 and a last one that is smaller."""
    for count in (9, 8, 3):
        values = problem(rng, count)
        model = student.probes.witness(values[0])
        assert_epochs(student, model, values, momentum=0.8, epochs=3)


@pytest.mark.task("train_epoch", points=1)
def test_a_gradient_from_before_plays_no_part(student, rng):
    """Whatever gradient the parameters have when the epoch begins, it takes no part."""
    values = problem(rng, 10)
    left = torch.tensor(rng.normal(0.0, 50.0, (4, 9)), dtype=torch.float32)
    model = student.probes.witness(values[0], gradient=left)
    assert_epochs(student, model, values, momentum=0.0, epochs=1)


@pytest.mark.task("train_epoch", points=1)
def test_no_graph_is_kept(student, rng):
    """The mode is right in each epoch, and the graph of a batch goes when its step is done."""
    weight, images, labels = problem(rng, 12)
    model = student.probes.witness(weight, training=False)
    optimizer = student.probes.sgd(model, 0.1)
    loader = student.probes.loader(images, labels, 2)
    for _ in range(2):
        student.training.train_epoch(model, loader, optimizer)
        model.eval()
    calls = model.calls
    if len(calls) != 12 or not all(call["training"] is True for call in calls):
        raise CheckFailure("each of the batches goes once through the model, in training mode")
    kept = max(call["graphs"] for call in calls)
    if kept > 2:
        raise CheckFailure(
            f"the graphs of {kept} batches were in memory at once",
            "A loss holds the graph of its batch. Keep `loss.item()`, which is a number.",
        )


@pytest.mark.task("evaluate", points=1)
def test_accuracies_of_many_images(student, rng):
    """One image, or more than a thousand: each counts the same, and none is left out."""
    for count in (1, 7, 1130):
        images, labels = examples(rng, count)
        weight = torch.tensor(rng.normal(0.0, 1.0, (10, 784)), dtype=torch.float32)
        predicted = (pixels_of(images).flatten(1) @ weight.T).argmax(dim=1).numpy()
        known = rng.random(count) < np.linspace(0.2, 0.9, count)
        labels = np.where(known, predicted, labels)
        model = student.probes.witness(weight)
        names = ("model", "images", "labels")
        evaluate = student.training.evaluate
        accuracy = assert_unchanged(evaluate, model, images, labels, names=names)
        expected = float(np.mean(predicted == labels))
        name = f"the accuracy on {count} images"
        assert_allclose(number(accuracy, name), expected, rtol=1e-5, atol=1e-5, name=name)


@pytest.mark.task("evaluate", points=1)
def test_the_model_gets_images_as_in_training(student, rng):
    """The model is given (N, 1, 28, 28), pixels from 0 to 1, and each image once."""
    images, labels = examples(rng, 30)
    images[3, 5, 7] = 255
    model = student.probes.witness(torch.ones(10, 784))
    student.training.evaluate(model, images, labels)
    calls = model.calls
    shapes = [call["shape"] for call in calls]
    if any(shape[1:] != (1, 28, 28) for shape in shapes):
        raise CheckFailure(f"the model is given images of shapes {shapes}", "images_to_tensor?")
    seen = sum(shape[0] for shape in shapes)
    assert_allclose(seen, 30, name="how many images the model is given")
    brightest = max(call["brightest"] for call in calls)
    hint = "images_to_tensor brings pixels into the range from 0 to 1."
    assert_allclose(brightest, 1.0, rtol=1e-5, name="the brightest pixel", hint=hint)


@pytest.mark.task("evaluate", points=1)
def test_an_evaluation_leaves_no_trace(student, rng):
    """Parameters, running means and both modes are afterwards as they were before."""
    images, labels = examples(rng, 9)
    model = student.probes.normalising_model()
    before = student.probes.parameters(model), student.probes.buffers(model)
    for training in (True, False, True):
        model.train(training)
        student.training.evaluate(model, images, labels)
        if model.training is not training:
            mode = "training" if training else "evaluation"
            raise CheckFailure(f"the model was in {mode} mode, and is not any more")
        after = student.probes.parameters(model), student.probes.buffers(model)
        for name, old, new in zip(("parameters", "buffers"), before, after, strict=True):
            hint = "In training mode, batch normalisation counts what it sees."
            assert_allclose(new, old, rtol=0.0, atol=0.0, name=f"the model's {name}", hint=hint)


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


def shifted(images, rng):
    """Shift each image by up to one pixel in each direction; its border is black."""
    moved, moves = images.copy(), rng.integers(-1, 2, (len(images), 2))
    for move in np.unique(moves, axis=0):
        rows = np.all(moves == move, axis=1)
        moved[rows] = np.roll(images[rows], tuple(move), axis=(1, 2))
    return moved


def part_of(dataset, rng):
    """Give some training images in a random order, few ones repeatedly, each moved a little."""
    rows = np.resize(rng.permutation(len(dataset.train_images)), PART)
    return shifted(dataset.train_images[rows], rng), dataset.train_labels[rows]


def renamed(rng):
    """Draw a new name for each digit, which is never its own."""
    circle = rng.permutation(10)
    names = np.empty(10, np.int64)
    names[circle] = np.roll(circle, 1)
    return names


def reads_true_names(answers, labels):
    """Whether most of the answers are the digits' own names."""
    if not all(type(answer) is np.ndarray and answer.ndim == 2 for answer in answers):
        return False
    read = np.concatenate([answer.argmax(axis=1) for answer in answers])
    return float(np.mean(read == labels[: len(read)])) > 0.5


@pytest.mark.task("fit", points=7)
def test_renamed_digits_are_learned(student, dataset, tiers, rng):
    """A second, short training with the digits renamed, read off images that are shifted."""
    names = renamed(rng)
    images, labels = part_of(dataset, rng)
    seconds = min(YARDSTICKS * time_a_step(), MOST_SECONDS)
    began = time.monotonic()
    model = student.training.fit(images, names[labels], seconds=seconds)
    needed = time.monotonic() - began
    if needed > 1.25 * seconds:
        raise CheckFailure(f"fit took {needed:.1f} s, where it was given {seconds:.1f} s")
    answers = []

    def predict(images):
        answers.append(student.probes.predict(model, pixels_of(images)))
        return answers[-1]

    tests = shifted(dataset.test_images, rng)
    try:
        assert_accuracy(predict, tests, names[dataset.test_labels], tiers)
    except CheckFailure:
        if reads_true_names(answers, dataset.test_labels):
            raise CheckFailure(
                "in this training every digit had another digit's name, and the network calls"
                " them by their own: its weights do not come from this training",
                "fit learns from the images and labels that it is given, and from nothing else.",
            ) from None
        raise
