"""Training: data in batches, an epoch, a measurement, and a whole training under the clock."""

import math
import time

import torch
from tensors import images_to_tensor, to_device
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def make_loader(images, labels, batch_size, shuffle, seed=0):
    """Make a loader, which gives the examples in batches.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 28, 28)
    labels : ndarray of int64, shape (N,)
    batch_size : int
        Examples in a batch. Where it does not divide N, the last batch is smaller.
    shuffle : bool
        Whether each epoch has an order of its own. Without it, the examples come
        in the order that they have.
    seed : int
        The orders follow from it alone: two loaders with equal seeds give equal
        epochs, whatever else was drawn meanwhile.

    Returns
    -------
    torch.utils.data.DataLoader
        Each batch is ``[images, labels]``: float32 of shape (B, 1, 28, 28) with
        pixels from 0 to 1, and int64 of shape (B,).

    Notes
    -----
    Other code draws from PyTorch's global generator as well. A seed that is given
    to that one decides about all of it, and is undone by all of it: let the loader
    have a ``torch.Generator`` of its own.

    References
    ----------
    PyTorch's documentation of `torch.utils.data`, and its notes *Reproducibility*.

    Examples
    --------
    >>> import numpy as np
    >>> images, labels = np.zeros((10, 28, 28), np.uint8), np.arange(10)
    >>> loader = make_loader(images, labels, 4, shuffle=False)
    >>> [batch.tolist() for _, batch in loader]
    [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    """
    # YOUR CODE HERE
    raise NotImplementedError("make_loader")


def train_epoch(model, loader, optimizer):
    """Go through all batches once, with a step of the optimizer for each.

    The loss is the mean cross-entropy of the batch.

    Parameters
    ----------
    model : torch.nn.Module
        Maps a batch of images to logits. It is put into training mode.
    loader : torch.utils.data.DataLoader
        Gives pairs of images and labels, as `make_loader` does.
    optimizer : torch.optim.Optimizer
        Has the parameters of the model. A gradient that they have from before
        takes no part.

    Returns
    -------
    float
        The mean of the losses of all *examples*, each taken before the step of
        its batch. The last batch may be smaller: then this is not the mean of the
        batches' means.

    Notes
    -----
    A loss is the end of a graph that leads to everything it was computed from.
    Whoever keeps the losses of an epoch keeps all its graphs, unless it is the
    numbers alone that are kept.

    References
    ----------
    PyTorch's tutorial *Optimizing model parameters*.

    Examples
    --------
    >>> import numpy as np
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10, bias=False))
    >>> loader = make_loader(np.zeros((6, 28, 28), np.uint8), np.arange(6), 4, shuffle=True)
    >>> loss = train_epoch(model, loader, torch.optim.SGD(model.parameters(), lr=0.1))
    >>> round(loss, 4)  # black images have logits of 0, and log(10) is
    2.3026
    """
    # YOUR CODE HERE
    raise NotImplementedError("train_epoch")


def evaluate(model, images, labels):
    """Measure the accuracy of a model.

    Parameters
    ----------
    model : torch.nn.Module
        Maps a batch of images to logits. It computes in evaluation mode here, and
        is left in the mode that it was in.
    images : ndarray of uint8, shape (N, 28, 28)
    labels : ndarray of int64, shape (N,)

    Returns
    -------
    float
        For how many of the images the largest logit is that of the label, as a
        fraction.

    Notes
    -----
    Nothing is to be learned here, so no graph is needed: without one, an
    evaluation takes half the time and a fraction of the memory.

    In training mode, batch normalisation would count these images into its
    statistics, and dropout would go on dropping. `model.training` says which mode
    a model is in.

    Examples
    --------
    >>> import numpy as np
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(784, 3))
    >>> with torch.no_grad():
    ...     _ = model[1].weight.zero_(), model[1].bias.copy_(torch.tensor([0.0, 2.0, 1.0]))
    >>> evaluate(model, np.zeros((4, 28, 28), np.uint8), np.array([1, 1, 2, 1]))
    0.75
    """
    # YOUR CODE HERE
    raise NotImplementedError("evaluate")


def fit(images, labels, *, seconds):
    """Train a network that reads handwritten digits, while the clock is running.

    Which network, which optimizer and how many epochs is up to you. What counts is
    the accuracy on images that the network has not seen, and the time.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 28, 28)
    labels : ndarray of int64, shape (N,)
        0 <= label < 10. They say what is right in *this* training: the digits may
        have been renamed.
    seconds : float
        How long it may take, from the call to the return, by the clock on the
        wall. More than a quarter longer counts as a failure; whatever is left may
        be left.

    Returns
    -------
    torch.nn.Module
        Maps images, float32 of shape (N, 1, 28, 28) with pixels from 0 to 1, to
        logits of shape (N, 10). It is on the GPU when there is one.

    Notes
    -----
    `time.monotonic()` is the clock to look at. How much work fits into the time
    depends on the machine: measure some steps, and let them say how many there
    will be. If the learning rate falls towards the end, it has to be known where
    that is.

    Seed what you draw, so that the same data gives the same network again.

    Whatever the optimizer is: every parameter that requires a gradient belongs into it.

    A small network that sees all images beats a large one that sees half of them.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization" (2015).
    Smith and Topin, "Super-convergence" (2018): one cycle of the learning rate.
    """
    # YOUR CODE HERE
    raise NotImplementedError("fit")


# YOUR CODE HERE
