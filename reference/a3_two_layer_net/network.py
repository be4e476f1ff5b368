"""A network of two layers, trained by backpropagation.

    X (N, inputs)  →  z = X @ w1  →  h = activation(z)  →  logits = h @ w2  →  softmax

X has a column of ones at its end, so the last row of w1 is the bias of the
hidden layer. The second layer has no bias. You have written softmax and
cross-entropy before, in the assignment on softmax regression: bring them along.
"""

import numpy as np
from activations import relu, relu_gradient, sigmoid, sigmoid_gradient, tanh, tanh_gradient
from initialisation import xavier_uniform

# The activation functions that a network may have, each with its derivative.
ACTIVATIONS = {
    "sigmoid": (sigmoid, sigmoid_gradient),
    "tanh": (tanh, tanh_gradient),
    "relu": (relu, relu_gradient),
}


class TwoLayerNet:
    """A network with one hidden layer.

    Parameters
    ----------
    inputs : int
        Numbers for each example, the 1 at the end included.
    hidden : int
        Neurons of the hidden layer.
    classes : int
        How many classes there are.
    activation : str
        "sigmoid", "tanh" or "relu", between the two layers.
    rng : numpy.random.Generator
        Draws the first weights, by `xavier_uniform`.

    Attributes
    ----------
    weights : list of two ndarrays of float64
        ``[w1, w2]`` of shapes (inputs, hidden) and (hidden, classes). Another
        list of this kind may be assigned; from then on the network uses it.

    Raises
    ------
    ValueError
        If there is no activation of that name.

    Examples
    --------
    >>> net = TwoLayerNet(3, 5, 2, activation="tanh", rng=np.random.default_rng(0))
    >>> [w.shape for w in net.weights]
    [(3, 5), (5, 2)]
    """

    def __init__(self, inputs=785, hidden=64, classes=10, *, activation="sigmoid", rng):
        ### BEGIN SOLUTION
        if activation not in ACTIVATIONS:
            raise ValueError(f"no activation {activation!r}; there is {', '.join(ACTIVATIONS)}")
        self._activate, self._slope = ACTIVATIONS[activation]
        self.weights = [xavier_uniform(inputs, hidden, rng), xavier_uniform(hidden, classes, rng)]
        ### END SOLUTION

    def forward(self, X):
        """Compute the probability of each class for each example.

        Parameters
        ----------
        X : ndarray of float64, shape (N, inputs)
            One example in each row; the last column is 1.

        Returns
        -------
        ndarray of float64, shape (N, classes)
            Probabilities; every row sums to 1. Logits of ±10 000 are ordinary.

        Raises
        ------
        ValueError
            If `X` is not 2-D, or if it has not as many columns as w1 has rows.

        Examples
        --------
        >>> net = TwoLayerNet(2, 1, 2, activation="relu", rng=np.random.default_rng(0))
        >>> net.weights = [np.array([[1.0], [0.0]]), np.array([[0.0, np.log(3.0)]])]
        >>> net.forward(np.array([[1.0, 1.0], [-1.0, 1.0]]))
        array([[0.25, 0.75],
               [0.5 , 0.5 ]])
        """
        ### BEGIN SOLUTION
        _, _, logits = self._layers(X)
        return np.exp(_log_softmax(logits))
        ### END SOLUTION

    def backward(self, X, labels):
        """Compute the loss, and how it changes with each weight.

        Parameters
        ----------
        X : ndarray of float64, shape (N, inputs)
            One example in each row; the last column is 1.
        labels : ndarray of any integer dtype, shape (N,)
            Correct class of each example, 0 <= label < classes.

        Returns
        -------
        loss : float
            The mean cross-entropy of the N examples, in nats.
        gradients : list of two ndarrays of float64
            ``[dw1, dw2]``: d(loss)/d(w1) and d(loss)/d(w2), new arrays of the
            shapes of w1 and w2. The weights stay as they are.

        Raises
        ------
        ValueError
            If `X` is not 2-D, if it has not as many columns as w1 has rows, or
            if `labels` does not have shape (N,).

        Notes
        -----
        It runs its own forward pass, and keeps what the way back needs. Then,
        from the end to the beginning, each step multiplies by one more factor ::

            dlogits = (probabilities - one_hot(labels)) / N
            dw2     from h and dlogits
            dh      from dlogits and w2
            dz      = dh · activation'(z)
            dw1     from X and dz

        Write the shape of each array beside it, and the products are found.

        References
        ----------
        Goodfellow, Bengio and Courville, *Deep Learning* (2016), 6.5.
        Nielsen, *Neural Networks and Deep Learning* (2015), chapter 2.

        Examples
        --------
        >>> net = TwoLayerNet(2, 1, 2, activation="relu", rng=np.random.default_rng(0))
        >>> net.weights = [np.array([[1.0], [0.0]]), np.array([[0.0, np.log(3.0)]])]
        >>> loss, (dw1, dw2) = net.backward(np.array([[1.0, 1.0]]), np.array([1]))
        >>> round(loss, 4)
        0.2877
        >>> dw2
        array([[ 0.25, -0.25]])
        """
        ### BEGIN SOLUTION
        if labels.shape != (len(X),):
            raise ValueError(f"{len(X)} examples cannot have labels of shape {labels.shape}")
        z, h, logits = self._layers(X)
        log_p = _log_softmax(logits)
        rows = np.arange(len(X))
        loss = -float(np.mean(log_p[rows, labels]))
        dlogits = np.exp(log_p)
        dlogits[rows, labels] -= 1.0
        dlogits /= len(X)
        dz = dlogits @ self.weights[1].T * self._slope(z)
        return loss, [X.T @ dz, h.T @ dlogits]
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _layers(self, X):
        """Return what goes into the hidden layer, what comes out, and the logits."""
        w1, w2 = self.weights
        if X.ndim != 2 or X.shape[1] != len(w1):
            raise ValueError(f"X has shape (N, {len(w1)}), got {X.shape}")
        z = X @ w1
        h = self._activate(z)
        return z, h, h @ w2

    ### END SOLUTION


def train(net, X, labels, *, epochs, batch_size, learning_rate, momentum=0.0, rng):
    """Train a network by stochastic gradient descent with momentum.

    An epoch goes once through all examples, in small batches and in a new random
    order. Each batch gives one step, of the two weight matrices together ::

        v  ←  momentum · v  -  learning_rate · gradient
        w  ←  w + v

    The velocity v begins at zero, has the shape of its w, and is kept from each
    step to the next, also from one epoch to the next. Without momentum, a step
    is one of plain gradient descent.

    Parameters
    ----------
    net : TwoLayerNet
        Its `weights` are changed; nothing else is.
    X : ndarray of float64, shape (N, inputs)
        One example in each row; the last column is 1.
    labels : ndarray of any integer dtype, shape (N,)
        Correct class of each example.
    epochs : int
        How often to go through all examples.
    batch_size : int
        Examples in a batch. Where it does not divide N, the last batch of an
        epoch has fewer; where it is larger than N, there is a single batch.
    learning_rate : float
        Length of a step, as a multiple of the gradient.
    momentum : float
        Which part of the velocity stays, 0 <= momentum < 1.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    list of float
        The loss of each step's batch, measured *before* that step changed the
        weights.

    Raises
    ------
    ValueError
        If `X` is not 2-D, or if `labels` does not have shape (N,).

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 8.3.1 and 8.3.2.

    Examples
    --------
    >>> X, labels = np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([0, 1])
    >>> rng = np.random.default_rng(0)
    >>> net = TwoLayerNet(2, 3, 2, rng=rng)
    >>> history = train(net, X, labels, epochs=50, batch_size=2, learning_rate=1.0, rng=rng)
    >>> len(history), history[0] > history[-1]
    (50, True)
    """
    ### BEGIN SOLUTION
    if X.ndim != 2 or labels.shape != X.shape[:1]:
        raise ValueError(f"X of shape {X.shape} cannot have labels of shape {labels.shape}")
    velocities = [np.zeros_like(w) for w in net.weights]
    history = []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            loss, gradients = net.backward(X[rows], labels[rows])
            history.append(loss)
            velocities = [
                momentum * v - learning_rate * g for v, g in zip(velocities, gradients, strict=True)
            ]
            net.weights = [w + v for w, v in zip(net.weights, velocities, strict=True)]
    return history
    ### END SOLUTION


def train_xor(rng):
    """Train a network that tells apart the four points of XOR.

    The class is 1 if exactly one of the two inputs is 1. No straight line has
    (0, 1) and (1, 0) on one side and (0, 0) and (1, 1) on the other: a network
    of one layer gets at most three of the four right, however long it is trained.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of randomness: it draws the weights, and the batches.

    Returns
    -------
    TwoLayerNet
        With 3 inputs, of which the last is the column of ones, and 2 classes.
        How many neurons it has, and with which activation, is up to you. All
        four points have their largest probability at the right class.

    Notes
    -----
    Training may get stuck, with few neurons more often than with many. Look at
    the result, and start again with other weights if it is wrong; but bound the
    number of attempts, since a loop that can run for ever one day does.

    References
    ----------
    Minsky and Papert, *Perceptrons* (1969).
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 6.1.

    Examples
    --------
    >>> net = train_xor(np.random.default_rng(0))
    >>> points = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    >>> net.forward(points).argmax(axis=1).tolist()
    [0, 1, 1, 0]
    """
    ### BEGIN SOLUTION
    X = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    labels = np.array([0, 1, 1, 0])
    for _ in range(20):
        net = TwoLayerNet(3, 8, 2, activation="tanh", rng=rng)
        train(net, X, labels, epochs=200, batch_size=4, learning_rate=0.5, momentum=0.9, rng=rng)
        if np.array_equal(net.forward(X).argmax(axis=1), labels):
            return net
    raise RuntimeError("no network of 20 has learned XOR")
    ### END SOLUTION


### BEGIN SOLUTION
def _log_softmax(logits):
    """Return the logarithm of softmax of each row, stable for large logits."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


### END SOLUTION
