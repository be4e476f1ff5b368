"""Public tests of network.py."""

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
    "mnist": {"epochs": 6, "batch_size": 50, "learning_rate": 0.03, "momentum": 0.5},
    "digits": {"epochs": 30, "batch_size": 20, "learning_rate": 0.02, "momentum": 0.5},
}

# Three examples of two numbers and the 1 of the bias; four neurons, and three classes.
X = np.array([[2.0, -1.0, 1.0], [0.5, 3.0, 1.0], [-1.0, 0.0, 1.0]])
LABELS = np.array([2, 0, 1])
W1 = np.array([[0.5, -1.0, 2.0, 0.1], [1.0, 0.3, -0.5, 1.5], [-0.2, 0.4, 1.0, -1.0]])
W2 = np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -0.5], [-1.5, 0.3, 1.0], [0.7, -0.4, 0.0]])
XOR = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])


def network(student, *weights, activation="sigmoid"):
    """Make a network with these two matrices as weights."""
    sizes = [*weights[0].shape, weights[1].shape[1]]
    rng = np.random.default_rng(0)
    net = student.network.TwoLayerNet(*sizes, activation=activation, rng=rng)
    net.weights = [w.copy() for w in weights]
    return net


def pair(value, name):
    """Give the two parts of a list or tuple."""
    if type(value) not in (list, tuple) or len(value) != 2:
        raise CheckFailure(f"{name} should be a list of two arrays")
    return value


def losses(history):
    """Give the history as an array."""
    if type(history) is not list:
        raise CheckFailure("train should return a list of losses")
    return np.array(history, dtype=np.float64)


def loss_by_definition(w1, w2):
    """Compute the loss of the examples above, with a sigmoid in the hidden layer."""
    hidden = 1 / (1 + np.exp(-(X @ w1)))
    exponentials = np.exp(hidden @ w2)
    return -np.mean(np.log(exponentials[range(3), LABELS] / exponentials.sum(1)))


def in_whole_numbers(images, dataset):
    """Standardise images and round them to bytes: an eighth of what float64 needs."""
    mean, std = dataset.pixel_mean, dataset.pixel_std
    standardised = np.rint((np.arange(256) - mean) / std).astype(np.int8)
    pixels = standardised[images].reshape(len(images), -1)
    return np.hstack([pixels, np.ones((len(images), 1), np.int8)])


@pytest.mark.task("TwoLayerNet", points=1)
def test_a_network_begins_with_random_weights(student):
    """There are 785 × 64 and 64 × 10 weights, drawn by xavier_uniform."""
    net = student.network.TwoLayerNet(rng=np.random.default_rng(1))
    for name, weights, shape in zip(
        ("w1", "w2"), pair(net.weights, "net.weights"), ((785, 64), (64, 10)), strict=True
    ):
        limit = np.sqrt(6 / sum(shape))
        assert_allclose(
            weights,
            np.zeros(shape),
            rtol=0.0,
            atol=limit,
            name=name,
            hint="xavier_uniform(fan_in, fan_out, rng) draws them.",
        )
        assert_allclose(float(np.abs(weights).max()), limit, rtol=0.05, name=f"largest |{name}|")


@pytest.mark.task("TwoLayerNet", points=1)
def test_examples_become_probabilities(student):
    """With 1 and 2 in the hidden layer the second class is three or nine times as likely."""
    weights = np.array([[1.0], [0.0]]), np.array([[0.0, np.log(3.0)]])
    net = network(student, *weights, activation="relu")
    examples = np.array([[1.0, 1.0], [2.0, 1.0], [-5.0, 1.0]])
    result = assert_unchanged(net.forward, examples, names=("X",))
    assert_allclose(
        result,
        np.array([[0.25, 0.75], [0.1, 0.9], [0.5, 0.5]]),
        name="probabilities",
        hint="relu(X @ w1) is 1, 2 and 0 here. The logits are that @ w2, then comes softmax.",
    )


@pytest.mark.task("TwoLayerNet", points=1)
def test_the_loss_of_a_network(student):
    """Zeros in the second layer cost log(3); other weights what their probabilities say."""
    loss, _ = pair(network(student, W1, 0 * W2).backward(X, LABELS), "what backward returns")
    assert_allclose(loss, np.log(3.0), name="loss of w2 = 0", hint="The mean, in nats.")
    loss, _ = pair(network(student, W1, W2).backward(X, LABELS), "what backward returns")
    assert_allclose(loss, loss_by_definition(W1, W2), name="loss")


@pytest.mark.task("TwoLayerNet", points=2)
def test_both_gradients_agree_with_differences(student, rng):
    """dw1 and dw2 agree with central differences of the loss."""
    net = network(student, W1, W2)
    answer = assert_unchanged(net.backward, X, LABELS, names=("X", "labels"))
    _, gradients = pair(answer, "what backward returns")
    dw1, dw2 = pair(gradients, "gradients")
    assert_gradient(
        lambda w2: loss_by_definition(W1, w2),
        W2,
        dw2,
        name="dw2",
        hint="(hidden, classes) comes of a product of (hidden, N) and (N, classes).",
        sizes={"N": 3},
        rng=rng,
    )
    assert_gradient(
        lambda w1: loss_by_definition(w1, W2),
        W1,
        dw1,
        name="dw1",
        hint="From dlogits through w2 to h, through the slope of the activation to z, and with X "
        "to w1.",
        sizes={"N": 3},
        rng=rng,
    )


@pytest.mark.task("TwoLayerNet", points=1)
def test_what_does_not_fit_a_network_is_refused(student):
    """An unknown activation, a single row, missing columns, and (N, 1) labels are refused."""
    make, rng = student.network.TwoLayerNet, np.random.default_rng(0)
    net = network(student, W1, 0 * W2)
    assert_allclose(net.forward(X), np.full((3, 3), 1 / 3), name="probabilities")
    assert_raises(ValueError, make, activation="cube", rng=rng, name='activation="cube"')
    assert_raises(ValueError, net.forward, X[0], name="forward of a single row X")
    assert_raises(ValueError, net.forward, X[:, :2], name="forward of X without its last column")
    assert_raises(
        ValueError,
        net.backward,
        X,
        LABELS.reshape(3, 1),
        name="backward with labels of shape (3, 1)",
        hint="labels.shape must be exactly (N,).",
    )


@pytest.mark.task("train", points=1)
def test_the_first_steps_of_two_layers(student):
    """Three steps with all examples at once: the losses and the weights are these."""
    net = network(
        student, np.array([[1.0, -1.0], [0.0, 0.5]]), np.array([[0.5, -0.5], [-1.0, 1.0]])
    )
    X, labels = np.array([[0.0, 1.0], [2.0, 1.0], [1.0, 1.0]]), np.array([0, 1, 1])
    settings = {"epochs": 3, "batch_size": 3, "learning_rate": 1.0}
    history = student.network.train(net, X, labels, **settings, rng=np.random.default_rng(1))
    assert_allclose(
        losses(history),
        np.array([0.932887730, 0.823965620, 0.758385030]),
        atol=1e-8,
        name="history",
        hint="The first loss is that of the weights which the network has: it is measured before "
        "the first step.",
    )
    w1, w2 = pair(net.weights, "net.weights")
    hint = "Both gradients come from one backward pass; only then do both matrices change."
    expected = np.array([[0.860496951, -0.441377649], [0.016579356, 0.561648976]])
    assert_allclose(w1, expected, atol=1e-8, name="w1", hint=hint)
    expected = np.array([[0.102242534, -0.102242534], [-0.863104503, 0.863104503]])
    assert_allclose(w2, expected, atol=1e-8, name="w2", hint=hint)


@pytest.mark.task("train", points=1)
def test_momentum_keeps_half_of_the_velocity(student):
    """With momentum 0.5 the first two losses are as without, and then it goes faster."""
    net = network(
        student, np.array([[1.0, -1.0], [0.0, 0.5]]), np.array([[0.5, -0.5], [-1.0, 1.0]])
    )
    X, labels = np.array([[0.0, 1.0], [2.0, 1.0], [1.0, 1.0]]), np.array([0, 1, 1])
    settings = {"epochs": 3, "batch_size": 3, "learning_rate": 1.0, "momentum": 0.5}
    history = student.network.train(net, X, labels, **settings, rng=np.random.default_rng(1))
    hint = (
        "v ← momentum · v - learning_rate · gradient, then w ← w + v; v is kept for the next step."
    )
    expected = np.array([0.932887730, 0.823965620, 0.726741600])
    assert_allclose(losses(history), expected, atol=1e-8, name="history", hint=hint)
    w1, _ = pair(net.weights, "net.weights")
    expected = np.array([[0.794816060, -0.214661835], [0.019202193, 0.584487489]])
    assert_allclose(w1, expected, atol=1e-8, name="w1", hint=hint)


@pytest.mark.task("train", points=1)
def test_a_learning_rate_of_zero_changes_nothing(student):
    """With a learning rate of 0 the weights, X and the labels stay as they are."""
    net = network(student, W1, W2)
    history = assert_unchanged(
        student.network.train,
        net,
        X,
        LABELS,
        names=("net", "X", "labels"),
        epochs=4,
        batch_size=3,
        learning_rate=0.0,
        momentum=0.9,
        rng=np.random.default_rng(1),
    )
    assert_allclose(losses(history), np.full(4, loss_by_definition(W1, W2)), name="history")
    w1, w2 = pair(net.weights, "net.weights")
    assert_allclose(w1, W1, name="w1")
    assert_allclose(w2, W2, name="w2")


@pytest.mark.task("train", points=4)
def test_handwritten_digits_are_learned(student, dataset, tiers, rng):
    """Most test images are recognised by a network with 64 ReLUs, after a few epochs."""
    first, second = rng.spawn(2)
    net = student.network.TwoLayerNet(activation="relu", rng=first)
    X, labels = in_whole_numbers(dataset.train_images, dataset), dataset.train_labels
    show_curve(student.network.train(net, X, labels, **SETTINGS[dataset.name], rng=second))

    assert_accuracy(
        lambda images: net.forward(in_whole_numbers(images, dataset)),
        dataset.test_images,
        dataset.test_labels,
        tiers,
        hint="Are the examples shuffled together with their labels, in a new order in each epoch, "
        "and does each batch give a step of its own?",
    )


@pytest.mark.task("train_xor", points=2)
def test_xor_is_learned(student):
    """The four points of XOR have their largest probability at the right class."""
    net = student.network.train_xor(np.random.default_rng(1))
    assert_accuracy(
        net.forward,
        XOR,
        np.array([0, 1, 1, 0]),
        {0.9: 1.0},
        name="accuracy on the four points of XOR",
        hint="It is stuck, or not there yet: try more neurons, more epochs, or another start.",
    )


@pytest.mark.task("train_xor", points=1)
def test_xor_has_a_hidden_layer(student):
    """The network has a matrix of weights for each layer, and gives probabilities."""
    net = student.network.train_xor(np.random.default_rng(2))
    w1, w2 = pair(net.weights, "net.weights")
    hint = "3 inputs, of which the last is always 1; any number of hidden neurons; 2 classes."
    assert_allclose(list(np.shape(w1)[:1]), [3], name="the number of rows of w1", hint=hint)
    assert_allclose(list(np.shape(w2)), [np.shape(w1)[-1], 2], name="the shape of w2", hint=hint)
    p = net.forward(XOR)
    assert_allclose(p, np.full((4, 2), 0.5), rtol=0.0, atol=0.5, name="probabilities")
    assert_allclose(p.sum(axis=1), np.ones(4), name="the sum of each row of probabilities")
