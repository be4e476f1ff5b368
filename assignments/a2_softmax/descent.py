"""Gradients, and walking downhill along them.

A gradient can be measured (slow, and true of any function) or derived (fast, and
easy to get wrong). Measure it once on a small example to check what you have
derived; then use the derivation.
"""

import numpy as np
from preprocessing import minibatches
from regression import loss_and_gradient


def numerical_gradient(f, x, h=1e-5):
    """Measure the gradient of a function by central differences.

    Parameters
    ----------
    f : callable
        Takes an array like `x` and returns a number.
    x : ndarray of float64 or int, any shape
        Where to measure; it is left as it was.
    h : float
        How far to go to each side.

    Returns
    -------
    ndarray of float64, same shape as `x`
        For each element: (f with h added to it - f with h taken away from it),
        divided by the distance between the two, while all other elements stay
        what they are.

    Notes
    -----
    f is called twice for each element: for the 7850 weights of our model that
    is 15 700 passes over the data for a single step. That is why gradients are
    derived.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 4.3.1 and 11.5.

    Examples
    --------
    >>> def f(x):
    ...     return x[0] ** 2 + 3 * x[1]
    >>> numerical_gradient(f, np.array([2.0, 5.0])).round(6)
    array([4., 3.])
    """
    # YOUR CODE HERE
    raise NotImplementedError("numerical_gradient")


def gradient_descent_step(w, gradient, learning_rate):
    """Go one step downhill.

    Parameters
    ----------
    w : ndarray of float64, any shape
        The weights; they are left as they were.
    gradient : ndarray of float64, same shape
        d(loss) / d(w); it points uphill.
    learning_rate : float
        Length of the step, as a multiple of the gradient.

    Returns
    -------
    ndarray of float64, same shape
        The new weights, a new array even when the learning rate is 0.

    Raises
    ------
    ValueError
        If `w` and `gradient` have different shapes.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 4.3 and 8.3.1.

    Examples
    --------
    >>> gradient_descent_step(np.array([1.0, -2.0]), np.array([0.5, -4.0]), 0.5)
    array([0.75, 0.  ])
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_descent_step")


def linear_gradient_loops(X, outputs, targets):
    """Compute the gradient of the squared error of a linear model, weight by weight.

    A linear model gives outputs X @ w. Its squared error, added over the C
    outputs of an example and averaged over the N examples, has the derivative
    in the weight from input i to output c ::

        mean over n of  -2 (targets[n, c] - outputs[n, c]) X[n, i]

    Parameters
    ----------
    X : ndarray of float64, shape (N, I)
        The inputs, one example in each row.
    outputs : ndarray of float64, shape (N, C)
        What the model gave.
    targets : ndarray of float64, shape (N, C)
        What it should have given.

    Returns
    -------
    ndarray of float64, shape (I, C)
        The derivative for each weight.

    Raises
    ------
    ValueError
        If an argument is not 2-D, if `outputs` and `targets` have different
        shapes, or if they do not have a row for each row of `X`. NumPy would
        subtract outputs of shape (N, 1) from targets of shape (N,) each from
        each, without a word.

    Notes
    -----
    Write this one with loops over the weights, as the formula stands there: it
    is the slow and plain version, with which you can check the other one.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), 3.1.3.

    Examples
    --------
    >>> X = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> outputs, targets = np.array([[1.0], [1.0]]), np.array([[2.0], [0.0]])
    >>> linear_gradient_loops(X, outputs, targets)
    array([[2.],
           [2.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("linear_gradient_loops")


def linear_gradient(X, outputs, targets):
    """Compute the gradient of the squared error of a linear model, all at once.

    The same numbers as `linear_gradient_loops`, and at least ten times as fast
    for 784 weights and 100 examples.

    Parameters
    ----------
    X : ndarray of float64, shape (N, I)
        The inputs, one example in each row.
    outputs : ndarray of float64, shape (N, C)
        What the model gave.
    targets : ndarray of float64, shape (N, C)
        What it should have given.

    Returns
    -------
    ndarray of float64, shape (I, C)
        The derivative for each weight.

    Raises
    ------
    ValueError
        If an argument is not 2-D, if `outputs` and `targets` have different
        shapes, or if they do not have a row for each row of `X`.

    Notes
    -----
    A product of two matrices is many sums of products. Look at the shapes:
    which product of X and the errors has shape (I, C), and adds over n?

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), 3.1.3.

    Examples
    --------
    >>> X = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> outputs, targets = np.array([[1.0], [1.0]]), np.array([[2.0], [0.0]])
    >>> linear_gradient(X, outputs, targets)
    array([[2.],
           [2.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("linear_gradient")


def train(X, labels, *, epochs, batch_size, learning_rate, rng):
    """Train a softmax regression by stochastic gradient descent.

    Start from weights of zero. An epoch goes once through all examples, in
    small batches and in a new random order (`minibatches`); each batch gives
    one step along the gradient of its own mean cross-entropy.

    Parameters
    ----------
    X : ndarray of float64, shape (N, D)
        One example in each row; the last column is 1. D is 785 for our images.
    labels : ndarray of any integer dtype, shape (N,)
        Correct class of each example, counted from 0.
    epochs : int
        How often to go through all examples.
    batch_size : int
        Examples in a batch; the last batch of an epoch may be smaller.
    learning_rate : float
        Length of a step, as a multiple of the gradient.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    w : ndarray of float64, shape (D, C)
        The trained weights. C is the largest label plus 1.
    history : list of float
        The loss of each step's batch, measured *before* that step changed the
        weights. The first is log(C): with weights of zero all classes are
        equally likely.

    Raises
    ------
    ValueError
        If `X` is not 2-D, or if `labels` does not have shape (N,).

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 5.9 and 8.3.1.

    Examples
    --------
    >>> X, labels = np.array([[2.0, 1.0], [0.0, 1.0]]), np.array([0, 1])
    >>> rng = np.random.default_rng(0)
    >>> w, history = train(X, labels, epochs=3, batch_size=2, learning_rate=1.0, rng=rng)
    >>> [round(loss, 3) for loss in history]
    [0.693, 0.41, 0.318]
    """
    # YOUR CODE HERE
    raise NotImplementedError("train")


# YOUR CODE HERE
