"""Charts as shapes, drawn by the templates as SVG.

Places across are percentages and places down are pixels: a chart is as wide as its
page, and its letters keep their size on a phone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.exports.texts import number
from grader.pages.tallies import Bin, Training
from grader.pages.words import counted

HEIGHT: Final = 170.0  # pixels, without the letters below
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a histogram."""

    x: float
    width: float
    y: float
    height: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """A histogram, and what it says in words."""

    columns: tuple[Column, ...]
    across: tuple[Tick, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One place in a scatter plot."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """Accuracy against time, and what it says in words."""

    dots: tuple[Dot, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    words: str


def histogram(bins: Sequence[Bin]) -> Histogram:
    """Lay out how many students have which score."""
    tallest = max(each.students for each in bins) or 1
    width = 100 / len(bins)
    columns = []
    for place, each in enumerate(bins):
        height = (HEIGHT - 18) * each.students / tallest
        label = str(each.students) if each.students else ""
        columns.append(Column(place * width + 0.6, width - 1.2, HEIGHT - height, height, label))
    edges = [*(each.low for each in bins), bins[-1].high]
    said = [
        f"{number(each.low)} to {number(each.high)} points: {counted(each.students, 'student')}"
        for each in bins
        if each.students
    ]
    return Histogram(
        columns=tuple(columns),
        across=tuple(Tick(place * width, number(edge)) for place, edge in enumerate(edges)),
        words="; ".join(said),
    )


def scatter(training: Training) -> Scatter:
    """Lay out the accuracy of each student against the time that the test took."""
    times = ticks([0.0, *(run.seconds for run in training.runs)])
    accuracies = ticks([run.accuracy for run in training.runs])
    lowest, highest = accuracies[0], accuracies[-1]

    def down(accuracy: float) -> float:
        return 6 + (HEIGHT - 12) * (highest - accuracy) / (highest - lowest)

    def across(seconds: float) -> float:
        return 8 + 90 * seconds / times[-1]

    worst, best = (f(run.accuracy for run in training.runs) for f in (min, max))
    return Scatter(
        dots=tuple(Dot(across(run.seconds), down(run.accuracy)) for run in training.runs),
        across=tuple(Tick(across(time), f"{time:g} s") for time in times),
        up=tuple(Tick(down(each), f"{each:g}") for each in accuracies),
        words=f"{counted(len(training.runs), 'student')}: accuracy {worst:.3f} to {best:.3f},"
        f" median {training.accuracy:.3f}; median time {training.seconds:.2g} s",
    )


def ticks(values: Iterable[float], most: int = 6) -> list[float]:
    """Return round numbers that span the values: at least two, at most about `most`."""
    values = list(values)
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * factor for factor in _STEPS if span / (power * factor) <= most)
    first, last = math.floor(low / step), math.ceil(high / step)
    last = max(last, first + 1)
    return [round(place * step, 10) for place in range(first, last + 1)]
