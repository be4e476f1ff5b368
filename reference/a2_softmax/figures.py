"""Draw the figures of the handout: run `python figures.py` in this folder.

Every number and every picture is computed by the solved modules beside this
script, so a figure cannot disagree with what students are asked to build. The
images are MNIST where it is installed, and the shipped digits otherwise; the
figures name which. The committed ones are made from MNIST.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from descent import gradient_descent_step, numerical_gradient, train
from losses import cross_entropy, cross_entropy_gradient, softmax
from preprocessing import minibatches, one_hot, preprocess, train_validation_split
from regression import accuracy, forward

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

LOGITS = np.array([[2.0, 1.0, -1.0]])  # the worked example of the handout
DIGITS = np.arange(10)


class Page(handout.Page):
    """A figure of this handout."""

    folder = Path(__file__).parent / "figures"

    def bars(self, x, y, values, *, unit, step=0.42, color=BLUE, minus=ORANGE):
        """Draw horizontal bars from the zero line `x`, `unit` inches for 1."""
        for i, value in enumerate(values):
            left, tint = x + min(value, 0) * unit, color if value >= 0 else minus
            self.box(left, y + i * step, abs(value) * unit, step * 0.7, tint, edge=tint)
        self.line([x, x], [y - 0.06, y + step * (len(values) - 0.3) + 0.06], FAINT, 1)


class Study(NamedTuple):
    """A data set, preprocessed, and a model trained on it."""

    name: str
    data: object
    mean: float
    std: float
    X: np.ndarray
    w: np.ndarray
    probabilities: np.ndarray  # of the test images
    accuracy: float


@cache
def study():
    """Train the model that several figures look at."""
    data = load("mnist" if available("mnist") else "digits")
    mean, std = float(data.train_images.mean()), float(data.train_images.std())
    X = preprocess(data.train_images, mean, std)
    options = {"epochs": 10, "batch_size": 100, "learning_rate": 0.05}
    w, _ = train(X, data.train_labels, **options, rng=np.random.default_rng(0))
    p = forward(preprocess(data.test_images, mean, std), w)
    name = {"mnist": "MNIST"}.get(data.name, data.name)
    return Study(name, data, mean, std, X, w, p, accuracy(p, data.test_labels))


def thousands(number):
    """Write 60000 as 60 000."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def draw_digits():
    """Show a few training images of each class, under their labels."""
    data = study().data
    page = Page(3.55)
    for digit in DIGITS:
        x = 0.11 + 0.58 * digit
        page.text(x + 0.28, 0.2, str(digit), 17, color=BLUE)
        chosen = data.train_images[data.train_labels == digit][:5]
        for row, image in enumerate(chosen):
            page.image(x, 0.42 + 0.58 * row, 0.56, image)
    page.source(3.43, study().name)
    page.save("digits")


def draw_preprocessing():
    """Follow one image on its way to a row of numbers."""
    mean, std = study().mean, study().std
    image = study().data.train_images[0]
    row = preprocess(image[np.newaxis], mean, std)
    page = Page(6.95)
    page.source(6.82, study().name)
    page.image(0.15, 0.35, 1.6, image, "28 × 28 bytes")
    page.frame(0.15, 0.35 + 14 * 1.6 / 28, 1.6, 1.6 / 28, color=ORANGE, linewidth=2)
    page.text(2.1, 0.75, "1  flatten", 15, ha="left", color=BLUE)
    page.text(2.1, 1.2, "row after row, 28 rows of 28 pixels\nbecome one row of 784", 13, ha="left")
    place = 0.15 + 5.7 * 14 * 28 / 784
    page.arrow((0.95, 1.98), (place + 0.1, 2.3), ORANGE)
    page.image(0.15, 2.35, 5.7, image.reshape(1, 784), height=0.45)
    page.frame(place, 2.35, 5.7 / 28, 0.45, color=ORANGE, linewidth=2)
    page.text(0.15, 3.2, "2  standardise", 15, ha="left", color=BLUE)
    page.text(2.1, 3.2, f"(pixel − {mean:.1f}) / {std:.1f}", 15, ha="left", **MONO)
    for i, pixel in enumerate((0, 51, 128, 255)):
        page.text(0.75 + 1.5 * i, 3.66, f"{pixel} → {signed((pixel - mean) / std, 2)}", 14)
    style = {"cmap": "PuOr", "vmin": -3, "vmax": 3}
    page.image(0.15, 3.92, 5.7, row[:, :-1], height=0.45, **style)
    page.text(0.15, 4.8, "3  append a column of ones", 15, ha="left", color=BLUE)
    page.text(5.85, 4.8, "X has the shape (N, 785)", 14, ha="right")
    rows = preprocess(study().data.train_images[:4], mean, std)
    for i in range(4):
        page.image(0.15, 5.06 + 0.32 * i, 5.3, rows[i : i + 1, :-1], height=0.32, **style)
    page.row(5.45, 5.06, ["1"], 0.4, 0.32, 13, fill=PALE_ORANGE)
    for i in range(1, 4):
        page.row(5.45, 5.06 + 0.32 * i, ["1"], 0.4, 0.32, 13, fill=PALE_ORANGE)
    page.text(2.8, 6.52, "784 pixels", 13)
    page.text(5.85, 6.52, "the bias column", 13, ha="right", color="#8a5f00")
    page.save("preprocessing")


def draw_split():
    """Show which images teach, which choose and which judge."""
    train_count, test_count = len(study().data.train_images), len(study().data.test_images)
    rows = np.arange(train_count)
    rng = np.random.default_rng(0)
    _, learn, _, choose = train_validation_split(rows[:, np.newaxis], rows, 0.1, rng)
    page = Page(3.75)
    unit = 5.7 / (train_count + test_count)
    learned, trained = 0.15 + len(learn) * unit, 0.15 + train_count * unit
    page.text(0.15, 0.22, f"{study().name}, as it comes", 14, ha="left")
    page.arrow((2.5, 1.1), (2.5, 1.58))
    page.text(2.65, 1.33, "train_validation_split", 12, ha="left", **MONO)
    for x, y, count, color, words, size in (
        (0.15, 0.42, train_count, PALE_BLUE, f"{thousands(train_count)} for training", 14),
        (trained, 0.42, test_count, PALE_GREY, f"{thousands(test_count)}\ntest", 12),
        (0.15, 1.65, len(learn), PALE_BLUE, f"{thousands(len(learn))} training", 14),
        (learned, 1.65, len(choose), PALE_ORANGE, thousands(len(choose)), 11),
        (trained, 1.65, test_count, PALE_GREY, f"{thousands(test_count)}\ntest", 12),
    ):
        page.box(x, y, count * unit, 0.62, color)
        page.text(x + count * unit / 2, y + 0.31, words, size)
    brown = "#8a5f00"
    page.text((0.15 + learned) / 2, 2.52, "teaches the weights", 14, color=BLUE)
    page.line([(learned + trained) / 2] * 2, [2.3, 2.85], brown)
    page.text(trained, 3.05, "validation: chooses the hyperparameters", 14, ha="right", color=brown)
    page.line([(trained + 5.85) / 2] * 2, [2.3, 3.35])
    page.text(5.85, 3.53, "judges, once, at the end", 14, ha="right")
    page.save("split")


def draw_minibatches():
    """Deal one epoch of ten examples out in batches of four."""
    names = np.array(list("ABCDEFGHIJ"))
    rng = np.random.default_rng(4)
    page = Page(3.3)
    page.text(0.2, 0.22, "one epoch: all examples, in a new order", 14, ha="left")
    page.row(0.2, 0.42, names, 0.5, fill=PALE_GREY)
    page.arrow((2.7, 0.95), (2.7, 1.4))
    page.text(2.85, 1.17, "shuffle", 13, ha="left")
    batches = [list(batch) for _, batch in minibatches(DIGITS[:, np.newaxis], names, 4, rng)]
    x = 0.2
    for i, batch in enumerate(batches):
        fill = (PALE_BLUE, PALE_ORANGE, PALE_GREY)[i]
        page.row(x, 1.5, batch, 0.5, fill=fill)
        width = 0.5 * len(batch)
        page.frame(x, 1.5, width, 0.46, color=(BLUE, ORANGE, INK)[i])
        page.text(x + width / 2, 2.25, f"batch {i + 1}", 13)
        page.text(x + width / 2, 2.55, f"{len(batch)} examples", 13)
        x += width + 0.17
    page.text(0.2, 3.02, "The last batch is smaller. It counts, too.", 13, ha="left", color=RED)
    page.save("minibatches")


def draw_model():
    """Show the shapes on the way from images to probabilities."""
    page = Page(3.85)
    top = 0.52
    page.box(0.15, top, 2.3, 3 * 0.3, PALE_BLUE)
    page.box(2.25, top, 0.2, 3 * 0.3, PALE_ORANGE)
    for i in range(1, 3):
        page.line([0.15, 2.45], [top + 0.3 * i] * 2, FAINT, 1)
    page.text(1.3, 0.28, "X  (N, 785)", 14)
    page.text(2.35, top + 0.45, "1\n1\n1", 13, linespacing=1.62)
    page.text(1.2, top + 1.2, "one image in each row", 13)
    page.text(2.62, top + 0.45, "@", 17)
    page.box(2.8, top, 10 * 0.11, 2.3, PALE_BLUE)
    page.box(2.8, top + 2.1, 10 * 0.11, 0.2, PALE_ORANGE)
    for i in range(1, 10):
        page.line([2.8 + 0.11 * i] * 2, [top, top + 2.3], FAINT, 1)
    page.text(3.35, 0.28, "w  (785, 10)", 14)
    page.text(3.12, 3.45, "one column\nfor each digit", 13, linespacing=1.3)
    page.text(2.7, top + 2.2, "bias row", 12, ha="right", color="#8a5f00")
    page.text(4.1, top + 0.45, "=", 20)
    for i in range(3):
        page.row(4.32, top + 0.3 * i, [""] * 10, 0.15, 0.3, fill=PALE_GREY)
    page.text(5.07, 0.28, "logits  (N, 10)", 14)
    page.arrow((5.07, top + 0.98), (5.07, top + 1.55))
    page.text(5.0, top + 1.26, "softmax", 13, ha="right", **MONO)
    rows = study().probabilities[:3]
    page.image(4.32, top + 1.65, 1.5, rows, height=0.9, cmap="Blues", vmin=0, vmax=1.2)
    for i in range(1, 10):
        page.line([4.32 + 0.15 * i] * 2, [top + 1.65, top + 2.55], FAINT, 0.6)
    for i in range(1, 3):
        page.line([4.32, 5.82], [top + 1.65 + 0.3 * i] * 2, FAINT, 0.6)
    page.text(
        5.85, 3.45, "probabilities  (N, 10)\neach row sums to 1", 13, ha="right", linespacing=1.3
    )
    page.save("model")


def draw_softmax():
    """Turn the logits of the worked example into probabilities."""
    logits, exponentials, probabilities = LOGITS[0], np.exp(LOGITS[0]), softmax(LOGITS)[0]
    page = Page(2.75)
    page.bars(0.55, 0.55, logits, unit=0.3, step=0.55, color=BLUE, minus=RED)
    page.bars(2.3, 0.55, exponentials, unit=0.13, step=0.55, color=FAINT)
    page.bars(4.6, 0.55, probabilities, unit=1.0, step=0.55, color=GREEN)
    for i in range(3):
        y = 0.75 + 0.55 * i
        page.text(0.62 + 0.3 * max(logits[i], 0), y, signed(logits[i]), 14, ha="left")
        page.text(2.36 + 0.13 * exponentials[i], y, f"{exponentials[i]:.3f}", 14, ha="left")
        page.text(4.66 + probabilities[i], y, f"{probabilities[i]:.3f}", 14, ha="left")
    for x, title, total in (
        (0.65, "logits z", ""),
        (2.85, "exp z", f"sum {exponentials.sum():.3f}"),
        (5.1, "exp z / sum", f"sum {probabilities.sum():.0f}"),
    ):
        page.text(x, 0.22, title, 15)
        page.text(x, 2.45, total, 14)
    for x in (1.55, 3.98):
        page.arrow((x, 1.3), (x + 0.42, 1.3))
    page.save("softmax")


def draw_overflow():
    """Compute the same softmax without and with the maximum subtracted."""
    logits = LOGITS[0] + 1000
    shifted = logits - logits.max()
    page = Page(4.55)
    page.row(1.9, 0.15, [f"{z:.0f}" for z in logits], 1.2, fill=PALE_GREY)
    page.text(1.7, 0.38, "logits", 14, ha="right")
    page.text(0.15, 1.0, "as written", 15, ha="left", color=RED)
    for y, name in ((1.2, "exp"), (1.72, "divided")):
        words = ["inf"] * 3 if name == "exp" else ["nan"] * 3
        page.text(1.7, y + 0.23, name, 14, ha="right")
        page.row(1.9, y, words, 1.2, ink=RED)
    page.text(0.15, 2.6, "subtract the maximum first", 15, ha="left", color=GREEN)
    for y, name, words in (
        (2.8, "z − max", [signed(z) for z in shifted]),
        (3.32, "exp", [f"{e:.3f}" for e in np.exp(shifted)]),
        (3.84, "divided", [f"{p:.3f}" for p in softmax(logits[np.newaxis])[0]]),
    ):
        page.text(1.7, y + 0.23, name, 14, ha="right")
        page.row(1.9, y, words, 1.2, fill=PALE_BLUE if name == "divided" else PAPER)
    page.frame(1.9, 3.84, 3.6, 0.46, color=GREEN)
    page.save("overflow")


def draw_cross_entropy():
    """Plot the loss of one example against the probability of the right class."""
    p = np.linspace(0.005, 1, 400)
    page = Page(4.3)
    axes = page.plot(
        0.75,
        0.2,
        5.05,
        3.4,
        xlabel="p, the probability of the right class",
        ylabel="−log p, in nats",
    )
    axes.plot(p, -np.log(p), color=BLUE, linewidth=3)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.1, 5.4), xticks=np.arange(6) / 5)
    know_nothing = cross_entropy(np.zeros((1, 10)), np.array([0]))
    worked = softmax(LOGITS)[0, 0]
    for at, color, words, shift in (
        (0.01, RED, "p = 0.01: sure, and wrong: 4.605", (0.06, 0.05)),
        (0.1, ORANGE, f"p = 0.1: ten classes, no idea: {know_nothing:.3f}", (0.05, 0.22)),
        (worked, GREEN, f"p = {worked:.3f}: {-np.log(worked):.3f}", (-0.1, 0.55)),
        (1.0, INK, "p = 1: 0", (0.02, 0.4)),
    ):
        axes.plot(at, -np.log(at), "o", color=color, markersize=11, clip_on=False, zorder=5)
        ha = "right" if at == 1 else "left"
        where = (at + shift[0], -np.log(at) + shift[1])
        axes.text(*where, words, fontsize=13, color=INK, ha=ha, va="center")
    page.save("cross_entropy")


def draw_gradient():
    """Subtract what is true from what the model believes, for one image."""
    test_labels, p = study().data.test_labels, study().probabilities
    own = p[np.arange(len(p)), test_labels]
    wrong = p.argmax(axis=1) != test_labels
    chosen = int(np.argmin(np.where(wrong, np.abs(own - 0.35), 2)))
    label, believed = int(test_labels[chosen]), p[chosen]
    truth = one_hot(test_labels[chosen : chosen + 1], 10)[0]
    logits = np.log(p[chosen : chosen + 1])  # softmax gives p back
    difference = cross_entropy_gradient(logits, test_labels[chosen : chosen + 1])[0]
    page = Page(5.75)
    page.source(5.63, study().name)
    page.image(0.15, 0.45, 1.25, study().data.test_images[chosen], f"label {label}", size=14)
    page.text(0.78, 2.2, f"the model\nsays {believed.argmax()}", 14, linespacing=1.3)
    for x, title in ((2.45, "p"), (3.75, "y"), (5.1, "p − y")):
        page.text(x, 0.22, title, 16)
    page.text(3.15, 0.22, "−", 18)
    page.text(4.3, 0.22, "=", 18)
    for digit in DIGITS:
        y = 0.62 + 0.42 * digit
        page.text(1.82, y, str(digit), 14, color=BLUE)
        if digit == label:
            page.box(1.65, y - 0.2, 4.25, 0.4, PALE_ORANGE, edge=PALE_ORANGE)
    page.bars(2.0, 0.475, believed, unit=0.6, color=BLUE)
    page.bars(3.45, 0.475, truth, unit=0.6, color=INK)
    page.bars(5.1, 0.475, difference, unit=0.6, color=RED, minus=GREEN)
    for digit in DIGITS:
        y = 0.62 + 0.42 * digit
        value = difference[digit]
        if digit == label:
            page.text(4.1, y, "1", 12, ha="left")
        if abs(value) < 0.005:
            continue
        page.text(2.06 + 0.6 * believed[digit], y, f"{believed[digit]:.2f}", 12, ha="left")
        side, ha = (-0.06, "right") if value > 0 else (0.06, "left")
        page.text(5.1 + side, y, signed(value, 2), 12, ha=ha)
    page.text(3.0, 4.98, "red: a step downhill lowers this logit", 13, color=RED)
    page.text(3.0, 5.3, "green: a step downhill raises this logit", 13, color=GREEN)
    page.save("gradient")


def draw_bowl():
    """Walk down a bowl with three learning rates."""

    def height(v):
        return 0.5 * v[0] ** 2 + 4 * v[1] ** 2

    page = Page(7.3)
    x, y = np.meshgrid(np.linspace(-10.5, 10.5, 200), np.linspace(-3.4, 3.4, 120))
    for i, (rate, verdict, color) in enumerate(
        (
            (0.02, "too small: it creeps", BLUE),
            (0.2, "good: it arrives", GREEN),
            (0.255, "too large: it climbs out", RED),
        )
    ):
        top = 0.4 + 2.42 * i
        page.text(0.15, top - 0.2, f"learning rate {rate:g}", 15, ha="left", color=color)
        page.text(5.85, top - 0.2, f"{verdict}, 20 steps", 13, ha="right")
        axes = page.inset(0.15, top, 5.7, 1.85)
        axes.set(xticks=[], yticks=[], xlim=(-10.5, 10.5), ylim=(-3.4, 3.4))
        axes.spines[:].set_color(FAINT)
        levels = np.array([0.5, 3, 8, 16, 28, 45, 70])
        axes.contour(x, y, height((x, y)), levels=levels, colors=FAINT, linewidths=0.8)
        path = [np.array([-9.0, 1.4])]
        for _ in range(20):
            step = gradient_descent_step(path[-1], numerical_gradient(height, path[-1]), rate)
            path.append(step)
        path = np.array(path)
        axes.plot(*path.T, "-o", color=color, linewidth=1.8, markersize=5)
        axes.plot(*path[0], "o", color=INK, markersize=10)
        axes.plot(0, 0, "+", color=INK, markersize=14, markeredgewidth=2)
    page.save("bowl", colors=64)


def smooth(values, width):
    """Average each value with its neighbours: `width` in all, fewer at the ends."""
    window = np.ones(min(width, len(values)))
    return np.convolve(values, window, "same") / np.convolve(values * 0 + 1, window, "same")


def epochs():
    """Say how often to go through the images so that 60 000 are seen."""
    return max(1, 60_000 // len(study().X))


def history(batch_size, learning_rate):
    """Train on 60 000 images and return the losses."""
    options = {"epochs": epochs(), "batch_size": batch_size, "learning_rate": learning_rate}
    labels = study().data.train_labels
    _, losses = train(study().X, labels, **options, rng=np.random.default_rng(1))
    return np.array(losses)


def draw_learning_rates():
    """Plot the losses of each batch for several learning rates."""
    page = Page(4.75)
    page.text(5.1, 0.2, f"{study().name}, batches of 100, epochs: {epochs()}", 12, ha="right")
    axes = page.plot(0.72, 0.42, 4.4, 3.6, xlabel="step", ylabel="loss of the batch, in nats")
    last = {}
    for rate, color in ((0.5, RED), (0.001, BLUE), (0.01, ORANGE), (0.1, GREEN)):
        losses = history(100, rate)
        means = smooth(losses, 31)
        axes.plot(losses, color=pale(color), linewidth=0.7, zorder=1)
        axes.plot(means, color=color, linewidth=3, zorder=2)
        last[rate, color] = means[-100:].mean()
    height = 0.0
    for rate, color in sorted(last, key=last.get):
        height = max(height + 0.18, min(last[rate, color], 2))
        axes.text(1.03 * len(losses), height, f"{rate:g}", fontsize=15, color=color, va="center")
    axes.text(1.03 * len(losses), height + 0.4, "learning\nrate", fontsize=13, va="center")
    axes.axhline(np.log(10), color=INK, linewidth=1.2, linestyle=":")
    axes.text(0.99 * len(losses), 2.36, "no idea: 2.303", fontsize=13, ha="right")
    axes.set(ylim=(0, 2.6), xlim=(0, len(losses)))
    page.save("learning_rates", colors=64)


def draw_batch_sizes():
    """Plot the losses for several batch sizes, against the images seen."""
    page = Page(6.2)
    page.text(5.85, 0.2, f"{study().name}, learning rate 0.01, epochs: {epochs()}", 12, ha="right")
    for i, (size, color) in enumerate(((10, ORANGE), (100, BLUE), (1000, GREEN))):
        losses = history(size, 0.01)
        seen = np.arange(len(losses)) * size / 1000
        xlabel = "images seen, in thousands" if i == 2 else ""
        axes = page.plot(0.72, 0.42 + 1.77 * i, 5.1, 1.5, xlabel=xlabel, ylabel="loss")
        axes.plot(seen, losses, color=pale(color), linewidth=0.5, zorder=1)
        axes.plot(seen, smooth(losses, max(3000 // size, 1)), color=color, linewidth=3, zorder=2)
        axes.set(ylim=(0, 2.6), xlim=(0, seen[-1] + size / 1000), yticks=(0, 1, 2))
        words = f"batches of {size}: {thousands(len(losses))} steps"
        label = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.85, "pad": 2}
        axes.text(0.98, 0.82, words, fontsize=14, ha="right", transform=axes.transAxes, bbox=label)
        if i < 2:
            axes.set_xticklabels([])
    page.save("batch_sizes", colors=64)


def draw_weights():
    """Show the ten columns of the weights as images."""
    page = Page(3.6)
    page.source(3.49, study().name)
    weights = study().w[:-1].T.reshape(10, 28, 28)
    limit = float(np.quantile(np.abs(weights), 0.995))
    for digit, image in enumerate(weights):
        x, y = 0.12 + 1.16 * (digit % 5), 0.34 + 1.48 * (digit // 5)
        page.image(x, y, 1.12, image, str(digit), size=15, cmap="PuOr", vmin=-limit, vmax=limit)
    page.text(1.55, 3.2, "violet: ink here speaks for it", 12, color="#542788")
    page.text(4.45, 3.2, "orange: ink here speaks against", 12, color="#b35806")
    page.save("weights")


def draw_confusion():
    """Count what the test images are taken for."""
    labels = study().data.test_labels
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (labels, study().probabilities.argmax(axis=1)), 1)
    page = Page(6.2)
    page.source(6.06, study().name)
    cell, left, top = 0.51, 0.75, 0.8
    most = counts[~np.eye(10, dtype=bool)].max()
    for (row, column), count in np.ndenumerate(counts):
        strength = count / most
        color = mpl.colormaps["Oranges"](0.75 * strength) if row != column else PALE_BLUE
        x, y = left + cell * column, top + cell * row
        page.box(x, y, cell, cell, color if count else PAPER)
        page.text(x + cell / 2, y + cell / 2 + 0.01, str(count) if count else "·", 13)
    for digit in DIGITS:
        page.text(left + cell * (digit + 0.5), top - 0.17, str(digit), 14, color=BLUE)
        page.text(left - 0.17, top + cell * (digit + 0.5), str(digit), 14, color=BLUE)
    page.text(left + 5 * cell, 0.25, "what the model says", 14)
    page.text(0.25, top + 5 * cell, "what it is", 14, rotation=90)
    page.save("confusion")


def draw_mistakes():
    """Show the test images about which the model is most sure, and wrong."""
    labels, p = study().data.test_labels, study().probabilities
    said, sure = p.argmax(axis=1), p.max(axis=1)
    order = np.argsort(-sure * (said != labels), kind="stable")[:8]
    page = Page(4.5)
    page.source(4.38, study().name)
    for i, index in enumerate(order):
        x, y = 0.13 + 1.45 * (i % 4), 0.12 + 2.15 * (i // 4)
        page.image(x, y, 1.37, study().data.test_images[index])
        page.text(x + 0.68, y + 1.55, f"is {labels[index]}", 13, color=GREEN)
        page.text(
            x + 0.68, y + 1.82, f"says {said[index]}: {100 * sure[index]:.2f} %", 12, color=RED
        )
    page.save("mistakes")


def draw_differences():
    """Compare forward and central differences, and look for a good h."""
    at, h = 1.1, 0.8
    page = Page(6.9)
    axes = page.inset(0.15, 0.1, 5.7, 2.75)
    axes.axis("off")
    x = np.linspace(-0.2, 2.2, 200)
    axes.set(xlim=(-0.25, 2.5), ylim=(-0.3, 8.3))
    axes.plot(x, np.exp(x), color=INK, linewidth=3)
    axes.plot(
        at + np.array([-0.75, 0.9]), np.exp(at) * np.array([0.25, 1.9]), color=INK, lw=1.5, ls="--"
    )
    for start, color, width in ((at, RED, 2.5), (at - h, BLUE, 2.5)):
        ends = np.array([start, at + h])
        axes.plot(ends, np.exp(ends), "-", color=color, linewidth=width)
    for place, name in ((at - h, "x − h"), (at, "x"), (at + h, "x + h")):
        axes.plot([place, place], [0, np.exp(place)], color=FAINT, linewidth=1, zorder=0)
        axes.plot(place, np.exp(place), "o", color=INK, markersize=8)
        axes.text(place, -0.28, name, fontsize=14, ha="center", va="top")
    for y, words, color in (
        (7.6, "forward: (f(x + h) − f(x)) / h", RED),
        (6.7, "central: (f(x + h) − f(x − h)) / 2h", BLUE),
        (5.8, "dashed: the true slope", INK),
    ):
        axes.text(-0.22, y, words, fontsize=14, color=color, ha="left", va="center")
    axes = page.plot(0.95, 3.45, 4.85, 2.75, xlabel="h", ylabel="error of the slope")
    steps = 10.0 ** np.arange(-13, 0.5, 0.5)
    point = np.array([at])

    def exponential(v):
        return float(np.exp(v).sum())

    true = np.exp(at)
    one_sided = [abs((np.exp(at + h) - np.exp(at)) / h - true) for h in steps]
    central = [abs(numerical_gradient(exponential, point, h)[0] - true) for h in steps]
    axes.loglog(steps, one_sided, "o-", color=RED, markersize=4, linewidth=1.5)
    axes.loglog(steps, central, "o-", color=BLUE, markersize=5, linewidth=2.5)
    axes.axvline(1e-5, color=FAINT, linestyle=":", linewidth=1.5, zorder=0)
    axes.set(xticks=10.0 ** np.arange(-13, 1, 3), yticks=10.0 ** np.arange(-12, 1, 3))
    axes.minorticks_off()
    axes.text(3e-12, 3e-2, "digits cancel", fontsize=14, ha="center")
    axes.text(2e-2, 1e-10, "the curve bends", fontsize=14, ha="center")
    axes.text(7e-6, 0.3, "1e-5", fontsize=13, ha="right")
    axes.text(2e-6, 3e-4, "forward", fontsize=14, color=RED, ha="right")
    axes.text(2e-8, 2e-11, "central", fontsize=14, color=BLUE, ha="center")
    page.save("differences")


if __name__ == "__main__":
    handout.draw_all(
        draw_digits,
        draw_preprocessing,
        draw_split,
        draw_minibatches,
        draw_model,
        draw_softmax,
        draw_overflow,
        draw_cross_entropy,
        draw_gradient,
        draw_bowl,
        draw_learning_rates,
        draw_batch_sizes,
        draw_weights,
        draw_confusion,
        draw_mistakes,
        draw_differences,
    )
