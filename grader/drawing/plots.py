"""Write curves and tables as SVG, which stays sharp and can be read in the dark."""

import html
import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from grader.drawing.shades import Floats

_MOST_POINTS: Final = 160  # of a curve; a longer one is drawn by means
_WIDTH, _HEIGHT = 440.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 54.0, 10.0, 12.0, 26.0
_CELLS: Final = 300.0  # the width of a table's cells together
_STYLE: Final = (
    "<style>text{font:12px system-ui,sans-serif;fill:#3d444c}.axis{stroke:#d9d4c9}"
    ".got{stroke:#115b6b;fill:none;stroke-width:2}.expected{stroke:#a5301a;fill:none;"
    "stroke-width:2;stroke-dasharray:5 4}.right{fill:#115b6b}.wrong{fill:#a5301a}"
    ".on{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#c3c9cf}.axis{stroke:#3a4147}"
    ".got{stroke:#7fc8d9}.expected{stroke:#f29b83}.right{fill:#2f8ea3}.wrong{fill:#c9583f}"
    ".on{fill:#fff}}</style>"
)


def plot_curves(curves: Sequence[tuple[str, Floats]]) -> str:
    """Draw curves over the number of each element, the first as "got".

    Parameters
    ----------
    curves : sequence of (str, ndarray of float64, shape (N,))
        What each is called, and its numbers; NaN is a gap.
    """
    known = np.concatenate([curve[np.isfinite(curve)] for _, curve in curves])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if not high / 2 - low / 2:  # one number, or two that are nearly 0
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    longest = max(curve.size for _, curve in curves)
    parts = [*_axes(low, high, longest)]
    for kind, (name, curve) in zip(("got", "expected"), curves, strict=False):
        path = _path(curve, low, high, longest)
        parts.append(f'<path class="{kind}" d="{path}"><title>{html.escape(name)}</title></path>')
    return _svg(_WIDTH, _HEIGHT, parts)


def plot_table(counts: np.ndarray) -> str:
    """Draw how many of each class were taken for which: rows are what they are.

    Parameters
    ----------
    counts : ndarray of int64, shape (C, C)
        With at least one class.
    """
    classes = len(counts)
    side = _CELLS / classes
    left, top = 40.0, 34.0
    parts = [
        f'<text x="{left + _CELLS / 2:g}" y="11" text-anchor="middle">taken for</text>',
        f'<text transform="translate(11 {top + _CELLS / 2:g}) rotate(-90)"'
        ' text-anchor="middle">is</text>',
    ]
    for number in range(classes):
        middle = side * (number + 0.5)
        parts += [
            f'<text x="{left + middle:.1f}" y="{top - 6:g}" text-anchor="middle">{number}</text>',
            f'<text x="{left - 6:g}" y="{top + middle + 4:.1f}" text-anchor="end">{number}</text>',
        ]
    parts += _cells(counts, side, left, top)
    return _svg(left + _CELLS + 4, top + _CELLS + 4, parts)


def _cells(counts: np.ndarray, side: float, left: float, top: float) -> Iterator[str]:
    """Draw a square for each count but 0: its darkness is its share of the row."""
    totals = np.maximum(counts.sum(axis=1), 1)
    for row, column in np.argwhere(counts):
        share = counts[row, column] / totals[row]
        x, y = left + column * side, top + row * side
        kind = "right" if row == column else "wrong"
        strength = 0.12 + 0.88 * math.sqrt(share)
        yield (
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}"'
            f' fill-opacity="{strength:.2f}"/>'
        )
        if side >= 20:
            on = ' class="on"' if strength > 0.6 else ""
            yield (
                f'<text{on} x="{x + side / 2:.1f}" y="{y + side / 2 + 4:.1f}"'
                f' text-anchor="middle">{counts[row, column]}</text>'
            )


def _axes(low: float, high: float, longest: int) -> Iterator[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    for value in (low, (low / 2 + high / 2), high):
        y = _down(value, low, high)
        yield f'<line class="axis" x1="{_LEFT:g}" x2="{right:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>'
    for number, anchor in ((0, "start"), (longest - 1, "end")):
        x = _LEFT + (right - _LEFT) * number / (longest - 1)
        yield f'<text x="{x:.1f}" y="{bottom + 18:g}" text-anchor="{anchor}">{number}</text>'


def _path(curve: Floats, low: float, high: float, longest: int) -> str:
    """Return the moves of a curve's pen, which is lifted where a number is missing."""
    if curve.size > _MOST_POINTS:
        parts = np.array_split(curve, _MOST_POINTS)
        ends = np.cumsum([part.size for part in parts])
        places = ends - np.array([part.size for part in parts]) / 2 - 0.5
        heights = np.array([part.mean() if np.isfinite(part).all() else np.nan for part in parts])
    else:
        places, heights = np.arange(curve.size, dtype=np.float64), curve
    moves, down = [], False
    for place, height in zip(places, heights, strict=True):
        if math.isfinite(height):
            x = _LEFT + (_WIDTH - _RIGHT - _LEFT) * place / (longest - 1)
            moves.append(f"{'L' if down else 'M'}{x:.1f} {_down(float(height), low, high):.1f}")
        down = math.isfinite(height)
    return "".join(moves)


def _down(value: float, low: float, high: float) -> float:
    # Halved first, as in `shades`.
    share = (high / 2 - value / 2) / (high / 2 - low / 2)
    return _TOP + (_HEIGHT - _BOTTOM - _TOP) * share


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f"{_STYLE}{''.join(parts)}</svg>"
    )
