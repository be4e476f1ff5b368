"""Softmax and cross-entropy: how wrong the scores of a classifier are.

A *logit* is a score without any scale: the larger, the likelier. Softmax turns
a row of logits into probabilities, and cross-entropy measures how surprising
the right class is under them: -log(probability), in nats.

Logits of ten thousand are legal input. ``exp(1000)`` is infinite in float64, so
every function here works with differences to the largest logit of the row.
"""

import numpy as np


def softmax(logits):
    """Turn each row of scores into probabilities.

    Parameters
    ----------
    logits : ndarray of float64, shape (N, C)
        Unnormalised scores, one row per example. Any finite numbers.

    Returns
    -------
    ndarray of float64, shape (N, C)
        exp(z_c) / Σ_k exp(z_k) in each row; every row sums to 1.

    Raises
    ------
    ValueError
        If `logits` is not 2-D.

    Notes
    -----
    Adding the same number to all logits of a row changes nothing: it cancels
    in the fraction. So choose it such that no exponential overflows.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 4.1 and 6.2.2.3.

    Examples
    --------
    >>> softmax(np.log(np.array([[1.0, 1.0, 2.0], [1.0, 4.0, 5.0]])))
    array([[0.25, 0.25, 0.5 ],
           [0.1 , 0.4 , 0.5 ]])
    >>> softmax(np.array([[10000.0, 10000.0]]))
    array([[0.5, 0.5]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("softmax")


def cross_entropy(logits, labels):
    """Measure how surprised the model is by the right answers, on average.

    Parameters
    ----------
    logits : ndarray of float64, shape (N, C)
        Unnormalised scores, one row per example. Any finite numbers.
    labels : ndarray of any integer dtype, shape (N,)
        Correct class of each example, 0 <= label < C.

    Returns
    -------
    float
        The mean over the N examples of -log(softmax(logits)[n, labels[n]]), in
        nats: with the natural logarithm.

    Raises
    ------
    ValueError
        If `logits` is not 2-D, or if `labels` does not have shape (N,).

    Notes
    -----
    The logarithm of a probability that was rounded to 0 is -inf, although the
    loss is a number of moderate size: for logits 0 and 1000 it is 1000. Do not
    compute the probability: -log softmax(z)_y = log(Σ_k exp(z_k)) - z_y, and
    the first part is *log-sum-exp*, which can be shifted as softmax can.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 3.13 and 6.2.2.3.

    Examples
    --------
    >>> ten_equal_scores = np.zeros((1, 10))
    >>> round(float(cross_entropy(ten_equal_scores, np.array([3]))), 4)
    2.3026
    >>> float(cross_entropy(np.array([[0.0, 1000.0]]), np.array([0])))
    1000.0
    """
    # YOUR CODE HERE
    raise NotImplementedError("cross_entropy")


def cross_entropy_gradient(logits, labels):
    """Say how the mean cross-entropy changes with each logit.

    Parameters
    ----------
    logits : ndarray of float64, shape (N, C)
        Unnormalised scores, one row per example. Any finite numbers.
    labels : ndarray of any integer dtype, shape (N,)
        Correct class of each example, 0 <= label < C.

    Returns
    -------
    ndarray of float64, shape (N, C)
        d(cross_entropy(logits, labels)) / d(logits).

    Raises
    ------
    ValueError
        If `logits` is not 2-D, or if `labels` does not have shape (N,).

    Notes
    -----
    For one example it is the probability of each class, less 1 at the right
    one: how much too high each probability is. The loss is a *mean* over N
    examples, and so is its gradient.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning* (2006), 4.3.4.

    Examples
    --------
    >>> logits = np.log(np.array([[1.0, 1.0, 2.0], [1.0, 4.0, 5.0]]))
    >>> cross_entropy_gradient(logits, np.array([0, 1]))
    array([[-0.375,  0.125,  0.25 ],
           [ 0.05 , -0.3  ,  0.25 ]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("cross_entropy_gradient")


# YOUR CODE HERE
