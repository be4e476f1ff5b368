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
        # YOUR CODE HERE
        raise NotImplementedError("SmallCNN.__init__")

    def forward(self, images):
        """Compute the logits of each class for each image.

        Parameters
        ----------
        images : tensor of float32, shape (N, 1, 28, 28)

        Returns
        -------
        tensor of float32, shape (N, 10)
        """
        # YOUR CODE HERE
        raise NotImplementedError("SmallCNN.forward")


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
    # YOUR CODE HERE
    raise NotImplementedError("build_sequential")


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
    # YOUR CODE HERE
    raise NotImplementedError("count_parameters")


# YOUR CODE HERE
