"""Functions with their gradients: right ones, and ones with the mistakes students make."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray
N, I, H, C = 6, 5, 4, 3


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


def bugs(seed: int = 0) -> list[Problem]:
    """Plant one mistake in each of many right gradients."""
    rng = np.random.default_rng(seed)
    return [
        *_cross_entropy_bugs(rng),
        *_regression_bugs(rng),
        *_network_bugs(rng),
        *_layer_bugs(rng),
        *_convolution_bugs(rng),
    ]


def _cross_entropy_bugs(rng: np.random.Generator) -> list[Problem]:
    z, y = 2 * rng.standard_normal((N, C)), rng.integers(0, C, N)
    hot, p = one_hot(y, C), softmax(z)
    g = d_cross_entropy(z, y)
    wrong = {
        "softmax-CE: summed, not averaged": g * N,
        "softmax-CE: divided by N twice": g / N,
        "softmax-CE: divided by C too": g / C,
        "softmax-CE: minus sign": -g,
        "softmax-CE: one-hot not subtracted": p / N,
        "softmax-CE: extra p(1 - p)": g * p * (1 - p),
        "softmax-CE: softmax over axis 0": (softmax(z.T).T - hot) / N,
        "softmax-CE: returns zeros": g * 0,
    }
    base2 = Problem(
        name="softmax-CE: the loss in bits",
        forward=lambda z: cross_entropy(z, y) / np.log(2), backward=lambda z, u: g, x=z,
    )  # fmt: skip
    told = {"sizes": {"N": N, "C": C}, "suspects": {"p(1 - p) is for squared error": g * p * (1 - p)}}
    return [
        base2,
        *(
            Problem(name=name, forward=lambda z: cross_entropy(z, y),
                    backward=lambda z, u, value=value: value, x=z, told=told)
            for name, value in wrong.items()
        ),
    ]  # fmt: skip


def _regression_bugs(rng: np.random.Generator) -> list[Problem]:
    X, y, w = rng.standard_normal((N, I)), rng.integers(0, C, N), rng.standard_normal((I, C))
    X[:, -1], l2 = 1, 0.1
    weights = w.copy()
    weights[-1] = 0  # the last row is the bias, which the penalty leaves out

    def loss(w: Array, l2: float = l2) -> Any:
        return cross_entropy(X @ w, y) + 0.5 * l2 * np.sum(w[:-1] ** 2)

    data = X.T @ d_cross_entropy(X @ w, y)
    wrong = {
        "L2: term missing": data,
        "L2: factor 2": data + 2 * l2 * weights,
        "L2: factor ½": data + 0.5 * l2 * weights,
        "L2: on the bias row": data + l2 * w,
        "L2: subtracted": data - l2 * weights,
        "regression: bias row zero": np.vstack([(data + l2 * weights)[:-1], np.zeros((1, C))]),
        "regression: one example of six left out": (
            X[:-1].T @ d_cross_entropy(X[:-1] @ w, y[:-1]) * (N - 1) / N + l2 * weights
        ),
        "regression: nominal batch size on the last batch": data * N / 64 + l2 * weights * N / 64,
    }
    told = {"sizes": {"N": N, "batch_size": 64, "l2": l2}}
    faint = Problem(
        name="L2: on the bias row, l2 = 1e-5",
        forward=lambda w: loss(w, 1e-5), backward=lambda w, u: data + 1e-5 * w, x=w,
        told={"sizes": {"l2": 1e-5}},
    )  # fmt: skip
    return [
        faint,
        *(
            Problem(name=name, forward=loss, backward=lambda w, u, value=value: value, x=w, told=told)
            for name, value in wrong.items()
        ),
    ]


def _network_bugs(rng: np.random.Generator) -> list[Problem]:
    X, y = rng.standard_normal((N, I)), rng.integers(0, C, N)
    w1, w2, other = (rng.standard_normal(shape) for shape in ((I, H), (H, C), (H, C)))
    a, hidden = X @ w1, sigmoid(X @ w1)
    dz = d_cross_entropy(hidden @ w2, y)
    slope = hidden * (1 - hidden)
    wrong = {
        "two layers: σ' left out": X.T @ (dz @ w2.T),
        "two layers: σ' of the activation": X.T @ (dz @ w2.T * sigmoid(hidden) * sigmoid(-hidden)),
        "two layers: w2 updated first": X.T @ (dz @ other.T * slope),
        "two layers: extra 1/N": X.T @ (dz @ w2.T * slope) / N,
    }
    relu_dz = d_cross_entropy(np.maximum(a, 0) @ w2, y)
    square = rng.standard_normal((C, C))
    return [
        *(
            Problem(name=name, forward=lambda w: cross_entropy(sigmoid(X @ w) @ w2, y),
                    backward=lambda w, u, value=value: value, x=w1, told={"sizes": {"N": N}})
            for name, value in wrong.items()
        ),
        Problem(name="two layers: ReLU's mask left out",
                forward=lambda a: cross_entropy(np.maximum(a, 0) @ w2, y),
                backward=lambda a, u: relu_dz @ w2.T, x=a),
        Problem(name="matmul: transposed, square", forward=lambda m: (X[:C, :C] @ m) @ X[:C, :C],
                backward=lambda m, u: (X[:C, :C].T @ u @ X[:C, :C].T).T, x=square),
    ]  # fmt: skip


def _layer_bugs(rng: np.random.Generator) -> list[Problem]:
    x, b = rng.standard_normal((N, C)), rng.standard_normal(C)
    return [
        Problem(name="softmax layer: only p(1 - p)", forward=softmax,
                backward=lambda z, u: u * softmax(z) * (1 - softmax(z)), x=x),
        Problem(name="softmax layer: no backward at all", forward=softmax,
                backward=lambda z, u: 0 * z, x=x),
        Problem(name="softmax layer: sum over the wrong axis", forward=softmax, x=x,
                backward=lambda z, u: softmax(z) * (u - (softmax(z) * u).sum(axis=0))),
        Problem(name="bias: not summed over the batch", forward=lambda b: x + b,
                backward=lambda b, u: u, x=b),
        Problem(name="bias: averaged", forward=lambda b: x + b,
                backward=lambda b, u: u.mean(axis=0), x=b),
        Problem(name="bias: summed over everything", forward=lambda b: x + b,
                backward=lambda b, u: np.full_like(b, u.sum()), x=b),
        Problem(name="graph: x * x, overwritten", forward=lambda x: x * x,
                backward=lambda x, u: u * x, x=x),
        Problem(name="graph: exp(x) + 3x, overwritten", forward=lambda x: np.exp(x) + 3 * x,
                backward=lambda x, u: 3 * u, x=x, told={"parts": lambda u: [u * np.exp(x), 3 * u]}),
        Problem(name="graph: a second call accumulates", forward=lambda x: np.tanh(x),
                backward=lambda x, u: 2 * u * (1 - np.tanh(x) ** 2), x=x),
        Problem(name="batch norm: mean not differentiated", forward=normalise, x=x,
                backward=lambda x, u: d_normalise(u, x)
                + u.mean(axis=0) / np.sqrt(x.var(axis=0) + 1e-5)),
        Problem(name="batch norm: variance not differentiated", forward=normalise, x=x,
                backward=lambda x, u: (u - u.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5)),
    ]  # fmt: skip


def _convolution_bugs(rng: np.random.Generator) -> list[Problem]:
    x, w = rng.standard_normal((2, 3, 6, 5)), rng.standard_normal((4, 3, 3, 3))
    flipped = w[:, :, ::-1, ::-1]
    return [
        Problem(name="conv: dx with the kernel flipped wrongly", forward=lambda x: convolve(x, w),
                backward=lambda x, u: d_convolve_by_x(u, flipped, x), x=x),
        Problem(name="conv: dw flipped", forward=lambda w: convolve(x, w),
                backward=lambda w, u: d_convolve_by_w(u, w, x)[:, :, ::-1, ::-1], x=w),
        Problem(name="conv: kernel height and width swapped", forward=lambda w: convolve(x, w),
                backward=lambda w, u: d_convolve_by_w(u, w, x).swapaxes(2, 3), x=w),
        Problem(name="conv: dw of the last image only", forward=lambda w: convolve(x, w),
                backward=lambda w, u: d_convolve_by_w(u[-1:], w, x[-1:]), x=w,
                told={"parts": lambda u: [d_convolve_by_w(u[n:n + 1], w, x[n:n + 1])
                                          for n in range(2)]}),
        Problem(name="max pool: = for +=, overlapping windows", forward=max_pool,
                backward=lambda x, u: d_max_pool(u, x, overwrite=True), x=x,
                told={"suspects": lambda u: {"windows overlap: add to dx, do not assign":
                                             d_max_pool(u, x, overwrite=True)}}),
    ]  # fmt: skip


def right(rng: np.random.Generator, dtype: type) -> list[Problem]:
    """Give right gradients at a random place, some of them hard to measure."""

    def draw(*shape: int, scale: Any = 1.0) -> Array:
        return (scale * rng.standard_normal(shape)).astype(dtype)

    def problem(name: str, x: Array, forward: Any, backward: Any) -> Problem:
        x = x.astype(dtype)
        exact = lambda x, u: np.asarray(backward(x, np.asarray(u, dtype)), dtype)  # noqa: E731
        return Problem(name=name, x=x, forward=forward, backward=exact)

    y, X, w2, w1 = rng.integers(0, C, N), draw(N, I), draw(H, C), draw(I, H)
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
    loss = lambda z: cross_entropy(z, y)  # noqa: E731
    d_loss = lambda z, u: d_cross_entropy(z, y)  # noqa: E731
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
