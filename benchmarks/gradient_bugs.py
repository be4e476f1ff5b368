"""What assert_gradient finds, beside two peers, and what it costs.

    python -m benchmarks.gradient_bugs [--seeds N]

1. Planted bugs: which are caught, and which cause is named. The peers are central
   differences for each element as textbooks have them (step 1e-5, upstream ones,
   both tolerances 1e-5) and torch.autograd.gradcheck with its defaults, fast and slow.
2. False alarms on right gradients, each seed with new numbers.
3. Calls and time for 784 × 64 weights.
"""

import argparse
import functools
import importlib.util
import time
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.gradient_problems import (
    Array,
    Problem,
    cross_entropy,
    d_cross_entropy,
    right,
    sigmoid,
)
from benchmarks.planted_bugs import bugs
from grader.checks import CheckFailure, assert_gradient

_TORCH = importlib.util.find_spec("torch") is not None


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200, metavar="N")
    options = parser.parse_args()
    table_of_bugs()
    table_of_alarms(options.seeds)
    table_of_costs()


def table_of_bugs() -> None:
    """Print what each check says about each bug."""
    peers = {"elementwise": by_elements}
    if _TORCH:
        peers |= {f"gradcheck {m}": functools.partial(by_torch, mode=m) for m in ("fast", "slow")}
    print(f"{'bug':50s} {'ours':>5s}", *(f"{name:>14s}" for name in peers), "  cause")
    counts: Counter[str] = Counter()
    for bug in bugs():
        failure = failure_of(bug, np.random.default_rng(1))
        caught = {"ours": failure is not None}
        caught |= {name: not peer(bug) for name, peer in peers.items()}
        counts.update(name for name, found in caught.items() if found)
        counts["named"] += bool(failure and failure.hint)
        shown = ("yes" if found else "MISSED" for found in caught.values())
        widths = (5, *(14 for _ in peers))
        cells = (f"{word:>{width}s}" for word, width in zip(shown, widths, strict=True))
        print(f"{bug.name:50s}", *cells, f"  {(failure.hint if failure else '') or '—'}"[:90])
    print(f"of {len(bugs())}:", ", ".join(f"{name} {n}" for name, n in counts.items()), "\n")


def table_of_alarms(seeds: int) -> None:
    """Print how often right gradients are called wrong."""
    print(f"false alarms in {seeds} seeds: ours float64, ours float32, elementwise float64")
    alarms: dict[str, Counter[str]] = {}
    for dtype in (np.float64, np.float32):
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            for problem in right(rng, dtype):
                seen = alarms.setdefault(problem.name, Counter())
                seen[dtype.__name__] += failure_of(problem, rng) is not None
                if dtype is np.float64:
                    seen["elementwise"] += not by_elements(problem)
    for name, seen in alarms.items():
        print(f"{name:40s} {seen['float64']:5d} {seen['float32']:5d} {seen['elementwise']:5d}")
    print()


def table_of_costs() -> None:
    """Print the cost of one check, beside that of going through the elements."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((100, 784)), rng.integers(0, 10, 100)
    w1, w2 = 0.05 * rng.standard_normal((784, 64)), 0.3 * rng.standard_normal((64, 10))
    hidden = sigmoid(X @ w1)
    slope = hidden * (1 - hidden)
    gradient = X.T @ (d_cross_entropy(hidden @ w2, y) @ w2.T * slope)
    faulty = gradient.copy()
    faulty[300, 20] += 0.01

    def loss(w: Array) -> Any:
        return cross_entropy(sigmoid(X @ w) @ w2, y)

    one = timed(lambda: [loss(w1) for _ in range(100)]) / 100
    elementwise = 2 * w1.size * one
    print(f"784 x 64 weights, one call {1000 * one:.1f} ms")
    print(f"elementwise (from that)     {2 * w1.size:7d} calls {elementwise:8.2f} s")
    cases = {"right": gradient, "100 times too large": 100 * gradient, "one element wrong": faulty}
    for name, value in cases.items():
        counted = Counted(loss)
        problem = Problem(name=name, forward=counted, backward=lambda x, u, g=value: g, x=w1)  # noqa: ARG005
        counted.calls = -1  # `failure_of` makes one of its own
        seconds = timed(functools.partial(failure_of, problem, rng))
        ratio = elementwise / seconds
        print(f"ours, {name:20s}  {counted.calls:7d} calls {seconds:8.2f} s, 1/{ratio:.0f}")


class Counted:
    """A function that counts its calls."""

    def __init__(self, function: Callable[[Array], Any]) -> None:
        self._function = function
        self.calls = 0

    def __call__(self, x: Array) -> Any:
        """Count, and call."""
        self.calls += 1
        return self._function(x)


def failure_of(problem: Problem, rng: np.random.Generator) -> CheckFailure | None:
    """Give what assert_gradient raises."""
    shape = np.shape(problem.forward(problem.x))
    upstream = rng.standard_normal(shape) if shape else None
    gradient = problem.backward(problem.x, 1.0 if upstream is None else upstream)
    told = {key: v(upstream) if callable(v) else v for key, v in problem.told.items()}
    try:
        assert_gradient(problem.forward, problem.x, gradient, upstream=upstream, rng=rng, **told)
    except CheckFailure as failure:
        return failure
    return None


def by_elements(problem: Problem) -> bool:
    """Whether central differences for each element agree, as textbooks have them."""
    h, x = 1e-5, problem.x.astype(np.float64)
    numeric = np.zeros_like(x)
    with np.errstate(all="ignore"):
        for index in np.ndindex(*x.shape):
            step = np.zeros_like(x)
            step[index] = h
            ahead, behind = problem.forward(x + step), problem.forward(x - step)
            numeric[index] = np.sum(np.asarray(ahead) - behind) / (2 * h)
    ones = np.ones(np.shape(problem.forward(x)))
    analytic = problem.backward(problem.x, ones if ones.shape else 1.0)
    same_shape = analytic.shape == numeric.shape
    return same_shape and np.allclose(analytic, numeric, rtol=1e-5, atol=1e-5)


def by_torch(problem: Problem, mode: str) -> bool:
    """Whether torch.autograd.gradcheck accepts the gradient."""
    import torch  # noqa: PLC0415  (only where it is installed)

    class Wrapped(torch.autograd.Function):
        """The problem as torch sees it."""

        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return torch.as_tensor(np.asarray(problem.forward(x.detach().numpy())))

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            (x,) = ctx.saved_tensors
            u = upstream.numpy() if upstream.ndim else float(upstream)
            gradient = problem.backward(x.detach().numpy(), u)
            scaled = gradient if upstream.ndim else gradient * u  # a lambda that ignores u
            return torch.as_tensor(np.ascontiguousarray(scaled))

    x = torch.tensor(problem.x, dtype=torch.float64, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return torch.autograd.gradcheck(
                Wrapped.apply, (x,), fast_mode=mode == "fast", raise_exception=False
            )
        except RuntimeError:  # it does not survive a gradient of another shape
            return False


def timed(function: Callable[[], Any]) -> float:
    """Give the seconds that a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
