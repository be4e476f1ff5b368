"""Gradients with one mistake each, as students make them."""
# ruff: noqa: ARG005  (a gradient is a lambda of x and upstream, needed or not)

from typing import Any

import numpy as np

from benchmarks.gradient_problems import (
    Array,
    C,
    D,
    H,
    N,
    Problem,
    convolve,
    cross_entropy,
    d_convolve_by_w,
    d_convolve_by_x,
    d_cross_entropy,
    d_max_pool,
    d_normalise,
    max_pool,
    normalise,
    one_hot,
    sigmoid,
    softmax,
)


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
    squared = "The factor p(1 - p) belongs to the squared error of a sigmoid, not here."
    told = {"sizes": {"N": N, "C": C}, "suspects": {squared: g * p * (1 - p)}}
    return [
        base2,
        *(
            Problem(name=name, forward=lambda z: cross_entropy(z, y),
                    backward=lambda z, u, value=value: value, x=z, told=told)
            for name, value in wrong.items()
        ),
    ]  # fmt: skip


def _regression_bugs(rng: np.random.Generator) -> list[Problem]:
    X, y, w = rng.standard_normal((N, D)), rng.integers(0, C, N), rng.standard_normal((D, C))
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
            Problem(name=name, forward=loss,
                    backward=lambda w, u, value=value: value, x=w, told=told)
            for name, value in wrong.items()
        ),
    ]  # fmt: skip


def _network_bugs(rng: np.random.Generator) -> list[Problem]:
    X, y = rng.standard_normal((N, D)), rng.integers(0, C, N)
    w1, w2, other = (rng.standard_normal(shape) for shape in ((D, H), (H, C), (H, C)))
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
        Problem(name="graph: a second call accumulates", forward=np.tanh,
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
