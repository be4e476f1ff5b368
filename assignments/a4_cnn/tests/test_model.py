"""Public tests of model.py."""

import re

import numpy as np
import pytest
import torch

from grader.checks import CheckFailure, assert_allclose, assert_raises

# What the layers of SmallCNN learn, in the order in which an image meets them.
SHAPES = [(32, 1, 3, 3), (32,), (64, 32, 3, 3), (64,), (10, 2304), (10,)]

SMALL = [
    {"layer": "Conv2d", "in_channels": 1, "out_channels": 6, "kernel_size": 5, "bias": False},
    {"layer": "ReLU"},
    {"layer": "MaxPool2d", "kernel_size": 2},
    {"layer": "Flatten"},
    {"layer": "Linear", "in_features": 864, "out_features": 10},
]

TOML = """
[[layer]]
layer = "Conv2d"
in_channels = 1
out_channels = 6
kernel_size = 5
bias = false

[[layer]]
layer = "ReLU"
"""


def assert_kinds(student, model, expected):
    """Fail unless a model is a Sequential of layers of these kinds."""
    found = student.probes.kinds(model)
    if found != ["Sequential", *expected]:
        raise CheckFailure(f"the model is made of {found}, expected a Sequential of {expected}")


def assert_shapes(student, model, expected):
    """Fail unless the parameters of a model have these shapes, in this order."""
    shapes = [tuple(parameter.shape) for parameter in student.probes.parameters(model)]
    if shapes != expected:
        raise CheckFailure(f"the parameters have shapes {shapes}, expected {expected}")


def assert_names_position(function, *args, position, **kwargs):
    """Fail unless a function raises a ValueError that names the position of a layer."""
    name = f"build_sequential with a wrong layer {position}"
    assert_raises(ValueError, function, *args, name=name, **kwargs)
    try:
        function(*args, **kwargs)
    except ValueError as error:
        numbers = re.findall(r"(?<![\d.])\d+(?![\d.]*\d)", str(error))
        if str(position) not in numbers:
            raise CheckFailure(
                f"{name} raised {str(error)[:200]!r}, which does not name position {position}",
                "Count from 0, and write the position into the message.",
            ) from None


@pytest.mark.task("SmallCNN", points=1)
def test_the_parameters_of_a_small_cnn(student):
    """Two convolutions and a linear layer have a weight and a bias each, in their order."""
    shapes = [tuple(p.shape) for p in student.probes.parameters(student.model.SmallCNN())]
    if shapes != SHAPES:
        hint = "Follow the sizes through the layers: 28, 14, 12, 6."
        if len(shapes) < len(SHAPES):
            hint = (
                "Only layers that are attributes of the module, or in an nn.Sequential or "
                "nn.ModuleList that is one, are known to it."
            )
        raise CheckFailure(f"the parameters have shapes {shapes}, expected {SHAPES}", hint)


@pytest.mark.task("SmallCNN", points=1)
def test_logits_are_any_numbers(student):
    """With zeros in the last weights, its biases are the logits: negative ones as well."""
    model = student.model.SmallCNN()
    values = student.probes.parameters(model)
    bias = torch.linspace(-4.0, 5.0, 10)
    student.probes.set_parameters(model, [*values[:4], torch.zeros(10, 2304), bias])
    logits = student.probes.output(model, torch.rand(3, 1, 28, 28))
    assert_allclose(
        logits,
        bias.repeat(3, 1),
        name="logits",
        hint="Nothing comes after the linear layer: no softmax, and no ReLU.",
    )


@pytest.mark.task("SmallCNN", points=1)
def test_an_image_goes_through_all_layers(student, rng):
    """Filters that pass their image on show what pooling, padding and ReLU make of it."""
    model = student.model.SmallCNN()
    weights = [torch.zeros(shape) for shape in SHAPES]
    weights[0][0, 0, 1, 1] = 1.0
    weights[1][0] = -0.5
    weights[2][0, 0, 1, 1] = 1.0
    for logit, feature in enumerate(range(0, 36, 4)):
        weights[4][logit, feature] = 1.0
    student.probes.set_parameters(model, weights)
    images = rng.random((2, 28, 28), dtype=np.float32)
    first = np.maximum(images - np.float32(0.5), 0).reshape(2, 14, 2, 14, 2).max(axis=(2, 4))
    inner = first[:, 1:-1, 1:-1].reshape(2, 6, 2, 6, 2).max(axis=(2, 4))
    expected = np.zeros((2, 10), np.float32)
    expected[:, :9] = inner.reshape(2, 36)[:, ::4]
    assert_allclose(
        student.probes.output(model, torch.tensor(images[:, np.newaxis])),
        torch.tensor(expected),
        name="logits",
        hint="Both convolutions are followed by ReLU and pooling; only the first one is padded.",
    )


@pytest.mark.task("build_sequential", points=1)
def test_a_list_becomes_a_network(student):
    """Each dict becomes the layer that it names, with the arguments that it has."""
    model = student.model.build_sequential(SMALL)
    assert_kinds(student, model, ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"])
    assert_shapes(student, model, [(6, 1, 5, 5), (10, 864), (10,)])
    logits = student.probes.output(model, torch.zeros(3, 1, 28, 28))
    assert_allclose(tuple(logits.shape), (3, 10), name="the shape of the logits")


@pytest.mark.task("build_sequential", points=1)
def test_a_wrong_layer_is_named(student):
    """A layer that torch.nn does not have, or with an argument it does not take: ValueError."""
    build = student.model.build_sequential
    misspelt = [*SMALL[:3], {"layer": "Flaten"}, SMALL[4]]
    assert_names_position(build, misspelt, position=3)
    assert_names_position(build, [{"layer": "Linaer"}, *SMALL], position=0)
    unknown = [*SMALL[:4], {"layer": "Linear", "inputs": 864, "out_features": 10}]
    assert_names_position(build, unknown, position=4)


@pytest.mark.task("build_sequential", points=1)
def test_a_layer_that_does_not_fit_is_named(student):
    """With the shape of an image, the first layer that does not fit is named; or none is."""
    build = student.model.build_sequential
    model = build(SMALL, input_shape=(1, 28, 28))
    assert_shapes(student, model, [(6, 1, 5, 5), (10, 864), (10,)])
    assert_names_position(build, SMALL, input_shape=(1, 30, 30), position=4)
    assert_names_position(build, SMALL, input_shape=(3, 28, 28), position=0)


@pytest.mark.task("build_sequential", points=0)
def test_a_text_in_toml_becomes_a_network(student):
    """A text in TOML, with a table for each layer, says the same as a list (for no points)."""
    model = student.model.build_sequential(TOML)
    assert_kinds(student, model, ["Conv2d", "ReLU"])
    assert_shapes(student, model, [(6, 1, 5, 5)])


@pytest.mark.task("count_parameters", points=1)
def test_a_dense_layer_is_counted(student):
    """A layer from 100 numbers to 10 has 1000 weights and 10 biases."""
    count = student.model.count_parameters(student.probes.dense_model())
    assert_allclose(count, 1010, name="the count", hint="`numel()` counts a tensor's elements.")
