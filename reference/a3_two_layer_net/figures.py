"""Draw the figures of the handout: run `python figures.py` in this folder.

Every number and every picture is computed by the solved modules beside this
script, so a figure cannot disagree with what students are asked to build. The
images are MNIST where it is installed, and the shipped digits otherwise; the
figures name which. The committed ones are made from MNIST.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import activations
import numpy as np
from graph import Node, backward, chain_example
from initialisation import xavier_uniform
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Circle, FancyBboxPatch
from network import TwoLayerNet, train, train_xor

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
    signed,
)

BROWN = "#8a5f00"
EXAMPLE = {"w": -2.0, "x": -1.0, "b": 3.0, "target": 0.0}  # the worked example of the handout
XOR = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
XOR_LABELS = np.array([0, 1, 1, 0])


class Page(handout.Page):
    """A figure of this handout."""

    folder = Path(__file__).parent / "figures"

    def node(self, x, y, words, *, width=0.8, color=PALE_BLUE):
        """Draw a node of a graph, centred on (x, y)."""
        left, top, height = x - width / 2, y - 0.21, 0.42
        style = {"boxstyle": "round,pad=0,rounding_size=0.1", "edgecolor": INK, "linewidth": 1.2}
        self.axes.add_patch(FancyBboxPatch((left, top), width, height, facecolor=color, **style))
        self.text(x, y + 0.01, words, 13)

    def dot(self, x, y, words, *, radius=0.2, color=PAPER):
        """Draw an operation, as a circle around its sign."""
        circle = Circle((x, y), radius, facecolor=color, edgecolor=INK, linewidth=1.2, zorder=3)
        self.axes.add_patch(circle)
        self.text(x, y + 0.01, words, 13, zorder=4)

    def arrow(self, start, end, color=INK, *, gap=0.0, linewidth=1.8, **style):
        """Draw an arrow between two points, or from and to a `gap` before them."""
        shrink = {"shrinkA": gap * 72, "shrinkB": gap * 72}
        style = shrink | {"mutation_scale": 14, "linewidth": linewidth} | style
        super().arrow(start, end, color, **style)


class Study(NamedTuple):
    """A data set, preprocessed."""

    name: str
    data: object
    X: np.ndarray
    X_test: np.ndarray


@cache
def study():
    """Load the images that several figures look at."""
    data = load("mnist" if available("mnist") else "digits")
    mean, std = data.train_images.mean(), data.train_images.std()

    def standardised(images):
        pixels = (images.reshape(len(images), -1) - mean) / std
        return np.hstack([pixels, np.ones((len(images), 1))])

    name = {"mnist": "MNIST"}.get(data.name, data.name)
    return Study(name, data, standardised(data.train_images), standardised(data.test_images))


def worked_example():
    """Build the graph of the worked example, and differentiate it."""
    w, x, b = (Node(EXAMPLE[name]) for name in "wxb")
    product = w * x
    y = product + b
    error = y - EXAMPLE["target"]
    cost = error**3
    backward(cost)
    nodes = {"w": w, "x": x, "b": b, "w·x": product, "y": y, "C": cost}
    return {name: (float(node.value), float(node.gradient)) for name, node in nodes.items()}


def draw_graph():
    """Show the worked example as a graph, values on the way there and gradients on the way back."""
    found = worked_example()
    page = Page(4.5)
    page.text(0.15, 0.22, "forward: values", 15, ha="left", color=BLUE)
    page.text(5.85, 0.22, "backward: dC/d…", 15, ha="right", color=RED)
    places = {"w": (0.6, 0.95), "x": (0.6, 2.35), "w·x": (2.2, 1.65), "b": (2.2, 3.05)}
    places |= {"y": (3.85, 2.35), "C": (5.35, 2.35)}
    for start, end in (("w", "w·x"), ("x", "w·x"), ("w·x", "y"), ("b", "y"), ("y", "C")):
        page.arrow(places[start], places[end], FAINT, gap=0.44)
    for name, (x, y) in places.items():
        value, gradient = found[name]
        page.node(x, y, name, color=PALE_ORANGE if name in "wxb" else PALE_BLUE)
        page.text(x, y - 0.36, signed(value), 15, color=BLUE)
        page.text(x, y + 0.38, signed(gradient), 15, color=RED)
    for x, y, words in ((1.35, 1.65, "×"), (3.0, 2.35, "+"), (4.6, 2.1, "cube")):
        page.text(x, y, words, 14)
    page.text(0.15, 3.75, "slopes of the three steps:", 13, ha="left")
    page.text(0.15, 4.12, "d(w·x)/dw = x = −1", 13, ha="left", **MONO)
    page.text(2.75, 4.12, "dy/d(w·x) = 1", 13, ha="left", **MONO)
    page.text(4.55, 4.12, "dC/dy = 3y²", 13, ha="left", **MONO)
    page.save("graph", colors=64)


def draw_step():
    """Plot the cost against the weight, with its tangent and one step downhill."""
    cost, slope = chain_example(**EXAMPLE)
    w, rate = EXAMPLE["w"], 0.01
    stepped = w - rate * slope
    after, _ = chain_example(**EXAMPLE | {"w": stepped})
    page = Page(3.9)
    axes = page.plot(0.8, 0.2, 5.0, 3.05, xlabel="w", ylabel="C = (w·x + b)³")
    line = np.linspace(-2.6, 0.6, 200)
    axes.plot(line, [chain_example(**EXAMPLE | {"w": v})[0] for v in line], color=BLUE, lw=3)
    ends = np.array([w - 0.55, w + 0.9])
    axes.plot(ends, cost + slope * (ends - w), color=INK, linewidth=1.5, linestyle="--")
    axes.plot([w, stepped], [cost, after], "o", color=RED, markersize=11, zorder=5)
    axes.annotate(
        "", (stepped, 0), (w, 0), arrowprops={"arrowstyle": "-|>", "color": RED, "linewidth": 2}
    )
    axes.text((w + stepped) / 2, 8, f"−0.01 · {signed(slope)}", fontsize=13, ha="center", color=RED)
    axes.text(w + 0.1, cost + 6, f"w = {signed(w)}: C = {cost:.0f}", fontsize=14)
    axes.text(stepped + 0.1, after + 6, f"w = {signed(stepped, 2)}: C = {after:.1f}", fontsize=14)
    axes.text(w + 0.8, 46, f"slope {signed(slope)}", fontsize=14, ha="right", va="center")
    axes.set(ylim=(-4, 185), xlim=(-2.65, 0.65))
    page.save("step", colors=64)


def draw_uses():
    """Show a node that is used three times, and the shares that come back to it."""
    a = Node(5.0)
    backward(a * a + a)
    page = Page(2.6)
    page.node(0.75, 1.25, "a = 5", width=1.0, color=PALE_ORANGE)
    page.node(3.0, 0.75, "a·a = 25", width=1.2)
    page.node(5.1, 1.25, "C = 30", width=1.1)
    page.arrow((1.28, 1.12), (2.38, 0.62), RED, bend=-0.15)
    page.arrow((1.28, 1.2), (2.38, 0.86), RED, bend=0.05)
    page.arrow((1.28, 1.36), (4.52, 1.4), RED, bend=0.22)
    page.arrow((3.63, 0.8), (4.52, 1.12), RED)
    for x, y, words in ((1.7, 0.52, "5"), (1.95, 1.18, "5"), (3.0, 1.88, "1"), (4.1, 0.78, "1")):
        page.text(x, y, words, 15, color=RED)
    total = f"a.gradient = 5 + 5 + 1 = {float(a.gradient):.0f}"
    page.text(0.15, 2.35, total, 14, ha="left", color=RED, **MONO)
    page.text(5.85, 2.35, "= 2a + 1", 14, ha="right")
    page.save("uses", colors=64)


def draw_order():
    """Show why a node has to wait for everything that uses it."""
    page = Page(2.75)
    page.node(0.7, 1.1, "a", width=0.6, color=PALE_ORANGE)
    page.node(2.0, 1.1, "m", width=0.6)
    page.node(3.4, 0.55, "p = m²", width=1.0)
    page.node(5.1, 1.1, "C = p + 3m", width=1.4)
    page.arrow((1.02, 1.1), (1.68, 1.1), FAINT)
    page.arrow((2.32, 1.0), (2.88, 0.66), FAINT)
    page.arrow((3.92, 0.66), (4.38, 0.92), FAINT)
    page.arrow((2.32, 1.2), (4.38, 1.25), FAINT, bend=0.18)
    for x, y, turn in ((5.1, 0.72, "1"), (3.4, 0.18, "2"), (2.0, 0.72, "3"), (0.7, 0.72, "4")):
        page.text(x, y, turn, 15, color=GREEN, weight="bold")
    page.text(
        0.15, 2.0, "green: a good order. m comes third, when both", 13, ha="left", color=GREEN
    )
    page.text(0.15, 2.27, "p and C have sent it their shares.", 13, ha="left", color=GREEN)
    page.text(
        0.15, 2.58, "C, m, a, p would lose the share that comes by p.", 13, ha="left", color=RED
    )
    page.save("order", colors=64)


def draw_broadcast():
    """Stretch a column and a row over a table, and sum the gradient back."""
    column, row = Node([[1.0], [2.0]]), Node([[10.0, 20.0, 30.0]])
    table = column * row
    backward(table.sum())
    cell = 0.56
    page = Page(4.65)
    page.text(0.15, 0.22, "forward: stretched", 15, ha="left", color=BLUE)
    for i in range(2):
        page.row(0.4, 0.6 + i * 0.42, [signed(column.value[i, 0])], cell, 0.42, fill=PALE_ORANGE)
    page.text(1.25, 1.02, "×", 18)
    page.row(1.5, 0.81, [signed(v) for v in row.value[0]], cell, 0.42, fill=PALE_ORANGE)
    page.text(3.45, 1.02, "=", 18)
    for i in range(2):
        page.row(
            3.75, 0.6 + i * 0.42, [signed(v) for v in table.value[i]], cell, 0.42, fill=PALE_BLUE
        )
    page.text(0.68, 1.66, "(2, 1)", 12)
    page.text(2.34, 1.66, "(1, 3)", 12)
    page.text(4.59, 1.66, "(2, 3)", 12)
    page.text(0.15, 2.15, "backward: summed", 15, ha="left", color=RED)
    page.text(2.5, 2.15, "if 1 arrives at every element", 13, ha="left")
    shares = np.broadcast_to(row.value, (2, 3)), np.broadcast_to(column.value, (2, 3))
    for left, share, title in ((0.4, shares[0], "to the column"), (3.55, shares[1], "to the row")):
        page.text(left + 0.84, 2.52, title, 13)
        for i in range(2):
            words = [signed(v) for v in share[i]]
            page.row(left, 2.7 + i * 0.42, words, cell, 0.42, fill=PALE_GREY)
    for i in range(2):
        page.arrow((2.1, 2.91 + 0.42 * i), (2.4, 2.91 + 0.42 * i), RED)
        page.row(
            2.45, 2.7 + i * 0.42, [signed(column.gradient[i, 0])], cell, 0.42, fill=PAPER, ink=RED
        )
    for i in range(3):
        page.arrow((3.83 + cell * i, 3.56), (3.83 + cell * i, 3.84), RED)
    page.row(3.55, 3.88, [signed(v) for v in row.gradient[0]], cell, 0.42, fill=PAPER, ink=RED)
    page.text(0.15, 4.42, "A gradient has the shape of its value, always.", 13, ha="left")
    page.save("broadcast", colors=64)


def draw_activations():
    """Plot five activation functions, and their slopes below them."""
    z = np.linspace(-4, 4, 401)
    page = Page(6.55)
    functions = (
        ("sigmoid", BLUE, {}),
        ("tanh", ORANGE, {}),
        ("relu", INK, {}),
        ("leaky_relu", RED, {"alpha": 0.15}),
        ("elu", GREEN, {}),
    )
    axes = page.plot(0.65, 0.45, 3.4, 2.7)
    slopes = page.plot(0.65, 3.8, 3.4, 2.15, xlabel="z")
    for name, color, alpha in functions:
        style = {"color": color, "linewidth": 5 if name == "relu" else 2.6}
        style["zorder"] = 1 if name == "relu" else 2
        axes.plot(z, getattr(activations, name)(z, **alpha), **style)
        slopes.plot(z, getattr(activations, f"{name}_gradient")(z, **alpha), **style)
    axes.set(ylim=(-1.25, 2.6), xlim=(-4, 4))
    slopes.set(ylim=(-0.06, 1.12), xlim=(-4, 4))
    for each in (axes, slopes):
        each.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
        each.axvline(0, color=FAINT, linewidth=0.8, zorder=0)
    page.text(0.65, 0.22, "activation(z)", 15, ha="left")
    page.text(0.65, 3.58, "its slope", 15, ha="left")
    for i, (name, words) in enumerate(
        (
            ("relu", "ReLU"),
            ("leaky_relu", "leaky ReLU,\nalpha = 0.15"),
            ("elu", "ELU, alpha = 1"),
            ("tanh", "tanh"),
            ("sigmoid", "sigmoid"),
        )
    ):
        color = next(c for n, c, _ in functions if n == name)
        y = 0.75 + 0.48 * i
        page.line([4.15, 4.37], [y, y], color, 4)
        page.text(4.45, y, words, 12, ha="left", color=color, linespacing=1.25)
    page.text(4.15, 4.0, "ReLU: 1 or 0", 13, ha="left", color=INK)
    page.text(4.15, 4.55, "tanh: at most 1", 13, ha="left", color=BROWN)
    page.text(4.15, 5.1, "sigmoid: at most ¼", 13, ha="left", color=BLUE)
    page.save("activations", colors=128)


def gradient_sizes(name, layers=12, neurons=64):
    """Return how large dL/dz is in each layer of a deep network, from the first to the last."""
    rng = np.random.default_rng(3)
    function = getattr(activations, name)
    slope = getattr(activations, f"{name}_gradient")
    h, inputs, weights = rng.normal(size=(200, neurons)), [], []
    for _ in range(layers):
        gain = np.sqrt(2) if name == "relu" else 1.0
        weights.append(xavier_uniform(neurons, neurons, rng, gain))
        inputs.append(h @ weights[-1])
        h = function(inputs[-1])
    arriving, sizes = rng.normal(size=h.shape), []
    for z, w in zip(inputs[::-1], weights[::-1], strict=True):
        arriving = arriving * slope(z)
        sizes.append(np.sqrt(np.mean(arriving**2)))
        arriving = arriving @ w.T
    return np.array(sizes[::-1])


def draw_vanishing():
    """Plot the size of the gradient in each layer of a deep network."""
    page = Page(4.1)
    axes = page.plot(
        0.9, 0.25, 4.9, 3.2, xlabel="layer: first … last", ylabel="size of the gradient"
    )
    for name, color, label, x, y in (
        ("relu", INK, "ReLU", 1.0, 3.5),
        ("tanh", ORANGE, "tanh", 1.4, 0.06),
        ("sigmoid", BLUE, "sigmoid", 6.5, 5e-6),
    ):
        sizes = gradient_sizes(name)
        layers = np.arange(1, len(sizes) + 1)
        axes.semilogy(layers, sizes, "o-", color=color, linewidth=2.5, markersize=7)
        axes.text(x, y, label, fontsize=16, color=color, va="center")
    axes.set(xticks=[1, 4, 8, 12], ylim=(1e-9, 20), yticks=10.0 ** np.arange(-8, 1, 2))
    axes.minorticks_off()
    axes.annotate(
        "",
        (1.5, 4e-9),
        (11.5, 4e-9),
        arrowprops={"arrowstyle": "-|>", "color": RED, "linewidth": 2},
    )
    axes.text(6.5, 1.2e-8, "the way back", fontsize=14, color=RED, ha="center")
    page.save("vanishing", colors=64)


def draw_initial_weights():
    """Show what tanh neurons say, layer after layer, for weights that begin small or large."""
    rng = np.random.default_rng(1)
    gains = ((0.4, "too small: gain 0.4", RED), (1.0, "Xavier: gain 1", GREEN))
    page = Page(5.75)
    for k, (gain, words, color) in enumerate((*gains, (4.0, "too large: gain 4", ORANGE))):
        h = rng.normal(size=(500, 200))
        top = 0.85 + 1.6 * k
        page.text(0.15, top - 0.2, words, 14, ha="left", color=color)
        for layer in range(6):
            h = activations.tanh(h @ xavier_uniform(200, 200, rng, gain))
            axes = page.inset(0.15 + 0.97 * layer, top, 0.85, 0.85)
            axes.hist(h.ravel(), bins=np.linspace(-1, 1, 41), color=color)
            axes.set(xticks=[-1, 0, 1], yticks=[], xlim=(-1.25, 1.25))
            axes.tick_params(labelsize=11, color=FAINT)
            axes.spines[["top", "right", "left"]].set_visible(False)
            axes.spines["bottom"].set_color(FAINT)
            if k == 0:
                page.text(0.57 + 0.97 * layer, 0.2, f"layer {layer + 1}", 12)
    page.text(3.0, 5.52, "what 200 neurons with tanh say about 500 examples", 13)
    page.save("initial_weights", colors=64)


def draw_network():
    """Show the shapes on the way through two layers, and on the way back."""
    page = Page(4.6)
    boxes = {
        "X": (0.15, 1.05, "(N, 785)", PALE_GREY),
        "z": (1.85, 0.5, "(N, 64)", PALE_BLUE),
        "h": (3.3, 0.5, "(N, 64)", PALE_BLUE),
        "logits": (4.55, 0.26, "(N, 10)", PALE_ORANGE),
    }
    for top, mark, color in ((0.75, "", INK), (2.75, "d", RED)):
        for name, (x, width, shape, fill) in boxes.items():
            if mark and name == "X":
                continue
            page.box(x, top, width, 0.8, fill)
            page.text(x + width / 2, top - 0.17, mark + name, 14, color=color)
            page.text(x + width / 2, top + 0.98, shape, 12)
    page.text(0.15, 0.22, "forward", 15, ha="left", color=BLUE)
    page.text(0.15, 2.22, "backward", 15, ha="left", color=RED)
    page.text(5.72, 1.15, "p", 15)
    page.text(5.66, 3.15, "p − y", 13)
    for start, end, ahead, back in (
        (1.24, 1.81, "@ w1", ""),
        (2.39, 3.26, "activation", "· slope(z)"),
        (3.84, 4.51, "@ w2", "@ w2.T"),
        (4.85, 5.55, "softmax", "/ N"),
    ):
        page.arrow((start, 1.15), (end, 1.15), BLUE)
        page.text((start + end) / 2, 0.93, ahead, 12)
        if back:
            page.arrow((end - 0.18 * (back == "/ N"), 3.15), (start, 3.15), RED)
            page.text((start + end) / 2 - 0.09 * (back == "/ N"), 2.93, back, 12)
    page.text(0.15, 4.08, "dw1: from X and dz, in the shape of w1, (785, 64)", 13, ha="left")
    page.text(0.15, 4.38, "dw2: from h and dlogits, in the shape of w2, (64, 10)", 13, ha="left")
    page.save("network", colors=64)


def walk(momentum, rate=0.02, steps=40):
    """Walk down a long valley, and return the places passed."""
    place, velocity, path = np.array([-9.0, 1.4]), np.zeros(2), []
    for _ in range(steps + 1):
        path.append(place)
        velocity = momentum * velocity - rate * place * [1.0, 8.0]
        place = place + velocity
    return np.array(path)


def draw_momentum():
    """Walk down the same valley without and with momentum."""
    page = Page(5.1)
    x, y = np.meshgrid(np.linspace(-10.5, 6.5, 200), np.linspace(-3.0, 3.0, 120))
    for i, (momentum, words, color) in enumerate(
        ((0.0, "it creeps along the valley", BLUE), (0.8, "it gathers speed", GREEN))
    ):
        top = 0.4 + 2.4 * i
        page.text(0.15, top - 0.2, f"momentum {momentum:g}", 15, ha="left", color=color)
        page.text(5.85, top - 0.2, words, 13, ha="right")
        axes = page.inset(0.15, top, 5.7, 1.85)
        axes.set(xticks=[], yticks=[], xlim=(-10.5, 6.5), ylim=(-3.0, 3.0))
        axes.spines[:].set_color(FAINT)
        levels = [0.5, 3, 8, 16, 28, 45]
        axes.contour(x, y, x**2 / 2 + 4 * y**2, levels=levels, colors=FAINT, linewidths=0.8)
        axes.plot(*walk(momentum).T, "-o", color=color, linewidth=1.8, markersize=5)
        axes.plot(-9.0, 1.4, "o", color=INK, markersize=10)
        axes.plot(0, 0, "+", color=INK, markersize=14, markeredgewidth=2)
    page.text(3.0, 4.93, "learning rate 0.02, 40 steps", 13)
    page.save("momentum", colors=64)


def one_layer(seed, steps):
    """Train softmax regression on XOR, as a graph; return the weights of the logits' difference."""
    w = Node(np.random.default_rng(seed).normal(size=(3, 2)))
    right = np.eye(2)[XOR_LABELS]
    for _ in range(steps):
        logits = Node(XOR).matmul(w)
        w.gradient = np.zeros((3, 2))
        backward((logits.exp().sum(axis=1).log() - (right * logits).sum(axis=1)).sum() * 0.25)
        w.value = w.value - 0.5 * w.gradient
    return w.value[:, 1] - w.value[:, 0]


def correct(p):
    """Count the points of XOR that are on their side."""
    return int(np.sum((p > 0.5) == XOR_LABELS))


def draw_xor():
    """Color the plane by what a network of one and of two layers says about XOR."""
    net = train_xor(np.random.default_rng(0))
    x, y = np.meshgrid(np.linspace(-0.5, 1.5, 240), np.linspace(-0.5, 1.5, 240))
    grid = np.stack([x.ravel(), y.ravel(), np.ones(x.size)], axis=1)
    cmap = LinearSegmentedColormap.from_list("two", ["#f3c98b", "#ffffff", "#8ec4e8"])
    lines = [one_layer(seed, 20) for seed in range(20)]
    line = max(lines, key=lambda w: correct(activations.sigmoid(XOR @ w)))
    page = Page(3.85)
    for k, (title, predict, words) in enumerate(
        (
            ("one layer", lambda X: activations.sigmoid(X @ line), "{} of 4 right, at best"),
            ("two layers", lambda X: net.forward(X)[:, 1], "{} of 4 right"),
        )
    ):
        p = predict(grid).reshape(x.shape)
        axes = page.inset(0.35 + 2.9 * k, 0.45, 2.5, 2.5)
        axes.imshow(p, origin="lower", extent=(-0.5, 1.5, -0.5, 1.5), cmap=cmap, vmin=0, vmax=1)
        axes.contour(x, y, p, levels=[0.5], colors=INK, linewidths=2)
        for point, label in zip(XOR, XOR_LABELS, strict=True):
            style = {"marker": "s" if label else "o", "color": BLUE if label else BROWN}
            axes.plot(*point[:2], markersize=13, markeredgecolor=PAPER, **style)
        axes.set(xticks=[0, 1], yticks=[0, 1])
        axes.tick_params(labelsize=12, color=FAINT)
        axes.spines[:].set_color(FAINT)
        page.text(1.6 + 2.9 * k, 0.22, title, 15)
        page.text(1.6 + 2.9 * k, 3.37, words.format(correct(predict(XOR))), 13)
    page.text(3.0, 3.68, "squares: class 1      circles: class 0", 12)
    page.save("xor", colors=128)


def draw_hidden_space():
    """Show where a hidden layer of two neurons moves the four points."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        net = TwoLayerNet(3, 2, 2, activation="tanh", rng=rng)
        settings = {"epochs": 300, "batch_size": 4, "learning_rate": 0.3, "momentum": 0.9}
        train(net, XOR, XOR_LABELS, **settings, rng=rng)
        if np.array_equal(net.forward(XOR).argmax(axis=1), XOR_LABELS):
            break
    hidden = activations.tanh(XOR @ net.weights[0])
    page = Page(3.55)
    for k, (points, title) in enumerate(((XOR[:, :2], "inputs"), (hidden, "hidden layer"))):
        axes = page.plot(0.4 + 2.95 * k, 0.45, 2.4, 2.4)
        low, high = points.min() - 0.4, points.max() + 0.4
        axes.set(xlim=(low, high), ylim=(low, high), xticks=[0, 1] if not k else [-1, 0, 1])
        axes.set(yticks=[0, 1] if not k else [-1, 0, 1])
        if k:
            d = net.weights[1][:, 1] - net.weights[1][:, 0]
            ends = np.array([low, high])
            axes.plot(ends, -d[0] / d[1] * ends, color=INK, linewidth=2)
        for point, label in zip(points, XOR_LABELS, strict=True):
            style = {"marker": "s" if label else "o", "color": BLUE if label else BROWN}
            axes.plot(*point, markersize=13, markeredgecolor=PAPER, zorder=3, **style)
        together = np.allclose(points[1], points[2], atol=0.1)
        names = ["00", "01 and 10" if together else "01", "" if together else "10", "11"]
        for point, name in zip(points, names, strict=True):
            x, y = point + 0.06 * (high - low) * np.array([1.0, -2.0 * (len(name) > 2)])
            axes.text(x, y, name, fontsize=13, va="center", zorder=4)
        page.text(1.6 + 2.95 * k, 0.22, title, 15)
    page.text(3.0, 3.3, "In the hidden layer one straight line is enough.", 13)
    page.save("hidden_space", colors=128)


@cache
def trained(activation, epochs=5):
    """Train on all training images; return the network and its accuracy after each epoch."""
    rng = np.random.default_rng(0)
    net = TwoLayerNet(activation=activation, rng=rng)
    labels, test_labels = study().data.train_labels, study().data.test_labels
    accuracies = []
    for _ in range(epochs):
        settings = {"epochs": 1, "batch_size": 50, "learning_rate": 0.1}
        train(net, study().X, labels, **settings, rng=rng)
        right = net.forward(study().X_test).argmax(axis=1) == test_labels
        accuracies.append(float(np.mean(right)))
    return net, accuracies


def draw_training():
    """Plot the accuracy after each epoch for the three activations."""
    page = Page(4.05)
    page.source(0.18, study().name)
    axes = page.plot(0.85, 0.3, 3.95, 3.05, xlabel="epoch", ylabel="accuracy on test images")
    ends = {}
    for name, color in (("relu", INK), ("tanh", ORANGE), ("sigmoid", BLUE)):
        _, accuracies = trained(name)
        steps = np.arange(1, len(accuracies) + 1)
        axes.plot(steps, accuracies, "o-", color=color, linewidth=2.5, markersize=7)
        ends[name] = accuracies[-1], color
    height = 0.0
    for name in sorted(ends, key=ends.get):
        height = max(height + 0.0055, ends[name][0])
        label = "ReLU" if name == "relu" else name
        axes.text(5.2, height, label, fontsize=15, color=ends[name][1], va="center")
    axes.axhline(0.92, color=RED, linestyle=":", linewidth=2)
    axes.text(5.1, 0.9225, "softmax regression", fontsize=13, color=RED, ha="right", va="bottom")
    axes.set(xticks=steps, ylim=(0.9, 0.98), xlim=(0.8, 5.1))
    page.save("training", colors=64)


def draw_neurons():
    """Show the weights of some hidden neurons as images."""
    net, _ = trained("relu")
    weights = net.weights[0][:-1].T.reshape(-1, 28, 28)
    limit = float(np.quantile(np.abs(weights), 0.998))
    page = Page(3.95)
    page.source(3.82, study().name)
    for i, image in enumerate(weights[:15]):
        x, y = 0.12 + 1.16 * (i % 5), 0.12 + 1.16 * (i // 5)
        page.image(x, y, 1.12, image, cmap="PuOr", vmin=-limit, vmax=limit)
    page.text(0.15, 3.82, "violet: ink here excites the neuron", 12, ha="left", color="#542788")
    page.save("neurons")


if __name__ == "__main__":
    handout.draw_all(
        draw_graph,
        draw_step,
        draw_uses,
        draw_order,
        draw_broadcast,
        draw_activations,
        draw_vanishing,
        draw_initial_weights,
        draw_network,
        draw_momentum,
        draw_xor,
        draw_hidden_space,
        draw_training,
        draw_neurons,
    )
