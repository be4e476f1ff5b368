"""Functions with their gradients, and places where these are hard to measure."""
# ruff: noqa: ARG005, E731  (a gradient is a lambda of x and upstream, needed or not)

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray
N, D, H, C = 6, 5, 4, 3  # examples, inputs, hidden units, classes


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A function of one array, and what a student says is its gradient."""

    name: str
    forward: Callable[[Array], Any]
    backward: Callable[[Array, Any], Array]  # of x and the upstream gradient
    x: Array
    told: dict[str, Any] = field(default_factory=dict)  # what the author tells assert_gradient


def softmax(z: Array) -> Array:
    """Give each row's probabilities."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(z: Array, y: Array) -> Any:
    """Give the mean cross-entropy."""
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y])


def one_hot(y: Array, classes: int) -> Array:
    """Give a row with a 1 for each label."""
    return np.eye(classes)[y]


def d_cross_entropy(z: Array, y: Array) -> Array:
    """Differentiate the mean cross-entropy by the logits."""
    return ((softmax(z) - one_hot(y, z.shape[1])) / len(y)).astype(z.dtype)


def sigmoid(z: Array) -> Array:
    """Give 1 / (1 + exp(-z)) without overflow."""
    return 0.5 * (1 + np.tanh(z / 2))


def windows(x: Array, kh: int, kw: int, stride: int = 1) -> Array:
    """Give (N, C, OH, OW, kh, kw)."""
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride]


def convolve(x: Array, w: Array) -> Array:
    """Correlate a batch with filters."""
    return np.einsum("nchwij,fcij->nfhw", windows(x, *w.shape[2:]), w)


def d_convolve_by_x(dout: Array, w: Array, x: Array) -> Array:
    """Differentiate `convolve` by the images."""
    kh, kw = w.shape[2:]
    dx = np.zeros_like(x)
    for i in range(kh):
        for j in range(kw):
            here = dx[:, :, i : i + dout.shape[2], j : j + dout.shape[3]]
            here += np.einsum("nfhw,fc->nchw", dout, w[:, :, i, j])
    return dx


def d_convolve_by_w(dout: Array, w: Array, x: Array) -> Array:
    """Differentiate `convolve` by the filters."""
    return np.einsum("nfhw,nchwij->fcij", dout, windows(x, *w.shape[2:]))


def max_pool(x: Array) -> Array:
    """Take the maximum of overlapping 3 × 3 windows, two apart."""
    return windows(x, 3, 3, 2).max(axis=(4, 5))


def d_max_pool(dout: Array, x: Array, *, overwrite: bool = False) -> Array:
    """Differentiate `max_pool`."""
    dx = np.zeros_like(x)
    for n, c, h, w in np.ndindex(*dout.shape):
        window = x[n, c, 2 * h : 2 * h + 3, 2 * w : 2 * w + 3]
        i, j = np.unravel_index(int(np.argmax(window)), window.shape)
        place = n, c, 2 * h + i, 2 * w + j
        dx[place] = dout[n, c, h, w] + (0 if overwrite else dx[place])
    return dx


def normalise(x: Array) -> Array:
    """Give each column mean 0 and variance 1, as batch normalisation does."""
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)


def d_normalise(u: Array, x: Array) -> Array:
    """Differentiate `normalise`."""
    xhat = normalise(x)
    centred = u - u.mean(axis=0) - xhat * (u * xhat).mean(axis=0)
    return (centred / np.sqrt(x.var(axis=0) + 1e-5)).astype(x.dtype)


def d_softmax(u: Array, z: Array) -> Array:
    """Differentiate `softmax`."""
    p = softmax(z)
    return p * (u - (p * u).sum(axis=1, keepdims=True))


def right(rng: np.random.Generator, dtype: type) -> list[Problem]:
    """Give right gradients at a random place, some of them hard to measure."""

    def draw(*shape: int, scale: Any = 1.0) -> Array:
        return (scale * rng.standard_normal(shape)).astype(dtype)

    def problem(name: str, x: Array, forward: Any, backward: Any) -> Problem:
        x = x.astype(dtype)
        exact = lambda x, u: np.asarray(backward(x, np.asarray(u, dtype)), dtype)
        return Problem(name=name, x=x, forward=forward, backward=exact)

    y, X, w2, w1 = rng.integers(0, C, N), draw(N, D), draw(H, C), draw(D, H)
    sharp = np.where(rng.random((N, C)) < 0.5, -30.0, 30.0)
    saturated = 30 * (2 * one_hot(y, C) - 1)
    zeros = draw(N, H) * (rng.random((N, H)) < 0.8)

    def by_w1(w: Array, act: Any, slope: Any) -> Array:
        dz = d_cross_entropy(act(X @ w) @ w2, y)
        return X.T @ (dz @ w2.T * slope(X @ w))

    def relu(z: Array) -> Array:
        return np.maximum(z, 0)

    images, filters = draw(2, 2, 6, 5), draw(3, 2, 3, 3)
    scales = 10.0 ** rng.integers(-6, 7, 8)
    loss = lambda z: cross_entropy(z, y)
    d_loss = lambda z, u: d_cross_entropy(z, y)
    return [
        problem("softmax-CE", draw(N, C, scale=3), loss, d_loss),
        problem("softmax-CE, logits ±30", sharp + draw(N, C), loss, d_loss),
        problem("softmax-CE, all right and saturated", saturated + draw(N, C), loss, d_loss),
        problem("softmax-CE at zero", np.zeros((N, C)), loss, d_loss),
        problem("softmax layer", draw(N, C, scale=5), softmax, lambda z, u: d_softmax(u, z)),
        problem("two layers, sigmoid", w1, lambda w: cross_entropy(sigmoid(X @ w) @ w2, y),
                lambda w, u: by_w1(w, sigmoid, lambda a: sigmoid(a) * sigmoid(-a))),
        problem("two layers, ReLU", w1, lambda w: cross_entropy(relu(X @ w) @ w2, y),
                lambda w, u: by_w1(w, relu, lambda a: a > 0)),
        problem("ReLU with zeros among its inputs", zeros, relu, lambda z, u: u * (z > 0)),
        problem("conv by x", images, lambda x: convolve(x, filters),
                lambda x, u: d_convolve_by_x(u, filters, x)),
        problem("conv by w", filters, lambda w: convolve(images, w),
                lambda w, u: d_convolve_by_w(u, w, images)),
        problem("max pool", images, max_pool, lambda x, u: d_max_pool(u, x)),
        problem("batch norm", draw(N, C), normalise, lambda x, u: d_normalise(u, x)),
        problem("batch norm, small spread", 5 + draw(N, C, scale=0.01), normalise,
                lambda x, u: d_normalise(u, x)),
        problem("log-sum-exp, scales 1e-6 to 1e6", draw(8, scale=scales),
                lambda x: np.max(x) + np.log(np.sum(np.exp(x - np.max(x)))),
                lambda x, u: softmax(x[None])[0]),
        problem("sum of logs, scales 1e-6 to 1e6", np.abs(draw(8, scale=scales)) + 1e-7,
                lambda x: np.sum(np.log(x)), lambda x, u: 1 / x),
        problem("squares at the minimum", np.zeros(8), lambda x: 3 + np.sum(x**2),
                lambda x, u: 2 * x),
        problem("tiny: 1e-12 of squares", draw(8), lambda x: 1e-12 * np.sum(x**2),
                lambda x, u: 2e-12 * x),
        problem("huge: 1e12 of squares", draw(8, scale=1e3), lambda x: 1e12 * np.sum(x**2),
                lambda x, u: 2e12 * x),
        problem("constant", draw(8), lambda x: 1.5, lambda x, u: 0 * x),
        problem("single precision inside", draw(N, C),
                lambda z: float(cross_entropy(z.astype(np.float32), y)), d_loss),
    ]  # fmt: skip
