"""Hidden tests of model.py: random weights and gradients, and networks of other layers."""

import re

import pytest
import torch
from torch.nn import functional

from grader.checks import CheckFailure, assert_allclose, assert_raises

SHAPES = [(32, 1, 3, 3), (32,), (64, 32, 3, 3), (64,), (10, 2304), (10,)]


def random_tensor(rng, shape, scale=1.0):
    """Draw a tensor of float32."""
    return torch.tensor(rng.normal(0.0, scale, shape), dtype=torch.float32)


def small_cnn(values, images):
    """Compute the logits of the small network."""
    x = functional.conv2d(images, values[0], values[1], padding=1)
    x = functional.max_pool2d(functional.relu(x), 2)
    x = functional.conv2d(x, values[2], values[3])
    x = functional.max_pool2d(functional.relu(x), 2)
    return functional.linear(x.flatten(1), values[4], values[5])


@pytest.mark.task("SmallCNN", points=2)
def test_logits_and_gradients(student, rng):
    """Whatever the weights: logits and gradients are those of the layers in the table."""
    model = student.model.SmallCNN()
    for number in (1, 3):
        values = [random_tensor(rng, shape, 0.2).requires_grad_() for shape in SHAPES]
        student.probes.set_parameters(model, [value.detach() for value in values])
        images = random_tensor(rng, (number, 1, 28, 28))
        expected = small_cnn(values, images)
        logits = student.probes.output(model, images)
        assert_allclose(logits, expected.detach(), rtol=1e-4, atol=1e-4, name="logits")
        upstream = random_tensor(rng, (number, 10))
        expected.backward(upstream)
        found = student.probes.gradients(model, images, upstream)
        for gradient, value, shape in zip(found, values, SHAPES, strict=True):
            name = f"the gradient of the parameter of shape {shape}"
            assert_allclose(gradient, value.grad, rtol=1e-3, atol=1e-3, name=name)


@pytest.mark.task("SmallCNN", points=1)
def test_images_do_not_meet(student, rng):
    """An image has the same logits alone and among others, and each time."""
    model = student.model.SmallCNN()
    images = random_tensor(rng, (4, 1, 28, 28))
    together = student.probes.output(model, images)
    again = student.probes.output(model, images)
    alone = [student.probes.output(model, images[i : i + 1]) for i in range(4)]
    assert_allclose(torch.cat(alone), together, rtol=1e-4, atol=1e-4, name="logits, one by one")
    assert_allclose(again, together, name="logits of the same images again")


def message_of(function, *args, **kwargs):
    """Give the message of the ValueError that a function raises."""
    assert_raises(ValueError, function, *args, **kwargs)
    try:
        function(*args, **kwargs)
    except ValueError as error:
        return str(error)


def assert_names_position(function, layers, position, **kwargs):
    """Fail unless a function raises a ValueError that names the position of a layer."""
    message = message_of(function, layers, **kwargs)
    if str(position) not in re.findall(r"(?<![\d.])\d+(?![\d.]*\d)", message):
        raise CheckFailure(f"{message[:200]!r} does not name position {position}")


@pytest.mark.task("build_sequential", points=1)
def test_layers_get_all_their_arguments(student, rng):
    """Strides, padding and groups arrive, and the network computes what its layers say."""
    layers = [
        {"layer": "Conv2d", "in_channels": 4, "out_channels": 6, "kernel_size": [3, 2]}
        | {"stride": 2, "padding": [1, 0], "groups": 2},
        {"layer": "LeakyReLU", "negative_slope": 0.3},
        {"layer": "AvgPool2d", "kernel_size": 2, "stride": 1},
        {"layer": "Flatten"},
        {"layer": "Linear", "in_features": 54, "out_features": 5, "bias": False},
        {"layer": "Tanh"},
    ]
    model = student.model.build_sequential(layers)
    shapes = [(6, 2, 3, 2), (6,), (5, 54)]
    values = [random_tensor(rng, shape, 0.4) for shape in shapes]
    found = [tuple(parameter.shape) for parameter in student.probes.parameters(model)]
    if found != shapes:
        raise CheckFailure(f"the parameters have shapes {found}, expected {shapes}")
    student.probes.set_parameters(model, values)
    images = random_tensor(rng, (2, 4, 7, 8))
    x = functional.conv2d(images, *values[:2], stride=2, padding=(1, 0), groups=2)
    x = functional.avg_pool2d(functional.leaky_relu(x, 0.3), 2, stride=1)
    expected = torch.tanh(x.flatten(1) @ values[2].T)
    assert_allclose(student.probes.output(model, images), expected, name="the output")
    kinds = student.probes.kinds(student.model.build_sequential([{"layer": "ReLU"}] * 3))
    if kinds != ["Sequential", *["ReLU"] * 3]:
        raise CheckFailure(f"three ReLUs become {kinds}")


@pytest.mark.task("build_sequential", points=1)
def test_all_kinds_of_wrong_layers(student):
    """Names that are no layers, missing arguments and impossible ones: ValueError, with a place."""
    build = student.model.build_sequential
    good = {"layer": "ReLU"}
    groups = {"in_channels": 8, "out_channels": 8, "kernel_size": 3, "groups": 5}
    for wrong in (
        {"layer": "relu"},
        {"layer": "functional"},
        {"layer": "Conv2d", "in_channels": 9, "out_channels": 9},
        {"layer": "Conv2d", **groups},
        {"layer": "ReLU", "in_features": 9},
        {"layer": "Dropout", "p": 17.5},
    ):
        for position in (0, 2):
            layers = [good] * position + [wrong] + [good] * (3 - position)
            assert_names_position(build, layers, position)
    message_of(build, '[[layers]]\nlayer = "ReLU"')


@pytest.mark.task("build_sequential", points=1)
def test_looking_whether_layers_fit_leaves_no_trace(student):
    """The first misfit is named; a network that fits is new and in training mode."""
    layers = [
        {"layer": "BatchNorm2d", "num_features": 7},
        {"layer": "Conv2d", "in_channels": 7, "out_channels": 9, "kernel_size": 5},
        {"layer": "Dropout", "p": 0.5},
        {"layer": "BatchNorm2d", "num_features": 9},
        {"layer": "MaxPool2d", "kernel_size": 11},
        {"layer": "Flatten"},
        {"layer": "Linear", "in_features": 9, "out_features": 10},
    ]
    build = student.model.build_sequential
    model = build(layers, input_shape=(7, 15, 15))
    if model.training is not True:
        raise CheckFailure("the new network is not in training mode")
    fresh = [torch.zeros(7), torch.ones(7), torch.tensor(0)]
    fresh += [torch.zeros(9), torch.ones(9), torch.tensor(0)]
    for buffer, expected in zip(student.probes.buffers(model), fresh, strict=True):
        hint = "Batch normalisation counts what it is given in training mode."
        assert_allclose(buffer, expected, name="a buffer of the new network", hint=hint)
    for shape, position in (((8, 15, 15), 0), ((7, 14, 15), 4), ((7, 30, 15), 6), ((7, 4, 15), 1)):
        assert_names_position(build, layers, position, input_shape=shape)
    two_inputs = {"layer": "Bilinear", "in1_features": 4, "in2_features": 4, "out_features": 5}
    assert_names_position(build, [{"layer": "ReLU"}, two_inputs], 1, input_shape=(3, 4, 4))


@pytest.mark.task("count_parameters", points=1)
def test_what_is_frozen_does_not_count(student):
    """Frozen layers and running means do not count: 15 weights are left."""
    count = student.model.count_parameters(student.probes.frozen_model())
    assert_allclose(count, 15, name="the count of a model with a frozen layer")


@pytest.mark.task("count_parameters", points=1)
def test_what_is_used_twice_counts_once(student):
    """A layer of 20 numbers that is used in two places has 20 parameters."""
    count = student.model.count_parameters(student.probes.shared_model())
    assert_allclose(count, 20, name="the count of a model that uses a layer twice")
