"""Softmax regression: one layer of weights, from pixels to class probabilities.

The logits are X @ w. X has a column of ones at its end, so the last row of w is
the bias: the score of each class before a single pixel has been looked at.
"""

import numpy as np
from losses import cross_entropy, cross_entropy_gradient, softmax


def forward(X, w):
    """Compute the probability of each class for each example.

    Parameters
    ----------
    X : ndarray of float64, shape (N, D)
        One example in each row; the last column is 1. D is 785 for our images.
    w : ndarray of float64, shape (D, C)
        The weights, one column for each class; the last row is the bias.

    Returns
    -------
    ndarray of float64, shape (N, C)
        Probabilities; every row sums to 1.

    Raises
    ------
    ValueError
        If `X` or `w` is not 2-D, or if `w` does not have a row for each column
        of `X`.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), 4.3.4.

    Examples
    --------
    >>> X = np.array([[2.0, 1.0], [0.0, 1.0]])
    >>> w = np.log(np.array([[1.0, 2.0], [1.0, 1.0]]))
    >>> forward(X, w)
    array([[0.2, 0.8],
           [0.5, 0.5]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("forward")


def loss_and_gradient(w, X, labels, l2=0.0):
    """Compute the loss of the weights, and how it changes with each of them.

    The loss is the mean cross-entropy, plus a price for large weights:
    ½ · l2 · (the sum of the squares of all weights but the bias row).

    Parameters
    ----------
    w : ndarray of float64, shape (D, C)
        The weights; the last row is the bias.
    X : ndarray of float64, shape (N, D)
        One example in each row; the last column is 1.
    labels : ndarray of any integer dtype, shape (N,)
        Correct class of each example, 0 <= label < C.
    l2 : float
        The price for large weights; 0 for none.

    Returns
    -------
    loss : float
        In nats, the price included.
    gradient : ndarray of float64, shape (D, C)
        d(loss) / d(w).

    Raises
    ------
    ValueError
        If `X` or `w` is not 2-D, if `w` does not have a row for each column of
        `X`, or if `labels` does not have shape (N,).

    Notes
    -----
    The logits are X @ w, so by the chain rule each example adds the outer
    product of its row of X and its row of d(loss)/d(logits). One product of
    two matrices does that for all examples together: its shape tells which.

    The bias is left out of the price. It only says how frequent a class is, and
    a model is not simpler for believing that all classes are equally frequent.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 7.1.1.

    Examples
    --------
    >>> X, labels = np.array([[2.0, 1.0], [0.0, 1.0]]), np.array([0, 1])
    >>> loss, gradient = loss_and_gradient(np.zeros((2, 2)), X, labels)
    >>> round(loss, 4)
    0.6931
    >>> gradient
    array([[-0.5,  0.5],
           [ 0. ,  0. ]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("loss_and_gradient")


def accuracy(probabilities, labels):
    """Count how often the most probable class is the right one.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (N, C)
        Probabilities, or any other scores, one row per example.
    labels : ndarray of any integer dtype, shape (N,)
        Correct class of each example.

    Returns
    -------
    float
        The fraction of examples, from 0 to 1, whose largest entry stands at
        their label.

    Raises
    ------
    ValueError
        If `probabilities` is not 2-D, or if `labels` does not have shape (N,).
        NumPy would compare labels of shape (N, 1) with N predictions each with
        each, and give a number that means nothing.

    Examples
    --------
    >>> probabilities = np.array([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5], [0.1, 0.8, 0.1]])
    >>> round(accuracy(probabilities, np.array([0, 2, 2])), 4)
    0.6667
    """
    # YOUR CODE HERE
    raise NotImplementedError("accuracy")


# YOUR CODE HERE
