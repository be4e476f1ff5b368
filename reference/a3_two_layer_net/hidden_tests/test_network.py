"""Hidden tests of network.py: every activation, whole epochs, and images nobody has seen."""

from itertools import combinations

import numpy as np
import pytest

from grader.checks import (
    CheckFailure,
    assert_accuracy,
    assert_allclose,
    assert_gradient,
    assert_raises,
    assert_unchanged,
    show_curve,
)

SETTINGS = {
    "mnist": {"epochs": 4, "batch_size": 50, "learning_rate": 0.1, "momentum": 0.5},
    "digits": {"epochs": 30, "batch_size": 20, "learning_rate": 0.1, "momentum": 0.5},
}
ACTIVATIONS = {
    "sigmoid": lambda z: np.exp(-np.logaddexp(0.0, -z)),
    "tanh": np.tanh,
    "relu": lambda z: (z + np.abs(z)) / 2,
}
SLOPES = {
    "sigmoid": lambda z: np.exp(-np.logaddexp(0.0, -z) - np.logaddexp(0.0, z)),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: (1 + np.sign(z)) / 2,
}
XOR = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
XOR_LABELS = np.array([0, 1, 1, 0])


def problem(rng, N, inputs, hidden, classes, scale=1.0):
    """Make N examples with a 1 at their end, labels, and weights."""
    X = rng.normal(size=(N, inputs))
    X[:, -1] = 1.0
    weights = [
        scale * rng.normal(size=(inputs, hidden)),
        scale * rng.normal(size=(hidden, classes)),
    ]
    return X, rng.integers(0, classes, N), weights


def network(modules, weights, activation="sigmoid"):
    """Make a network with these two matrices as weights."""
    sizes = [*weights[0].shape, weights[1].shape[1]]
    rng = np.random.default_rng(0)
    net = modules.network.TwoLayerNet(*sizes, activation=activation, rng=rng)
    net.weights = [w.copy() for w in weights]
    return net


def pair(value, name):
    """Give the two parts of a list or tuple."""
    if type(value) not in (list, tuple) or len(value) != 2:
        raise CheckFailure(f"{name} should be a list of two arrays")
    return value


def train(modules, net, X, labels, *, seed=1, **settings):
    """Train, and give the history as an array."""
    history = modules.network.train(net, X, labels, **settings, rng=np.random.default_rng(seed))
    if type(history) is not list:
        raise CheckFailure("train should return a list of losses")
    return np.array(history, dtype=np.float64)


def assert_weights(net, expected):
    """Compare both matrices."""
    for name, w, wanted in zip(
        ("w1", "w2"), pair(net.weights, "net.weights"), expected, strict=True
    ):
        assert_allclose(w, wanted, atol=1e-8, name=name)


def logits_of(X, w1, w2, activation):
    """Compute the logits."""
    return ACTIVATIONS[activation](X.astype(np.float64) @ w1) @ w2


def probabilities_of(X, w1, w2, activation):
    """Compute the probabilities by NumPy's own log-sum-exp."""
    logits = logits_of(X, w1, w2, activation)
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])


def losses_of(X, labels, w1, w2, activation):
    """Compute the loss of each example."""
    logits = logits_of(X, w1, w2, activation)
    right = np.take_along_axis(logits, labels[:, None].astype(np.int64), 1)[:, 0]
    return np.logaddexp.reduce(logits, axis=1) - right


def shifted(images, rng):
    """Move each image by at most one pixel, in each direction by itself."""
    N, H, W = images.shape
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = rng.integers(0, 3, N)[:, None, None] + np.arange(H)[None, :, None]
    columns = rng.integers(0, 3, N)[:, None, None] + np.arange(W)[None, None, :]
    return framed[np.arange(N)[:, None, None], rows, columns]


def in_whole_numbers(images, dataset):
    """Standardise images and round them to bytes: an eighth of what float64 needs."""
    mean, std = dataset.pixel_mean, dataset.pixel_std
    standardised = np.rint((np.arange(256) - mean) / std).astype(np.int8)
    pixels = standardised[images].reshape(len(images), -1)
    return np.hstack([pixels, np.ones((len(images), 1), np.int8)])


@pytest.mark.task("TwoLayerNet", points=2)
def test_probabilities_of_every_activation(student, rng):
    """Each activation, any sizes, a single example, whole numbers, slices, and huge logits."""
    for activation in ACTIVATIONS:
        X, _, weights = problem(rng, 6, 5, 4, 3)
        net = network(student, weights, activation)
        result = assert_unchanged(net.forward, X, names=("X",))
        name = f"{activation}: probabilities"
        assert_allclose(result, probabilities_of(X, *weights, activation), name=name)
        whole = rng.integers(-9, 9, (5, 8)).astype(np.int8)[:, ::-1].T
        for examples in (whole, X[2:3]):
            result = net.forward(examples)
            assert_allclose(result, probabilities_of(examples, *weights, activation), name=name)
        weights[1] = weights[1] * 5000
        net.weights = weights
        expected = probabilities_of(X, *weights, activation)
        assert_allclose(net.forward(X), expected, name=f"{name} with huge logits")


@pytest.mark.task("TwoLayerNet", points=1)
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_gradients_of_every_activation(student, rng, activation):
    """Both gradients agree with central differences, for weights that are not small."""
    X, labels, weights = problem(rng, 7, 4, 5, 3, scale=1.5)
    net = network(student, weights, activation)
    loss, gradients = pair(net.backward(X, labels), "what backward returns")
    assert_allclose(loss, float(np.mean(losses_of(X, labels, *weights, activation))), name="loss")
    dw1, dw2 = pair(gradients, "gradients")
    assert_gradient(
        lambda w2: np.mean(losses_of(X, labels, weights[0], w2, activation)),
        weights[1],
        dw2,
        name="dw2",
        sizes={"N": 7},
        rng=rng,
    )
    slope, z = SLOPES[activation], X @ weights[0]
    dh = (probabilities_of(X, *weights, activation) - np.eye(3)[labels]) @ weights[1].T / 7
    assert_gradient(
        lambda w1: np.mean(losses_of(X, labels, w1, weights[1], activation)),
        weights[0],
        dw1,
        name="dw1",
        sizes={"N": 7},
        suspects={
            "The slope of the activation is missing on the way back.": X.T @ dh,
            "The slope is taken at h, which came out of the activation. It belongs to z, which "
            "went in.": X.T @ (dh * slope(ACTIVATIONS[activation](z))),
        },
        rng=rng,
    )


@pytest.mark.task("TwoLayerNet", points=1)
def test_the_bias_row_has_a_gradient(student, rng):
    """Where all inputs but the last are 0, only the last row of w1 has a gradient."""
    _, labels, weights = problem(rng, 4, 5, 3, 4)
    X = np.zeros((4, 5))
    X[:, -1] = 1.0
    net = network(student, weights, "tanh")
    _, gradients = pair(net.backward(X, labels), "what backward returns")
    dw1, _ = pair(gradients, "gradients")
    error = probabilities_of(X, *weights, "tanh") - np.eye(4)[labels]
    expected = np.zeros((5, 3))
    expected[-1] = np.mean(error @ weights[1].T, axis=0) * SLOPES["tanh"](weights[0][-1])
    assert_allclose(dw1, expected, name="dw1")


@pytest.mark.task("TwoLayerNet", points=1)
def test_one_example_and_many_inputs(student, rng):
    """A single image with its label as a byte; whole numbers; and huge logits in the loss."""
    X, labels, weights = problem(rng, 1, 785, 8, 10)
    net = network(student, weights, "tanh")
    loss, gradients = pair(net.backward(X, labels.astype(np.uint8)), "what backward returns")
    assert_allclose(loss, float(losses_of(X, labels, *weights, "tanh")[0]), name="N = 1: loss")
    _, dw2 = pair(gradients, "gradients")
    error = probabilities_of(X, *weights, "tanh") - np.eye(10)[labels]
    assert_allclose(dw2, np.tanh(X @ weights[0]).T @ error, name="N = 1: dw2")

    X, labels, weights = problem(rng, 6, 4, 3, 5)
    X = np.rint(20 * X).astype(np.int8)
    weights[1] = weights[1] * 500
    net = network(student, weights, "relu")
    answer = assert_unchanged(net.backward, X, labels, names=("X", "labels"))
    loss, gradients = pair(answer, "what backward returns")
    expected = float(np.mean(losses_of(X, labels, *weights, "relu")))
    assert_allclose(loss, expected, name="huge logits: loss")
    dw1, _ = pair(gradients, "gradients")
    error = (probabilities_of(X, *weights, "relu") - np.eye(5)[labels]) / 6
    dz = error @ weights[1].T * SLOPES["relu"](X @ weights[0])
    assert_allclose(dw1, X.T @ dz, name="huge logits: dw1")


@pytest.mark.task("TwoLayerNet", points=1)
def test_networks_are_their_weights(student, rng):
    """A network uses the weights it was given last, keeps them, and shares them with no other."""
    X, labels, weights = problem(rng, 5, 4, 3, 2)
    net, other = network(student, weights), network(student, [-w for w in weights])
    first, _ = pair(net.backward(X, labels), "what backward returns")
    again, _ = pair(net.backward(X, labels), "what backward returns")
    assert_allclose(again, first, name="loss of a second backward")
    assert_weights(net, weights)
    assert_weights(other, [-w for w in weights])
    net.weights = [2 * w for w in weights]
    expected = probabilities_of(X, 2 * weights[0], 2 * weights[1], "sigmoid")
    assert_allclose(net.forward(X), expected, name="probabilities with doubled weights")

    begun = [
        student.network.TwoLayerNet(9, 6, 7, activation="relu", rng=np.random.default_rng(seed))
        for seed in (5, 5, 6)
    ]
    matrices = [pair(net.weights, "net.weights") for net in begun]
    assert_weights(begun[1], matrices[0])
    parts = []  # of their intervals, in the order in which they were drawn
    for name, shape, w, elsewhere in zip(
        ("w1", "w2"), ((9, 6), (6, 7)), matrices[0], matrices[2], strict=True
    ):
        limit = float(np.sqrt(6 / sum(shape)))
        assert_allclose(w, np.zeros(shape), rtol=0.0, atol=limit, name=name)
        if np.any(w == elsewhere):
            raise CheckFailure(f"{name} is the same with another generator", "Pass `rng` on.")
        parts.append(w.ravel()[:42] / limit)
    if np.allclose(parts[0], parts[1]):
        raise CheckFailure("w1 and w2 are drawn alike", "One generator draws both, one by one.")


@pytest.mark.task("TwoLayerNet", points=1)
def test_networks_refuse_what_does_not_fit(student, rng):
    """Unknown names, rows without their axis, and columns or labels too many or too few."""
    X, labels, weights = problem(rng, 4, 3, 2, 2)
    net = network(student, [weights[0], 0 * weights[1]], "tanh")
    loss, _ = pair(net.backward(X, labels), "what backward returns")
    assert_allclose(loss, np.log(2.0), name="loss")
    for activation in ("Sigmoid", "softmax", ""):
        name = f"activation={activation!r}"
        make = student.network.TwoLayerNet
        assert_raises(ValueError, make, activation=activation, rng=rng, name=name)
    for wrong in (X[0], np.hstack([X, X]), X[:, 1:], X[np.newaxis]):
        assert_raises(ValueError, net.forward, wrong, name=f"forward of X {wrong.shape}")
        assert_raises(ValueError, net.backward, wrong, labels, name=f"backward of X {wrong.shape}")
    for wrong in (labels[:3], labels[:1], np.append(labels, 0), labels[:, np.newaxis]):
        name = f"backward with labels {wrong.shape}"
        assert_raises(ValueError, net.backward, X, wrong, name=name)


def follow(history, net, X, labels, *, epochs, batch_size, learning_rate, momentum):
    """Retrace a training from its losses, whatever the order of the examples, and train `net`.

    A loss tells which examples its batch had: those with this loss under the
    weights of this step. With them the step can be taken here as well.
    """
    steps = -(-len(X) // batch_size)
    assert_allclose(len(history), epochs * steps, name="len(history)")
    velocity = [0.0, 0.0]
    left: list[int] = []
    for step, loss in enumerate(history):
        left = left or list(range(len(X)))
        found = None
        for rows in map(list, combinations(left, min(batch_size, len(left)))):
            expected, gradients = net.backward(X[rows], labels[rows])
            if abs(loss - expected) <= 1e-8:
                found = rows, gradients
        if found is None:
            raise CheckFailure(
                f"the loss of step {step + 1} is {loss:.6g}, which no {batch_size} of the examples "
                "have that this epoch has not had yet",
                "Either the weights are wrong after the steps before, or an example comes twice.",
            )
        left = [row for row in left if row not in found[0]]
        velocity = [
            momentum * v - learning_rate * g for v, g in zip(velocity, found[1], strict=True)
        ]
        net.weights = [w + v for w, v in zip(net.weights, velocity, strict=True)]


@pytest.mark.task("train", points=1)
def test_every_step_is_a_step_of_its_own(student, reference, rng):
    """Whatever the order: each batch has examples not seen yet, and gives a right step."""
    for activation, batch_size, momentum in [("tanh", 1, 0.0), ("sigmoid", 2, 0.7)]:
        X, labels, weights = problem(rng, 6, 4, 3, 3)
        settings = {"epochs": 2, "batch_size": batch_size, "learning_rate": 0.5}
        settings["momentum"] = momentum
        net, twin = (network(modules, weights, activation) for modules in (student, reference))
        history = train(student, net, X, labels, **settings)
        follow(history, twin, X, labels, **settings)
        assert_weights(net, twin.weights)


@pytest.mark.task("train", points=1)
def test_the_last_batch_is_smaller(student, reference, rng):
    """Ten copies of one example in batches of 4, 4 and 2: each step is that of one example."""
    X, labels, weights = problem(rng, 1, 4, 3, 3)
    net, twin = (network(modules, weights, "tanh") for modules in (student, reference))
    settings = {"learning_rate": 0.3, "momentum": 0.6}
    copies, same = X.repeat(10, axis=0), labels.repeat(10)
    history = train(student, net, copies, same, epochs=2, batch_size=4, **settings)
    expected = train(reference, twin, X, labels, epochs=6, batch_size=1, **settings)
    assert_allclose(history, expected, name="history of ten equal examples in batches of 4")
    assert_weights(net, twin.weights)
    net, twin = network(student, weights), network(reference, weights)
    history = train(student, net, copies, same, epochs=2, batch_size=64, **settings)
    expected = train(reference, twin, X, labels, epochs=2, batch_size=1, **settings)
    assert_allclose(history, expected, name="history in batches of up to 64")


@pytest.mark.task("train", points=1)
def test_orders_are_drawn_anew(student, rng):
    """Each epoch has all examples once, in an order of its own that follows from the generator."""
    X, _, weights = problem(rng, 12, 4, 5, 2)
    labels = np.zeros(12, np.int64)
    settings = {"epochs": 3, "batch_size": 1, "learning_rate": 0.0}
    net = network(student, weights)
    history, again, other = (
        train(student, net, X, labels, seed=seed, **settings) for seed in (3, 3, 4)
    )
    losses = losses_of(X, labels, *weights, "sigmoid")
    assert_allclose(len(history), 36, name="len(history)", hint="One loss for each step.")
    for epoch in range(3):
        part = np.sort(history[12 * epoch : 12 * epoch + 12])
        assert_allclose(part, np.sort(losses), name=f"losses of epoch {epoch + 1}, sorted")
    assert_allclose(again, history, name="history with an equal generator")
    orders = [np.argsort(history[start : start + 12]).tolist() for start in (0, 12, 24)]
    if orders[0] == orders[1] or orders[1] == orders[2]:
        raise CheckFailure("two epochs have the same order", "Shuffle anew in each.")
    if np.argsort(other[:12]).tolist() == orders[0]:
        raise CheckFailure("another generator gives the same order", "Let `rng` draw the order.")


@pytest.mark.task("train", points=1)
def test_training_leaves_its_arguments_alone(student, rng):
    """X and the labels stay as they were, whole numbers are welcome, and misfits are refused."""
    X, labels, weights = problem(rng, 7, 4, 3, 3)
    X, labels = np.rint(3 * X).astype(np.int8), labels.astype(np.uint8)
    settings = {"epochs": 2, "batch_size": 3, "learning_rate": 0.1}
    net, twin = network(student, weights, "tanh"), network(student, weights, "tanh")
    history = assert_unchanged(
        student.network.train,
        net,
        X,
        labels,
        names=("net", "X", "labels"),
        rng=np.random.default_rng(1),
        **settings,
    )
    expected = train(student, twin, X.astype(np.float64), labels.astype(np.int64), **settings)
    assert_allclose(history, expected.tolist(), name="history with whole numbers")
    assert_weights(net, twin.weights)
    for examples, wrong in (
        (X, labels[:6]),
        (X, np.append(labels, labels)),
        (X, labels[:, np.newaxis]),
        (X[0], labels[:4]),
    ):
        name = f"train with X {examples.shape} and labels {wrong.shape}"
        settings["rng"] = np.random.default_rng(0)
        assert_raises(
            ValueError, student.network.train, net, examples, wrong, name=name, **settings
        )


@pytest.mark.task("train", points=2)
def test_shifted_images_of_renamed_classes_are_read(student, dataset, tiers, rng):
    """A network of sigmoids reads images that it cannot know: shifted, with the digits renamed."""
    names = rng.permutation(10)
    first, second = rng.spawn(2)
    net = student.network.TwoLayerNet(rng=first)
    X, labels = in_whole_numbers(dataset.train_images, dataset), names[dataset.train_labels]
    show_curve(student.network.train(net, X, labels, **SETTINGS[dataset.name], rng=second))
    assert_accuracy(
        lambda images: net.forward(in_whole_numbers(images, dataset)),
        shifted(dataset.test_images, rng),
        names[dataset.test_labels],
        tiers,
        name="accuracy on shifted images",
    )


@pytest.mark.task("train_xor", points=1)
def test_xor_is_learned_from_any_start(student):
    """XOR is learned whatever the generator, by the weights that the network shows."""
    for seed in range(4):
        net = student.network.train_xor(np.random.default_rng(100 + seed))
        name = f"seed {seed}: accuracy on the four points of XOR"
        assert_accuracy(net.forward, XOR, XOR_LABELS, {0.9: 1.0}, name=name)
    w1, w2 = pair(net.weights, "net.weights")
    assert_allclose(w1, np.zeros((3, np.shape(w1)[-1])), rtol=0.0, atol=np.inf, name="w1")
    assert_allclose(w2, np.zeros((w1.shape[1], 2)), rtol=0.0, atol=np.inf, name="w2")
    p = net.forward(XOR)
    known = [probabilities_of(XOR, w1, w2, activation) for activation in ACTIVATIONS]
    if not any(np.allclose(p, expected) for expected in known):
        raise CheckFailure(
            "with no activation do w1 and w2 give the probabilities of the network",
            "train_xor returns a TwoLayerNet, which computes what its weights say.",
        )


@pytest.mark.task("train_xor", points=1)
def test_xor_follows_from_the_generator(student):
    """Equal generators train equal networks, and different ones different networks."""
    weights = []
    for seed in (8, 8, 9):
        net = student.network.train_xor(np.random.default_rng(seed))
        assert_accuracy(net.forward, XOR, XOR_LABELS, {0.9: 1.0}, name="accuracy on XOR")
        weights.append(pair(net.weights, "net.weights")[0])
    assert_allclose(weights[1], weights[0], name="w1 with an equal generator")
    if np.shape(weights[2]) == np.shape(weights[0]) and np.allclose(weights[2], weights[0]):
        raise CheckFailure(
            "another generator gives the same network", "Let `rng` draw the weights."
        )
