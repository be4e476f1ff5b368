"""From images and labels to what a linear model learns from.

A batch of images has shape (N, 28, 28). The model sees each image as one row of
a matrix X: its 784 pixels, standardised, and a 1 at the end, so that the last
row of the weights is the bias.

No function here changes its arguments, and none returns a view of them. Chance
comes from the generator `rng` alone: the same generator gives the same order.
"""

import numpy as np


def preprocess(images, mean, std):
    """Turn images into rows of standardised pixels, with a 1 at the end of each.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 28, 28)
        Brightness from 0 to 255.
    mean, std : float
        Mean and standard deviation of *all pixels of the training images*: two
        numbers for every image and every pixel, whether for training or not.

    Returns
    -------
    ndarray of float64, shape (N, 785)
        Row n holds (x - mean) / std for each pixel x of image n, row of the
        image after row, and 1.0 in the last column.

    Raises
    ------
    ValueError
        If `images` is not 3-D, or if `std` is 0.

    Notes
    -----
    Validation and test images are treated with the numbers of the training
    images too. Their own mean would make the same digit look different in each
    set, and at the end a single image has to be classified.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 12.2.1.1.

    Examples
    --------
    >>> images = np.zeros((2, 28, 28), dtype=np.uint8)
    >>> images[1] = 200
    >>> X = preprocess(images, mean=100.0, std=50.0)
    >>> X.shape
    (2, 785)
    >>> X[:, -3:].tolist()
    [[-2.0, -2.0, 1.0], [2.0, 2.0, 1.0]]
    """
    # YOUR CODE HERE
    raise NotImplementedError("preprocess")


def one_hot(labels, num_classes):
    """Write each label as a row of zeros with a single 1.

    Parameters
    ----------
    labels : ndarray of any integer dtype, shape (N,)
        The classes, 0 <= label < num_classes.
    num_classes : int
        How many classes there are, C.

    Returns
    -------
    ndarray of float64, shape (N, C)
        1.0 at ``[n, labels[n]]`` and 0.0 elsewhere.

    Raises
    ------
    ValueError
        If `labels` is not 1-D, or if a label lies outside 0..C-1. Python would
        read -1 as "the last class"; here it is a mistake.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 15.4.

    Examples
    --------
    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("one_hot")


def train_validation_split(X, y, validation_fraction, rng):
    """Put some examples aside, to choose hyperparameters with.

    The examples are shuffled first: data often come sorted, and then the last
    tenth would hold one class only.

    Parameters
    ----------
    X : ndarray of float64, shape (N, D)
        One example in each row.
    y : ndarray of any integer dtype, shape (N,)
        Their labels.
    validation_fraction : float
        Which part of the examples is put aside, strictly between 0 and 1.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    X_train, y_train, X_validation, y_validation : ndarray
        New arrays. ``round(validation_fraction * N)`` examples are in the
        validation part and the others in the training part; none is in both.
        Each row still has its own label.

    Raises
    ------
    ValueError
        If `X` and `y` have different lengths.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 5.3.

    Examples
    --------
    >>> X = np.array([[0.0], [10.0], [20.0], [30.0]])
    >>> y = np.array([0, 1, 2, 3])
    >>> rng = np.random.default_rng(0)
    >>> X_train, y_train, X_validation, y_validation = train_validation_split(X, y, 0.25, rng)
    >>> X_train.shape, X_validation.shape
    ((3, 1), (1, 1))
    >>> bool((X_train[:, 0] == 10 * y_train).all())
    True
    """
    # YOUR CODE HERE
    raise NotImplementedError("train_validation_split")


def minibatches(X, y, batch_size, rng):
    """Deal the examples out in small batches, in a new random order.

    One call is one epoch: every example comes exactly once. Call it again, with
    the same generator, for the next epoch and another order.

    Parameters
    ----------
    X : ndarray of float64, shape (N, D)
        One example in each row.
    y : ndarray of any integer dtype, shape (N,)
        Their labels.
    batch_size : int
        Examples in a batch. Where it does not divide N, the last batch is
        smaller; where it is larger than N, there is a single batch.
    rng : numpy.random.Generator
        The only source of randomness.

    Yields
    ------
    X_batch : ndarray of float64, shape (B, D)
        Some rows of `X`, as a new array.
    y_batch : ndarray of the same dtype as `y`, shape (B,)
        Their labels.

    Raises
    ------
    ValueError
        If `X` and `y` have different lengths. It may be raised by the call, or
        when the first batch is asked for.

    Notes
    -----
    A generator runs only as far as it is asked to: it makes a batch when a loop
    wants the next one, so that there is never a second copy of all the data.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 8.1.3.

    Examples
    --------
    >>> X, y = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> batches = minibatches(X, y, 2, np.random.default_rng(0))
    >>> [X_batch.shape for X_batch, y_batch in batches]
    [(2, 2), (2, 2), (1, 2)]
    """
    # YOUR CODE HERE
    raise NotImplementedError("minibatches")
