"""What weights are before anything is learned.

All equal will not do: neurons that start alike stay alike. So weights are drawn
at random, and what matters is how large they are: signals that grow in every
layer explode, and signals that shrink in every layer vanish.
"""

import numpy as np


def xavier_uniform(fan_in, fan_out, rng, gain=1.0):
    """Draw the first weights of a layer, evenly from an interval around 0.

    The interval is (-a, a) with a = gain · √(6 / (fan_in + fan_out)). With such
    weights a layer keeps roughly the size of what passes through it, forwards
    and backwards.

    Parameters
    ----------
    fan_in, fan_out : int
        How many numbers go into the layer, and how many come out.
    rng : numpy.random.Generator
        The only source of randomness.
    gain : float
        Makes the interval wider, for activations that shrink their input.

    Returns
    -------
    ndarray of float64, shape (fan_in, fan_out)
        Every number in the interval is equally likely.

    References
    ----------
    Glorot and Bengio, *Understanding the difficulty of training deep feedforward
    neural networks* (2010), equation 16.

    Examples
    --------
    >>> w = xavier_uniform(2, 4, np.random.default_rng(0))
    >>> w.shape, bool(abs(w).max() < 1)
    ((2, 4), True)
    """
    # YOUR CODE HERE
    raise NotImplementedError("xavier_uniform")
