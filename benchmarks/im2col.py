"""The convolution of a4's reference, in NumPy, beside PyTorch's on one thread.

    python -m benchmarks.im2col [--rounds N]

For each shape, both compute the same layer in float32, and their results are compared
first. Then they are timed in turn, so that a noisy machine disturbs both alike. What
counts is the ratio of their processor times, pair by pair: the median, and in brackets
the middle half of the pairs. Milliseconds are for orientation only.
"""
# ruff: noqa: E402  (the number of threads is read once, when NumPy is imported)

import os

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

LAYERS = Path(__file__).resolve().parent.parent / "reference" / "a4_cnn" / "layers.py"
SHORTEST = 0.01  # seconds that one measurement lasts at least, by calling repeatedly


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A convolutional layer, and what it is an example of."""

    what: str
    x: tuple[int, int, int, int]
    w: tuple[int, int, int, int]
    stride: int = 1
    pad: int = 0


SHAPES = (
    Shape(what="SmallCNN, first", x=(64, 1, 28, 28), w=(32, 1, 3, 3), pad=1),
    Shape(what="SmallCNN, second", x=(64, 32, 14, 14), w=(64, 32, 3, 3)),
    Shape(what="LeNet, first", x=(64, 1, 28, 28), w=(6, 1, 5, 5), pad=2),
    Shape(what="one colour photograph", x=(1, 3, 224, 224), w=(64, 3, 7, 7), stride=2, pad=3),
    Shape(what="ResNet, 56 × 56", x=(4, 64, 56, 56), w=(64, 64, 3, 3), pad=1),
    Shape(what="ResNet, 28 × 28, by 2", x=(4, 128, 28, 28), w=(256, 128, 3, 3), stride=2, pad=1),
    Shape(what="ResNet, 14 × 14, 1 × 1", x=(8, 256, 14, 14), w=(1024, 256, 1, 1)),
)  # fmt: skip

Pass = Callable[[], Sequence[np.ndarray]]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="pairs (default 15)")
    options = parser.parse_args()
    layers = load_layers()
    print("NumPy's time / PyTorch's: median (middle half of the pairs), and both times")
    print(f"{'layer':<26} {'x':<17} {'w':<17}  {'forward':<34}  forward and backward")
    for shape in SHAPES:
        cells = [
            compare(ours, theirs, options.rounds)
            for ours, theirs in zip(by_numpy(layers, shape), by_torch(shape), strict=True)
        ]
        sizes = ("×".join(map(str, size)) for size in (shape.x, shape.w))
        print(f"{shape.what:<26}", *(f"{size:<17}" for size in sizes), "", *cells, flush=True)


def load_layers() -> ModuleType:
    """Import the reference's layers.py."""
    spec = importlib.util.spec_from_file_location("layers", LAYERS)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{LAYERS} cannot be imported; run this in a clone of the repository")
    layers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(layers)
    return layers


def arrays(shape: Shape) -> tuple[np.ndarray, ...]:
    """Draw images, filters and biases: the same for both."""
    rng = np.random.default_rng(0)
    sizes = shape.x, shape.w, shape.w[:1]
    return tuple(rng.standard_normal(size, dtype=np.float32) for size in sizes)


def by_numpy(layers: ModuleType, shape: Shape) -> tuple[Pass, Pass]:
    """Give the forward pass, and both, by the reference."""
    x, w, b = arrays(shape)

    def forward() -> Sequence[np.ndarray]:
        return (layers.conv_forward(x, w, b, shape.stride, shape.pad)[0],)

    def both() -> Sequence[np.ndarray]:
        out, cache = layers.conv_forward(x, w, b, shape.stride, shape.pad)
        return layers.conv_backward(out, cache)  # as good a gradient as any

    return forward, both


def by_torch(shape: Shape) -> tuple[Pass, Pass]:
    """Give the same by PyTorch."""
    try:
        import torch  # noqa: PLC0415  (only where it is installed)
    except ModuleNotFoundError:
        raise SystemExit("PyTorch is not installed; `pip install torch`") from None
    torch.set_num_threads(1)
    inputs = [torch.from_numpy(each) for each in arrays(shape)]
    leaves = [each.clone().requires_grad_() for each in inputs]
    options = {"stride": shape.stride, "padding": shape.pad}

    def forward() -> Sequence[np.ndarray]:
        with torch.no_grad():
            return (torch.nn.functional.conv2d(*inputs, **options).numpy(),)

    def both() -> Sequence[np.ndarray]:
        out = torch.nn.functional.conv2d(*leaves, **options)
        return [each.numpy() for each in torch.autograd.grad(out, leaves, out.detach())]

    return forward, both


def compare(ours: Pass, theirs: Pass, rounds: int) -> str:
    """Check that both compute the same, time them in turn, and describe the ratio."""
    for one, other in zip(ours(), theirs(), strict=True):
        error = np.abs(one - other).max() / np.abs(other).max()
        if not error < 1e-4:
            sys.exit(f"the results differ by {error:.1g} of the largest; correct {LAYERS}")
    calls = max(1, round(SHORTEST / timed(theirs, 1)))
    pairs = [(timed(ours, calls), timed(theirs, calls)) for _ in range(rounds)]
    low, middle, high = np.percentile([a / b for a, b in pairs], (25, 50, 75))
    ours_ms, theirs_ms = (1000 * np.median(each) for each in zip(*pairs, strict=True))
    ratio = f"{middle:5.2f} ({low:.2f}–{high:.2f})"
    return f"{ratio:<18} {f'{ours_ms:.1f} / {theirs_ms:.1f} ms':<15}"


def timed(run: Pass, calls: int) -> float:
    """Give the processor seconds of one call."""
    start = time.process_time()
    for _ in range(calls):
        run()
    return (time.process_time() - start) / calls


if __name__ == "__main__":
    main()
