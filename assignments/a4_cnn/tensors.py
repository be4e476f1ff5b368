"""Tensors: gradients by autograd, a step by hand, devices, and images as PyTorch wants them.

In NumPy, images lie in memory as (N, H, W) or (N, H, W, C), whole numbers from
0 to 255. PyTorch's layers take (N, C, H, W), float32.
"""

import numpy as np
import torch


def polynomial_gradient(x):
    """Compute the slope of x³ + 4x² + 2x + 6 by autograd.

    Parameters
    ----------
    x : float
        Where to take the slope.

    Returns
    -------
    float
        d/dx (x³ + 4x² + 2x + 6): a number of Python, no tensor.

    Notes
    -----
    Make a tensor that requires a gradient, compute the polynomial with it, call
    `backward`, and read `.grad`. You do not differentiate anything yourself.

    References
    ----------
    PyTorch's tutorial *A gentle introduction to torch.autograd*.

    Examples
    --------
    >>> polynomial_gradient(3.0)
    53.0
    """
    # YOUR CODE HERE
    raise NotImplementedError("polynomial_gradient")


def two_layer_step(w1, w2, X, labels, learning_rate):
    """Take one step of gradient descent, without an optimizer.

    The network has two layers and no biases, and its loss is the mean
    cross-entropy of the examples ::

        X (N, I)  →  hidden = sigmoid(X @ w1)  →  logits = hidden @ w2  →  loss

    Parameters
    ----------
    w1 : tensor of a float dtype, shape (I, H), with ``requires_grad=True``
        Changed in place: it stays the same leaf tensor, with other numbers in it.
    w2 : tensor of a float dtype, shape (H, C), with ``requires_grad=True``
        Changed in place, too.
    X : tensor of the weights' dtype, shape (N, I)
        One example in each row.
    labels : tensor of int64, shape (N,)
        Correct class of each example, 0 <= label < C.
    learning_rate : float
        The step is -learning_rate · gradient.

    Returns
    -------
    float
        The loss *before* the step: a number of Python, no tensor.

    Notes
    -----
    `backward` adds to what `.grad` holds already. Whatever was left there from
    before must not take part in the step, and when the step is done `.grad` of
    both weights holds zeros, or None.

    The step itself is no part of the function that is differentiated: take it
    under ``torch.no_grad()``. Assigning ``w1 = w1 - …`` would only give another
    tensor to your own variable.

    References
    ----------
    PyTorch's tutorial *Learning PyTorch with examples*.

    Examples
    --------
    >>> w1 = torch.zeros(2, 3, requires_grad=True)
    >>> w2 = torch.zeros(3, 2, requires_grad=True)
    >>> X, labels = torch.tensor([[1.0, 2.0]]), torch.tensor([1])
    >>> round(two_layer_step(w1, w2, X, labels, learning_rate=1.0), 4)
    0.6931
    >>> w2.detach()
    tensor([[-0.2500,  0.2500],
            [-0.2500,  0.2500],
            [-0.2500,  0.2500]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("two_layer_step")


def to_device(elements, device=None):
    """Move tensors and modules to a device, however deep they lie in lists, tuples and dicts.

    Parameters
    ----------
    elements : tensor, module, list, tuple, dict, or anything else
        Containers may hold containers. They are not changed: new ones are
        returned, of the same kinds, named tuples included. (A module is moved
        where it is, as ``module.to`` does.)
    device : torch.device or str, optional
        Where to. Left out, it is "cuda" when there is a CUDA device, and
        everything stays where it is when there is none.

    Returns
    -------
    object
        Like `elements`, with each tensor and each module on the device. What is
        neither, such as a number, a text or None, is as it was.

    Notes
    -----
    A named tuple is a tuple, but it wants its parts as separate arguments, where
    `tuple` wants one sequence. It has an attribute `_fields`, a tuple has none.

    References
    ----------
    PyTorch's notes, *CUDA semantics*.

    Examples
    --------
    >>> batch = {"images": torch.zeros(2, 3), "names": ["a", "b"]}
    >>> moved = to_device(batch, "meta")  # a device that keeps shapes, and no numbers
    >>> moved["images"].device.type, moved["names"], batch["images"].device.type
    ('meta', ['a', 'b'], 'cpu')
    """
    # YOUR CODE HERE
    raise NotImplementedError("to_device")


def images_to_tensor(images):
    """Turn images as NumPy has them into a batch for a convolutional network.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, H, W) or (N, H, W, C)
        Pixels from 0 to 255.

    Returns
    -------
    tensor of float32, shape (N, C, H, W)
        Pixels from 0 to 1; C is 1 for images without an axis of channels. It
        shares no memory with `images`.

    Raises
    ------
    ValueError
        If `images` has neither three nor four dimensions.

    Notes
    -----
    Channels are *moved* in front of the rows. Reshaping would give the right
    shape and a scrambled image.

    Examples
    --------
    >>> images_to_tensor(np.array([[[0, 51], [102, 255]]], dtype=np.uint8))
    tensor([[[[0.0000, 0.2000],
              [0.4000, 1.0000]]]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("images_to_tensor")
