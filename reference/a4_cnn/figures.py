"""Draw the figures of the handout: run `python figures.py` in this folder.

Every number and every picture is computed by the solved modules beside this
script, so a figure cannot disagree with what students are asked to build. The
images are MNIST where it is installed, and the shipped digits otherwise; the
figures name which. The committed ones are made from MNIST, on one thread: with
more, sums are added up in another order, and the curves differ in the third digit.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import layers
import numpy as np
import torch
from model import SmallCNN, build_sequential
from tensors import images_to_tensor, polynomial_gradient
from torch import nn
from training import evaluate, make_loader, train_epoch

from grader.data import available, load
from grader.drawing import handout
from grader.drawing.handout import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    MONO,
    ORANGE,
    PALE_BLUE,
    PALE_GREY,
    PALE_ORANGE,
    PAPER,
    RED,
    pale,
    signed,
)

BROWN = "#8a5f00"
COLORS = (BLUE, ORANGE, RED, GREEN)  # of the four windows
TRAINED_ON = 12_000  # images; enough for every figure, and quick


class Page(handout.Page):
    """A figure of this handout."""

    folder = Path(__file__).parent / "figures"

    def grid(self, x, y, numbers, cell=0.42, *, fill=PAPER, ink=INK, size=14):
        """Draw a table of whole numbers."""
        for i, row in enumerate(numbers):
            words = [signed(value) for value in row]
            self.row(x, y + i * cell, words, cell, cell, size, fill=fill, ink=ink)


class Study(NamedTuple):
    """The images that the networks of the figures are trained and tested on."""

    name: str
    images: np.ndarray
    labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


@cache
def study():
    """Load the images."""
    data = load("mnist" if available("mnist") else "digits")
    name = {"mnist": "MNIST"}.get(data.name, data.name)
    images, labels = data.train_images[:TRAINED_ON], data.train_labels[:TRAINED_ON]
    return Study(name, images, labels, data.test_images, data.test_labels)


def train(model, optimizer, *, epochs, batch_size=64):
    """Train on the study's images; return the loss of each epoch."""
    loader = make_loader(study().images, study().labels, batch_size, shuffle=True)
    return [train_epoch(model, loader, optimizer) for _ in range(epochs)]


def quick_network():
    """Return the small network of the experiments; its weights begin alike each time."""
    torch.manual_seed(0)
    return build_sequential(
        [
            {"layer": "Conv2d", "in_channels": 1, "out_channels": 8, "kernel_size": 5, "stride": 2},
            {"layer": "BatchNorm2d", "num_features": 8},
            {"layer": "ReLU"},
            {
                "layer": "Conv2d",
                "in_channels": 8,
                "out_channels": 16,
                "kernel_size": 3,
                "stride": 2,
            },
            {"layer": "BatchNorm2d", "num_features": 16},
            {"layer": "ReLU"},
            {"layer": "Flatten"},
            {"layer": "Linear", "in_features": 400, "out_features": 10},
        ],
        input_shape=(1, 28, 28),
    )


@cache
def small_cnn():
    """Train a SmallCNN; return it, and its first filters before that."""
    torch.manual_seed(0)
    model = SmallCNN()
    before = next(model.parameters()).detach().clone().numpy()
    train(model, torch.optim.Adam(model.parameters(), lr=0.002), epochs=2)
    return model, before


@cache
def dense_network():
    """Train the network of the last assignment on the same images."""
    torch.manual_seed(0)
    model = build_sequential(
        [
            {"layer": "Flatten"},
            {"layer": "Linear", "in_features": 784, "out_features": 64},
            {"layer": "ReLU"},
            {"layer": "Linear", "in_features": 64, "out_features": 10},
        ]
    )
    train(model, torch.optim.Adam(model.parameters(), lr=0.002), epochs=8)
    return model


def draw_shifted():
    """Shift the test images to the right, and see who can still read them."""
    images, labels = study().test_images[:5000], study().test_labels[:5000]
    shifts = np.arange(6)
    page = Page(4.55)
    page.source(4.4, study().name)
    for shift in shifts:
        shown = np.roll(images[0], shift, axis=1)
        page.image(0.72 + 0.88 * shift, 0.12, 0.72, shown)
    axes = page.plot(0.72, 1.1, 5.13, 2.65, xlabel="pixels to the right", ylabel="accuracy")
    for model, color, name, x, y in (
        (small_cnn()[0], GREEN, "convolutional network", 2.35, 0.9),
        (dense_network(), RED, "two dense layers", 0.25, 0.55),
    ):
        found = [evaluate(model, np.roll(images, shift, axis=2), labels) for shift in shifts]
        axes.plot(shifts, found, "o-", color=color, linewidth=3, markersize=8)
        axes.text(x, y, name, fontsize=15, color=color)
    axes.set(ylim=(0, 1.03), xlim=(-0.41, 5.41), xticks=shifts, yticks=[0, 0.5, 1])
    page.save("shifted", colors=64)


def draw_im2col():
    """Write each of four windows into a column, and multiply."""
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    w = np.array([1.0, 0.0, 2.0, -1.0])
    columns = layers.im2col(x, 2, 2, 1, 0)[0]
    out, _ = layers.conv_forward(x, w.reshape(1, 1, 2, 2), np.zeros(1), 1, 0)
    page = Page(5.0)
    cell = 0.42
    page.text(0.15, 0.22, "the image x, and four windows of 2 × 2", 15, ha="left")
    for k, color in enumerate(COLORS):
        left, (row, column) = 0.15 + 1.5 * k, divmod(k, 2)
        page.grid(left, 0.5, x[0, 0], cell, size=13)
        page.frame(left + column * cell, 0.5 + row * cell, 2 * cell, 2 * cell, color=color)
        page.arrow((left + 0.63, 1.82), (2.45 + 0.6 * k, 2.44), color, mutation_scale=14)
    page.text(0.15, 2.35, "im2col", 15, ha="left", **MONO)
    for k, color in enumerate(COLORS):
        page.grid(2.2 + 0.6 * k, 2.5, columns[:, k : k + 1], cell, fill=pale(color))
    page.text(0.99, 2.98, "filter w", 14)
    page.grid(0.15, 3.15, w[None], cell, fill=PALE_GREY)
    page.text(2.02, 3.36, "@", 15)
    page.arrow((3.31, 4.24), (3.31, 4.4), INK, mutation_scale=12)
    for k, color in enumerate(COLORS):
        page.grid(2.2 + 0.6 * k, 4.45, out.reshape(1, 4)[:, k : k + 1], cell, fill=pale(color))
    page.text(0.15, 4.67, "one product:", 14, ha="left")
    page.grid(4.95, 4.03, out[0, 0], cell)
    page.text(5.37, 3.83, "out", 14)
    page.save("im2col", colors=64)


def draw_col2im():
    """Add four overlapping windows up."""
    columns = np.repeat([[1.0, 10.0, 100.0, 1000.0]], 4, axis=0)[None]
    back = layers.col2im(columns, (1, 1, 3, 3), 2, 2, 1, 0)[0, 0]
    page = Page(3.4)
    page.text(0.15, 0.22, "four columns, each laid back on its window", 15, ha="left")
    for k, color in enumerate(COLORS):
        left, (row, column) = 0.17 + 1.48 * k, divmod(k, 2)
        for i in range(3):
            page.row(left, 0.5 + 0.42 * i, [""] * 3, 0.42, 0.42)
        values = columns[0, :, k].reshape(2, 2)
        x, y = left + column * 0.42, 0.5 + row * 0.42
        page.grid(x, y, values, 0.42, fill=pale(color), size=11)
        if k < 3:
            page.text(left + 1.37, 1.13, "+", 17)
    page.text(0.15, 2.3, "col2im: every value goes back to its", 14, ha="left")
    page.text(0.15, 2.57, "pixel, and what meets there is added", 14, ha="left")
    page.text(0.15, 3.0, "The middle lies in all four windows.", 14, ha="left", color=RED)
    page.text(4.0, 2.57, "=", 18)
    for i, row in enumerate(back):
        page.row(4.22, 1.94 + i * 0.46, [signed(v) for v in row], 0.54, 0.46, 13)
    page.frame(4.22 + 0.54, 1.94 + 0.46, 0.54, 0.46, color=RED)
    page.save("col2im", colors=64)


def draw_conv_backward():
    """Send two gradients back through the convolution of the first figure."""
    x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    w = np.array([[1.0, 0.0], [2.0, -1.0]])
    dout = np.array([[1.0, 0.0], [0.0, 2.0]])
    _, kept = layers.conv_forward(x, w[None, None], np.zeros(1), 1, 0)
    dx, dw, db = layers.conv_backward(dout[None, None], kept)
    arrived = ((0, dout[0, 0], BLUE), (1, dout[1, 1], GREEN))  # at the first window and the last
    page, cell = Page(5.3), 0.42

    for left, words, color in ((0.78, "x", INK), (2.52, "w", INK), (4.12, "dout", RED)):
        page.text(left, 0.2, words, 14, color=color)
    page.grid(0.15, 0.4, x[0, 0], cell)
    page.grid(2.1, 0.4, w, cell, fill=PALE_GREY)
    page.grid(3.7, 0.4, dout, cell, ink=RED)
    for place, _, color in arrived:
        page.frame(0.15 + place * cell, 0.4 + place * cell, 2 * cell, 2 * cell, color=color)
        page.frame(3.7 + place * cell, 0.4 + place * cell, cell, cell, color=color)

    page.text(0.15, 1.98, "dx: the filter, laid on each window", 14, ha="left")
    page.text(0.15, 3.78, "dw: what lay in each window", 14, ha="left")
    for left, sign, (place, share, color) in zip((0.55, 2.5), ("", "+ "), arrived, strict=True):
        for top in (2.82, 4.42):
            page.text(left - 0.08, top, f"{sign}{signed(share)} ·", 15, ha="right")
        for i in range(3):
            page.row(left, 2.19 + i * cell, [""] * 3, cell, cell)
        page.grid(left + place * cell, 2.19 + place * cell, w, cell, fill=pale(color))
        page.grid(left, 4.0, x[0, 0, place : place + 2, place : place + 2], cell, fill=pale(color))
    for top, found in ((2.19, dx[0, 0]), (4.0, dw[0, 0])):
        page.text(4.05, 2.82 if top < 3 else 4.42, "=", 17)
        page.grid(4.35, top, found, cell, ink=RED)
    page.text(0.15, 5.12, f"db: everything that arrived, 1 + 2 = {db[0]:.0f}", 14, ha="left")
    page.save("conv_backward", colors=64)


def draw_strides():
    """Slide a window of three over eight pixels, with and without a remainder."""
    page = Page(4.2)
    cell = 0.46
    for top, pad, words in (
        (0.2, 0, "pad 0: ⌊(8 − 3) / 2⌋ + 1 = 3 positions"),
        (2.35, 1, "pad 1: ⌊(8 + 2 − 3) / 2⌋ + 1 = 4 positions"),
    ):
        page.text(0.15, top, words, 14, ha="left")
        positions = layers.im2col(np.ones((1, 1, 3, 8)), 3, 3, 2, pad).shape[2]
        positions = positions // (1 + pad)  # of one row of windows
        left = 0.62 + (1 - pad) * cell
        for i in range(8 + 2 * pad):
            inside = pad <= i < 8 + pad
            fill, word = (PALE_BLUE, str(i - pad)) if inside else (PALE_GREY, "0")
            page.row(
                left + i * cell, top + 0.3, [word], cell, fill=fill, ink=INK if inside else FAINT
            )
        for k in range(positions):
            y = top + 0.92 + 0.17 * k
            start = left + 2 * k * cell
            page.line([start + 0.04, start + 3 * cell - 0.04], [y, y], COLORS[k], 5)
        unseen = 8 + 2 * pad - (2 * (positions - 1) + 3)
        if unseen:
            x = left + (8 + 2 * pad - unseen / 2) * cell
            word = "pixel 7 is never seen" if not pad else "only padding is left over"
            page.text(x + 0.3, top + 1.66, word, 13, ha="right", color=RED)
            page.arrow((x, top + 1.54), (x, top + 0.82), RED, mutation_scale=14)
    page.save("strides", colors=64)


def draw_pooling():
    """Show the maxima of windows, and where their gradient goes back."""
    x = np.array(
        [[1.0, 3.0, 2.0, 0.0], [4.0, 2.0, 1.0, 5.0], [0.0, 1.0, 7.0, 2.0], [6.0, 2.0, 3.0, 1.0]]
    )
    dout = np.array([[10.0, 20.0], [30.0, 40.0]])
    out, cache_ = layers.max_pool_forward(x[None, None], 2, 2)
    dx = layers.max_pool_backward(dout[None, None], cache_)[0, 0]
    line = np.array([[2.0, 1.0, 9.0, 4.0, 3.0]] * 3)
    line[1:] = [[0.0, 1.0, 1.0, 0.0, 2.0], [1.0, 0.0, 2.0, 1.0, 0.0]]
    wide, wide_cache = layers.max_pool_forward(line[None, None], 3, 2)
    shares = np.array([[10.0, 20.0]])
    wide_dx = layers.max_pool_backward(shares[None, None], wide_cache)[0, 0]
    page = Page(6.1)
    cell = 0.42

    def framed(left, top, values, marked, frames):
        for (i, j), value in np.ndenumerate(values):
            fill = PALE_ORANGE if (i, j) in marked else PAPER
            page.row(left + j * cell, top + i * cell, [signed(value)], cell, cell, 13, fill=fill)
        for (i, j, size), color in zip(frames, COLORS, strict=False):
            page.frame(left + j * cell, top + i * cell, size * cell, size * cell, color=color)

    page.text(0.15, 0.22, "size 2, stride 2", 15, ha="left")
    winners = list(zip(*np.nonzero(dx), strict=True))
    frames = [(i, j, 2) for i in (0, 2) for j in (0, 2)]
    framed(0.15, 0.75, x, winners, frames)
    page.arrow((1.93, 1.59), (2.3, 1.59), BLUE)
    page.grid(2.4, 1.17, out[0, 0], cell, fill=PALE_ORANGE)
    page.text(0.99, 0.57, "x", 13)
    page.text(2.82, 0.98, "out", 13, color=BLUE)
    page.text(2.82, 2.25, "dout", 13, color=RED)
    page.grid(2.4, 2.42, dout, cell, ink=RED, size=13)
    page.arrow((3.3, 2.55), (3.95, 2.0), RED)
    page.text(4.89, 0.57, "dx", 13, color=RED)
    framed(4.05, 0.75, dx, winners, [])
    page.text(0.15, 3.55, "size 3, stride 2: windows overlap", 15, ha="left")
    framed(0.15, 4.1, line, [(0, 2)], [(0, 0, 3), (0, 2, 3)])
    page.text(1.2, 3.92, "x", 13)
    page.arrow((2.33, 4.73), (2.6, 4.73), BLUE)
    page.grid(2.7, 4.31, wide[0, 0], cell, fill=PALE_ORANGE)
    page.text(3.12, 4.13, "out", 13, color=BLUE)
    page.text(3.12, 5.08, "dout", 13, color=RED)
    page.grid(2.7, 5.22, shares, cell, ink=RED, size=13)
    page.arrow((3.6, 5.2), (3.78, 4.95), RED, mutation_scale=12)
    framed(3.8, 4.1, wide_dx, [(0, 2)], [])
    page.text(4.85, 3.92, "dx", 13, color=RED)
    page.text(0.15, 5.85, "The 9 has won twice: 10 + 20.", 14, ha="left", color=RED)
    page.save("pooling", colors=64)


def draw_small_cnn():
    """Draw the blocks of SmallCNN, and where its mystery size comes from."""
    model = SmallCNN()
    shapes = [(1, 28, 28), (32, 28, 28), (32, 14, 14), (64, 12, 12), (64, 6, 6)]
    first, second = (p for p in model.parameters() if p.ndim == 4)
    inputs = next(p for p in model.parameters() if p.ndim == 2).shape[1]
    page = Page(6.3)
    steps = [
        f"convolution {first.shape[2]} × {first.shape[3]}, pad 1, ReLU",
        "max-pooling 2 × 2",
        f"convolution {second.shape[2]} × {second.shape[3]}, pad 0, ReLU",
        "max-pooling 2 × 2",
    ]
    for k, (channels, height, width) in enumerate(shapes):
        y = 0.12 + 1.05 * k
        side = height / 28 * 0.72
        depth = {1: 1, 32: 5, 64: 9}[channels]
        for i in range(depth):
            page.box(0.3 + 0.1 * i, y + (0.72 - side) / 2, side, side, PALE_BLUE, edge=BLUE)
        words = f"{channels} × {height} × {width}"
        page.text(2.1, y + 0.36, words, 16, ha="left", **MONO)
        page.text(
            5.85, y + 0.36, f"{channels * height * width} numbers", 12, ha="right", color=FAINT
        )
        if k < 4:
            page.arrow((2.25, y + 0.6), (2.25, y + 1.15), INK)
            page.text(2.45, y + 0.88, steps[k], 13, ha="left", color=BROWN)
    page.arrow((2.25, 4.92), (2.25, 5.47), INK)
    page.text(2.45, 5.2, f"flatten: 64 · 6 · 6 = {inputs}", 14, ha="left", color=RED)
    page.box(0.3, 5.6, 1.52, 0.12, PALE_ORANGE, edge=BROWN)
    page.text(2.1, 5.66, f"{inputs}", 16, ha="left", **MONO)
    page.text(2.85, 5.66, "→ linear →", 13, ha="left", color=BROWN)
    page.text(3.95, 5.66, "10 logits", 16, ha="left", **MONO)
    page.text(0.15, 6.1, "N of these at once: every shape has N in front.", 13, ha="left")
    page.save("small_cnn", colors=64)


def draw_polynomial():
    """Show the graph that autograd keeps of the polynomial, and its slope at 3."""
    x = 3.0
    terms = (
        ("x³", x**3, 3 * x**2, (1.48, 1.06)),  # the last is where the slope is written
        ("4x²", 4 * x**2, 8 * x, (1.75, 1.43)),
        ("2x", 2 * x, 2.0, (1.55, 2.2)),
        ("6", 6.0, 0.0, None),
    )
    total = sum(value for _, value, _, _ in terms)
    page = Page(3.75)
    page.text(0.15, 0.22, "forward: values", 15, ha="left", color=BLUE)
    page.text(5.85, 0.22, "backward: slopes", 15, ha="right", color=RED)

    def node(at, words, value, color):
        page.box(at[0] - 0.4, at[1] - 0.21, 0.8, 0.42, color, edge=INK)
        page.text(*at, words, 14)
        if words == "x":
            page.text(at[0], at[1] - 0.38, signed(value), 15, color=BLUE)
        else:
            page.text(at[0] + 0.5, at[1], signed(value), 15, ha="left", color=BLUE)

    for i, (words, value, slope, place) in enumerate(terms):
        at = (2.65, 0.8 + 0.72 * i)
        if place:
            page.arrow((1.03, 1.75), (at[0] - 0.45, at[1]), FAINT)
            page.text(*place, signed(slope), 15, color=RED)
        page.arrow((at[0] + 0.92, at[1]), (4.47, 1.75), FAINT)
        node(at, words, value, PALE_BLUE if place else PALE_GREY)
    node((0.6, 1.75), "x", x, PALE_ORANGE)
    node((4.92, 1.75), "f(x)", total, PALE_BLUE)
    gradient = polynomial_gradient(x)
    page.text(
        0.15, 3.52, f"x.grad = 27 + 24 + 2 = {gradient:.0f}", 14, ha="left", color=RED, **MONO
    )
    page.save("polynomial", colors=64)


def draw_layout():
    """Move the channels in front, and reshape instead to see what becomes of it."""
    rows, columns = np.mgrid[:48, :48]
    image = np.zeros((48, 48, 3), np.uint8)
    image[:] = [70, 150, 230]
    image[rows > 34] = [40, 150, 70]
    image[(rows - 13) ** 2 + (columns - 34) ** 2 < 64] = [255, 220, 40]
    image[(abs(columns - 16) < 9) & (rows > 22) & (rows < 40)] = [200, 60, 40]
    image[(rows > 12) & (rows <= 22) & (abs(columns - 16) < rows - 11)] = [110, 40, 30]
    moved = images_to_tensor(image[None])[0].numpy()
    reshaped = image.reshape(3, 48, 48) / 255
    page = Page(5.0)
    page.text(0.15, 0.25, "NumPy: (H, W, C)", 15, ha="left")
    page.image(0.2, 0.55, 1.5, image)
    page.text(2.0, 1.05, "beside each other in memory:", 13, ha="left")
    for i, color in enumerate((RED, GREEN, BLUE) * 2):
        page.row(2.0 + 0.62 * i, 1.25, ["RGB"[i % 3]], 0.58, fill=pale(color))
    page.text(2.9, 1.9, "pixel 0", 12)
    page.text(4.78, 1.9, "pixel 1", 12)
    for top, pictures, words, color in (
        (2.65, moved, "channels moved in front: (C, H, W)", GREEN),
        (4.02, reshaped, "reshaped: the right shape, and no picture", RED),
    ):
        page.text(0.15, top - 0.2, words, 14, ha="left", color=color)
        for i, channel in enumerate(pictures):
            page.image(0.2 + 1.15 * i, top, 0.9, channel, vmin=0, vmax=1)
    for i, word in enumerate(("red", "green", "blue")):
        page.text(3.75, 2.83 + 0.27 * i, f"channel {i}: {word}", 12, ha="left")
    page.text(3.75, 4.47, "what are these?", 12, ha="left")
    page.save("layout", colors=128)


def draw_modes():
    """Classify one image again and again, in both modes, among other companions."""
    torch.manual_seed(0)
    model = build_sequential(
        [
            {"layer": "Conv2d", "in_channels": 1, "out_channels": 8, "kernel_size": 5, "stride": 2},
            {"layer": "BatchNorm2d", "num_features": 8},
            {"layer": "ReLU"},
            {"layer": "Flatten"},
            {"layer": "Dropout", "p": 0.5},
            {"layer": "Linear", "in_features": 1152, "out_features": 10},
        ]
    )
    train(model, torch.optim.Adam(model.parameters(), lr=0.002), epochs=1)
    images, labels = images_to_tensor(study().test_images[:3000]), study().test_labels
    model.eval()
    with torch.no_grad():
        p = model(images).softmax(dim=1).numpy()
    sure = p[np.arange(len(p)), labels[: len(p)]]
    chosen = int(np.argmin(np.abs(sure - 0.7)))
    digit = int(labels[chosen])
    rng = np.random.default_rng(0)
    found = {}
    for mode in ("train", "eval"):
        getattr(model, mode)()
        found[mode] = []
        for _ in range(40):
            batch = images[[chosen, *rng.integers(0, len(images), 15)]]
            with torch.no_grad():
                found[mode].append(float(model(batch).softmax(dim=1)[0, digit]))
    page = Page(3.6)
    page.source(3.45, study().name)
    page.image(0.2, 0.45, 1.15, study().test_images[chosen], f"a {digit}")
    axes = page.plot(2.45, 0.25, 3.4, 2.55, xlabel="the same image, 40 times")
    axes.plot(found["train"], "o", color=RED, markersize=7, label="model.train()")
    axes.plot(found["eval"], "-", color=GREEN, linewidth=3.5, label="model.eval()")
    axes.set(ylim=(0, 1.02), yticks=[0, 0.5, 1], ylabel=f"probability of {digit}")
    page.text(0.15, 2.0, "model.train()", 12, ha="left", color=RED, **MONO)
    page.text(0.15, 2.4, "model.eval()", 12, ha="left", color=GREEN, **MONO)
    page.save("modes", colors=64)


def draw_filters():
    """Show sixteen filters of the first layer before and after training."""
    model, before = small_cnn()
    after = next(model.parameters()).detach().numpy()
    page = Page(3.95)
    page.source(3.8, study().name)
    limit = float(np.abs(after).max())
    for i, (filters, words) in enumerate(((before, "before training"), (after, "after training"))):
        page.text(0.15 + 2.95 * i, 0.22, words, 15, ha="left")
        for k in range(16):
            x, y = 0.15 + 2.95 * i + 0.69 * (k % 4), 0.45 + 0.8 * (k // 4)
            page.image(x, y, 0.62, filters[k, 0], cmap="PuOr", vmin=-limit, vmax=limit)
    page.text(0.15, 3.8, "violet: ink here counts for the filter", 12, ha="left", color="#542788")
    page.save("filters", colors=128)


def most_different(maps, count):
    """Choose maps, the busiest first and then always the one least like those chosen."""
    flat = maps.reshape(len(maps), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    busy = np.linalg.norm(flat, axis=1)
    alike = np.abs(flat @ flat.T) / np.maximum(np.outer(busy, busy), 1e-12)
    alike[:, busy < 0.25 * busy.max()] = np.inf  # nearly nothing to be seen
    chosen = [int(busy.argmax())]
    while len(chosen) < count:
        chosen.append(int(alike[chosen].max(axis=0).argmin()))
    return chosen


def draw_feature_maps():
    """Show what the first and the second convolution make of one digit."""
    model, _ = small_cnn()
    first, second = (p for p in model.parameters() if p.ndim == 4)
    biases = [p for p in model.parameters() if p.ndim == 1]
    image = study().test_images[0]
    with torch.no_grad():
        maps = nn.functional.conv2d(
            images_to_tensor(image[None]), first, biases[0], padding=1
        ).relu()
        pooled = nn.functional.max_pool2d(maps, 2)
        deeper = nn.functional.conv2d(pooled, second, biases[1]).relu()
    page = Page(4.5)
    page.source(4.35, study().name)
    page.image(0.15, 0.5, 1.15, image, "the image", size=13)
    page.text(1.6, 0.25, "10 of 32 maps of the first convolution", 13, ha="left")
    page.text(1.6, 2.35, "10 of 64 maps of the second", 13, ha="left")
    for found, top in ((maps[0].numpy(), 0.45), (deeper[0].numpy(), 2.55)):
        for i, k in enumerate(most_different(found, 10)):
            x, y = 1.6 + 0.86 * (i % 5), top + 0.86 * (i // 5)
            page.image(x, y, 0.8, found[k])
    page.text(0.15, 1.95, "28 × 28", 12, ha="left")
    page.text(0.15, 2.75, "12 × 12,", 12, ha="left")
    page.text(0.15, 3.0, "after pooling", 12, ha="left")
    page.save("feature_maps")


def draw_batch_size():
    """Train with batches of 10 and of 1024, the latter with two learning rates."""
    page = Page(4.1)
    page.source(3.95, study().name)
    axes = page.plot(0.85, 0.2, 4.95, 3.15, xlabel="epoch", ylabel="training loss")
    for batch_size, rate, color, words, x, y in (
        (10, 0.001, BLUE, "10, rate 0.001", 1.05, 0.06),
        (1024, 0.001, RED, "1024, rate 0.001", 2.75, 1.1),
        (1024, 0.01, GREEN, "1024, rate 0.01", 2.15, 0.26),
    ):
        model = quick_network()
        optimizer = torch.optim.Adam(model.parameters(), lr=rate)
        losses = train(model, optimizer, epochs=5, batch_size=batch_size)
        said = evaluate(model, study().test_images, study().test_labels)
        axes.semilogy(range(1, 6), losses, "o-", color=color, linewidth=2.8, markersize=7)
        axes.text(x, y, f"{words}: {said:.3f}", fontsize=14, color=color)
    axes.set(
        xticks=range(1, 6), ylim=(0.035, 3), xlim=(0.8, 5.2), yticks=[0.05, 0.1, 0.2, 0.5, 1, 2]
    )
    axes.minorticks_off()
    axes.yaxis.set_major_formatter("{x:g}")
    page.text(5.75, 0.3, "batch size, learning rate: accuracy", 13, ha="right")
    page.save("batch_size", colors=64)


def smooth(losses, width=15):
    """Average each loss with those before it."""
    return np.convolve(losses, np.ones(width) / width, "valid")


def draw_schedule():
    """Train one epoch with a constant learning rate, and with one that rises and falls."""
    page = Page(5.2)
    page.source(5.05, study().name)
    above = page.plot(0.85, 0.35, 4.95, 1.45, ylabel="learning rate")
    below = page.plot(0.85, 2.1, 4.95, 2.3, xlabel="step", ylabel="loss")
    for name, color in (("constant", RED), ("one cycle", GREEN)):
        model = quick_network()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
        loader = make_loader(study().images, study().labels, 64, shuffle=True)
        schedulers = torch.optim.lr_scheduler
        schedule = (
            schedulers.OneCycleLR(optimizer, 0.02, total_steps=len(loader))
            if name == "one cycle"
            else schedulers.ConstantLR(optimizer, factor=1)
        )
        rates, losses = [], []
        for images, labels in loader:
            rates.append(optimizer.param_groups[0]["lr"])
            loss = nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            schedule.step()
        said = evaluate(model, study().test_images, study().test_labels)
        above.plot(rates, color=color, linewidth=3)
        below.plot(smooth(losses), color=color, linewidth=2, label=f"{name}: accuracy {said:.3f}")
    above.set(xticks=[], ylim=(0, 0.023), yticks=[0, 0.01, 0.02])
    below.set(ylim=(0, 1.2))
    below.legend(fontsize=13, frameon=False, labelcolor="linecolor")
    page.save("schedule", colors=64)


if __name__ == "__main__":
    torch.set_num_threads(1)
    handout.draw_all(
        draw_shifted,
        draw_im2col,
        draw_col2im,
        draw_conv_backward,
        draw_strides,
        draw_pooling,
        draw_polynomial,
        draw_layout,
        draw_small_cnn,
        draw_modes,
        draw_filters,
        draw_feature_maps,
        draw_batch_size,
        draw_schedule,
    )
