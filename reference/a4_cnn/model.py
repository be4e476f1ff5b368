"""Networks as modules: one written as a class, one read from a list, and their size."""

import os
import tomllib
from pathlib import Path

import torch
from torch import nn


class SmallCNN(nn.Module):
    """A small convolutional network for images of 28 × 28 pixels.

    ====================  =============  ============
    layer                 gives          parameters
    ====================  =============  ============
    images                1 × 28 × 28
    convolution, 3×3      32 × 28 × 28   weight, bias
    ReLU
    max-pooling, 2×2      32 × 14 × 14
    convolution, 3×3      64 × 12 × 12   weight, bias
    ReLU
    max-pooling, 2×2      64 × 6 × 6
    flattened             2304
    linear                10             weight, bias
    ====================  =============  ============

    The first convolution pads with one row or column of zeros on each side, the
    second does not. All strides are 1, and those of pooling are 2.

    Notes
    -----
    What comes out are *logits*: any numbers, the largest for the likeliest class.
    No softmax follows, since `cross_entropy` brings its own.

    Make the layers in the order in which an image meets them: `parameters()`
    gives their weights in that order. A layer that is in a plain Python list
    trains nothing, as no module knows of it.

    Examples
    --------
    >>> model = SmallCNN()
    >>> model(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 10])
    >>> [tuple(p.shape) for p in model.parameters()][:2]
    [(32, 1, 3, 3), (32,)]
    """

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.linear = nn.Linear(64 * 6 * 6, 10)
        ### END SOLUTION

    def forward(self, images):
        """Compute the logits of each class for each image.

        Parameters
        ----------
        images : tensor of float32, shape (N, 1, 28, 28)

        Returns
        -------
        tensor of float32, shape (N, 10)
        """
        ### BEGIN SOLUTION
        x = nn.functional.max_pool2d(nn.functional.relu(self.conv1(images)), 2)
        x = nn.functional.max_pool2d(nn.functional.relu(self.conv2(x)), 2)
        return self.linear(x.flatten(1))
        ### END SOLUTION


def build_sequential(layers, *, input_shape=None):
    """Build a network from a description of its layers.

    Parameters
    ----------
    layers : list of dict, or str, or path
        One dict for each layer: under ``"layer"`` the name of its class in
        `torch.nn`, and the class's own arguments by their names. Or a text in
        TOML with a table ``[[layer]]`` for each layer and the same keys. Or the
        `Path` of a file with such a text.
    input_shape : tuple of int, optional
        (C, H, W) of one image. When it is given, an image of zeros is passed
        through the layers, to see whether each fits what the one before it gives.

    Returns
    -------
    torch.nn.Sequential
        In training mode and with fresh parameters, as `nn.Sequential` makes it.

    Raises
    ------
    ValueError
        Naming the position of the first layer that is wrong, counted from 0: that
        `torch.nn` does not have, whose arguments are wrong, or which does not
        fit `input_shape`. Also if there are no layers to be found, as in a text
        with another table than ``[[layer]]``.

    Notes
    -----
    `torch.nn` has more in it than layers: functions, modules of Python, and
    names that begin with an underscore.

    Passing zeros through must leave no trace: batch normalisation in training
    mode would count them into its statistics.

    Examples
    --------
    >>> build_sequential([{"layer": "Flatten"}, {"layer": "Linear", "in_features": 4,
    ...                                          "out_features": 2}])
    Sequential(
      (0): Flatten(start_dim=1, end_dim=-1)
      (1): Linear(in_features=4, out_features=2, bias=True)
    )
    >>> build_sequential([{"layer": "Flatten"}, {"layer": "Lienar"}])
    Traceback (most recent call last):
    ValueError: layer 1: torch.nn has no layer 'Lienar'
    """
    ### BEGIN SOLUTION
    if isinstance(layers, os.PathLike):
        layers = Path(layers).read_text(encoding="utf-8")
    if isinstance(layers, str):
        layers = tomllib.loads(layers).get("layer")
        if type(layers) is not list:
            raise ValueError("the text describes no layer: each is a table [[layer]]")
    model = nn.Sequential(*(_layer(position, table) for position, table in enumerate(layers)))
    if input_shape is not None:
        _demand_fit(model, input_shape)
    return model
    ### END SOLUTION


def count_parameters(model):
    """Count the numbers that training a model changes.

    Parameters
    ----------
    model : torch.nn.Module

    Returns
    -------
    int
        How many numbers its parameters hold together. A frozen parameter
        (``requires_grad=False``) does not count, a buffer neither, and a
        parameter that is used in two places counts once.

    Examples
    --------
    >>> count_parameters(nn.Linear(100, 10))
    1010
    """
    ### BEGIN SOLUTION
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
    ### END SOLUTION


### BEGIN SOLUTION
def _layer(position, table):
    """Make the layer that a table describes."""
    if not isinstance(table, dict) or "layer" not in table:
        raise ValueError(f"layer {position}: {table!r} is no dict with a name under 'layer'")
    layer = table["layer"]
    arguments = {name: value for name, value in table.items() if name != "layer"}
    kind = getattr(nn, str(layer), None)
    is_layer = isinstance(kind, type) and issubclass(kind, nn.Module)
    if not is_layer:
        raise ValueError(f"layer {position}: torch.nn has no layer {layer!r}")
    try:
        return kind(**arguments)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"layer {position}: {layer} with {arguments}: {error}") from error


def _demand_fit(model, input_shape):
    """Pass an image of zeros through the layers, and name the first that cannot take it."""
    model.eval()
    x = torch.zeros(1, *input_shape)
    for position, layer in enumerate(model):
        try:
            with torch.no_grad():
                y = layer(x)
        except (IndexError, RuntimeError, TypeError, ValueError) as error:
            shape, name = tuple(x.shape[1:]), type(layer).__name__
            problem = f"layer {position}: {name} does not fit an input of shape {shape}: {error}"
            raise ValueError(problem) from error
        if not torch.is_tensor(y):
            raise ValueError(f"layer {position}: {type(layer).__name__} does not give a tensor")
        x = y
    model.train()


### END SOLUTION
