"""Activation functions and their slopes.

Between two layers stands a function that is not linear: without it, any number
of layers could be replaced by a single one. Each works on every element of an
array by itself, and comes with its derivative, which the backward pass needs.

All functions take arrays of any shape and return new arrays of float64 of the
same shape. Whole numbers are taken as the same numbers in float64.
"""

import numpy as np


def sigmoid(z):
    """Compute 1 / (1 + e⁻ᶻ): from 0, far left, to 1, far right.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        Any finite numbers, also very large ones.

    Returns
    -------
    ndarray of float64, same shape

    Notes
    -----
    e¹⁰⁰⁰ is infinite, and infinity / infinity is NaN. Choose a form in which no
    exponent is positive: eᶻ / (1 + eᶻ) is the same function.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 3.10 and 6.3.2.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, np.log(3.0)]))
    array([0.  , 0.5 , 0.75])
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=np.float64)
    small = np.exp(-np.abs(z))  # at most 1
    return np.where(z >= 0, 1.0, small) / (1.0 + small)
    ### END SOLUTION


def sigmoid_gradient(z):
    """Compute the derivative of `sigmoid` at z.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        What sigmoid was applied to; *not* what came out of it.

    Returns
    -------
    ndarray of float64, same shape
        0.25 at z = 0, where it is largest; close to 0 where sigmoid is flat.

    Examples
    --------
    >>> sigmoid_gradient(np.array([0.0, np.log(3.0)]))
    array([0.25  , 0.1875])
    """
    ### BEGIN SOLUTION
    s = sigmoid(z)
    return s * (1.0 - s)
    ### END SOLUTION


def tanh(z):
    """Compute the hyperbolic tangent: from -1, far left, to 1, far right.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        Any finite numbers, also very large ones.

    Returns
    -------
    ndarray of float64, same shape

    Notes
    -----
    tanh(z) = 2 sigmoid(2z) - 1: it is a sigmoid that is centred at 0. NumPy's
    own function is welcome here; look at what it makes of whole numbers.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 6.3.2.

    Examples
    --------
    >>> tanh(np.array([-1000.0, 0.0, np.log(2.0)])).round(9)
    array([-1. ,  0. ,  0.6])
    """
    ### BEGIN SOLUTION
    return np.tanh(np.asarray(z, dtype=np.float64))
    ### END SOLUTION


def tanh_gradient(z):
    """Compute the derivative of `tanh` at z.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        What tanh was applied to.

    Returns
    -------
    ndarray of float64, same shape
        1 at z = 0, where it is largest.

    Examples
    --------
    >>> tanh_gradient(np.array([0.0, np.log(2.0)])).round(9)
    array([1.  , 0.64])
    """
    ### BEGIN SOLUTION
    return 1.0 - tanh(z) ** 2
    ### END SOLUTION


def relu(z):
    """Keep what is positive, and put 0 in the place of all else.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        Any finite numbers.

    Returns
    -------
    ndarray of float64, same shape

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 6.3.1.

    Examples
    --------
    >>> relu(np.array([-2.0, 0.5, 3.0]))
    array([0. , 0.5, 3. ])
    """
    ### BEGIN SOLUTION
    return np.maximum(np.asarray(z, dtype=np.float64), 0.0)
    ### END SOLUTION


def relu_gradient(z):
    """Compute the derivative of `relu` at z.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        What relu was applied to.

    Returns
    -------
    ndarray of float64, same shape
        1 where z is positive, 0 where it is negative. At exactly 0 there is no
        derivative: any number between the two will do.

    Examples
    --------
    >>> relu_gradient(np.array([-2.0, 0.5, 3.0]))
    array([0., 1., 1.])
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


def leaky_relu(z, alpha=0.01):
    """Keep what is positive, and let a small part of the negative through.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        Any finite numbers.
    alpha : float
        The slope on the negative side, 0 <= alpha < 1.

    Returns
    -------
    ndarray of float64, same shape
        z where z is positive, alpha · z where it is negative.

    References
    ----------
    Maas, Hannun and Ng, *Rectifier nonlinearities improve neural network
    acoustic models* (2013).

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 0.5, 3.0]))
    array([-0.02,  0.5 ,  3.  ])
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=np.float64)
    return np.where(z > 0, z, alpha * z)
    ### END SOLUTION


def leaky_relu_gradient(z, alpha=0.01):
    """Compute the derivative of `leaky_relu` at z.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        What leaky_relu was applied to.
    alpha : float
        The slope on the negative side, 0 <= alpha < 1.

    Returns
    -------
    ndarray of float64, same shape
        Any number between the two slopes at exactly 0.

    Examples
    --------
    >>> leaky_relu_gradient(np.array([-2.0, 0.5, 3.0]))
    array([0.01, 1.  , 1.  ])
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, alpha)
    ### END SOLUTION


def elu(z, alpha=1.0):
    """Keep what is positive, and bend the negative smoothly towards -alpha.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        Any finite numbers, also very large ones.
    alpha : float
        How far down it goes, alpha >= 0.

    Returns
    -------
    ndarray of float64, same shape
        z where z is positive, alpha · (eᶻ - 1) where it is negative.

    Notes
    -----
    A formula that is computed for *all* elements also meets those it is not
    meant for: e¹⁰⁰⁰ is infinite, and infinity · 0 is NaN.

    References
    ----------
    Clevert, Unterthiner and Hochreiter, *Fast and accurate deep network learning
    by exponential linear units (ELUs)* (2016), arXiv:1511.07289.

    Examples
    --------
    >>> elu(np.array([-1000.0, -np.log(2.0), 0.5, 3.0]))
    array([-1. , -0.5,  0.5,  3. ])
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=np.float64)
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))
    ### END SOLUTION


def elu_gradient(z, alpha=1.0):
    """Compute the derivative of `elu` at z.

    Parameters
    ----------
    z : ndarray of float64 or int, any shape
        What elu was applied to.
    alpha : float
        How far down elu goes, alpha >= 0.

    Returns
    -------
    ndarray of float64, same shape
        Any number between the slopes on both sides at exactly 0.

    Examples
    --------
    >>> elu_gradient(np.array([-np.log(2.0), 0.5, 3.0]))
    array([0.5, 1. , 1. ])
    """
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=np.float64)
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))
    ### END SOLUTION
