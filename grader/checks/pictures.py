"""Say where two images differ, and draw what came out beside what should have."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.failure import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CHANNELS = ("red", "green", "blue")
_NOT_A_NUMBER = "#ffd400"  # yellow: neither a grey nor a colour of the difference
_QUIET: dict[str, Any] = {"color": "#555555", "fontsize": 8}


def is_image(value: Any) -> bool:
    """Whether `value` is an array that can be drawn: numbers, (H, W) or (H, W, 3)."""
    if type(value) is not np.ndarray or value.dtype.kind not in "biuf" or value.size == 0:
        return False
    return value.ndim == 2 or (value.ndim == 3 and value.shape[2] == 3)


def where_it_differs(wrong: np.ndarray) -> str:
    """Say in which part of an image the pixels marked in `wrong` lie.

    Parameters
    ----------
    wrong : ndarray of bool, shape (H, W) or (H, W, 3)
        At least one element is True.
    """
    if wrong.ndim == 2:
        return _region(wrong)
    channels = [name for name, plane in zip(_CHANNELS, wrong.T, strict=True) if plane.any()]
    only = "" if len(channels) == 3 else f", in {' and '.join(channels)} only"
    return _region(np.asarray(wrong.any(axis=2))) + only


def _region(wrong: np.ndarray) -> str:
    if wrong.all():
        return "everywhere"
    height, width = wrong.shape
    rows, columns = np.nonzero(wrong)
    top, bottom, left, right = rows.min(), rows.max(), columns.min(), columns.max()
    edges = (top == 0, bottom == height - 1, left == 0, right == width - 1)
    border = 1 + np.minimum.reduce([rows, height - 1 - rows, columns, width - 1 - columns]).max()
    if all(edges) and border <= max(1, min(height, width) // 4):
        pixels = "pixel" if border == 1 else "pixels"
        return f"only in the outermost border of {border} {pixels}: look at the padding"
    if len(rows) == 1:
        return f"only in row {top}, column {left}"
    thin = (bottom == 0, top == height - 1, right == 0, left == width - 1)
    names = ("top", "bottom", "left", "right")
    edge = next((f" (the {name} edge)" for name, lies in zip(names, thin, strict=True) if lies), "")
    return f"rows {top}–{bottom} and columns {left}–{right}{edge}"


def save_picture(picture: Picture, path: Path | str) -> None:
    """Draw what came out, what was expected, and their difference, as a PNG.

    The first two panels share one scale, taken from what was expected, so that
    an image that is too bright looks too bright. In the third, white is the
    same, red is too large and blue is too small. Yellow marks NaN.

    Parameters
    ----------
    picture : Picture
        The images; their shapes may differ.
    path : Path or str
        Where to write the PNG.
    """
    # Drawing is rare, and importing matplotlib takes longer than most tests.
    from matplotlib.figure import Figure  # noqa: PLC0415

    got, expected = (_as_floats(each) for each in (picture.got, picture.expected))
    figure = Figure(figsize=(9, 3.6), dpi=110, layout="constrained")
    figure.suptitle(picture.name, parse_math=False)
    axes = figure.subplots(1, 3)
    low, high = _scale(expected, got)
    for panel, title, image in ((axes[0], "got", got), (axes[1], "expected", expected)):
        _draw_image(panel, title, image, low, high)
    if got.shape == expected.shape:
        _draw_difference(figure, axes[2], got, expected)
    else:
        _write_instead(axes[2], f"no difference to draw:\n{got.shape} against\n{expected.shape}")
    figure.savefig(path, format="png")


def _as_floats(image: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        floats = image.astype(np.float64)
    return np.where(np.isfinite(floats), floats, np.nan)


def _scale(*images: np.ndarray) -> tuple[float, float]:
    """Give the darkest and brightest value of the first image that is not one plain tone."""
    for image in images:
        finite = image[np.isfinite(image)]
        if finite.size and finite.min() < finite.max():
            return float(finite.min()), float(finite.max())
    tone = float(images[0][np.isfinite(images[0])].max(initial=0))
    return min(tone, 0.0), max(tone, 1.0)


def _draw_image(panel: "Axes", title: str, image: np.ndarray, low: float, high: float) -> None:
    # Halved first: the span of two huge floats is not always a float.
    shades = np.clip((image / 2 - low / 2) / (high / 2 - low / 2), 0, 1)
    if image.ndim == 2:
        shades = np.repeat(shades[:, :, np.newaxis], 3, axis=2)
    panel.imshow(_mark_nan(shades), interpolation="nearest")
    panel.set_title(title)
    panel.set_xlabel(_range_of(image), **_QUIET)
    _label_pixels(panel)


def _draw_difference(
    figure: "Figure", panel: "Axes", got: np.ndarray, expected: np.ndarray
) -> None:
    difference = _signed_difference(got, expected)
    limit = float(np.max(np.abs(difference[np.isfinite(difference)]), initial=0))
    panel.set_facecolor(_NOT_A_NUMBER)  # NaN is not drawn, so the ground shows
    drawn = panel.imshow(
        difference / (limit or 1.0), cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest"
    )
    panel.set_title("got − expected")
    differ = np.count_nonzero(~(difference == 0))
    panel.set_xlabel(f"{differ} of {difference.size} pixels differ (white: the same)", **_QUIET)
    _label_pixels(panel)
    bar = panel.inset_axes((1.04, 0, 0.05, 1))
    figure.colorbar(drawn, cax=bar, ticks=[-1, 0, 1] if limit else [0])
    bar.set_yticklabels([f"−{limit:.3g}", "same", f"+{limit:.3g}"] if limit else ["same"])
    bar.tick_params(labelsize=8)


def _signed_difference(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Subtract pixel by pixel; of three channels, the one that differs most counts."""
    with np.errstate(all="ignore"):
        difference = np.asarray(got - expected)
    difference[np.isnan(got) & np.isnan(expected)] = 0
    if difference.ndim == 2:
        return difference
    largest = np.argmax(np.where(np.isnan(difference), np.inf, np.abs(difference)), axis=2)
    picked = np.take_along_axis(difference, largest[:, :, np.newaxis], axis=2)
    return np.asarray(picked[:, :, 0])


def _mark_nan(shades: np.ndarray) -> np.ndarray:
    yellow = [int(_NOT_A_NUMBER[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return np.where(np.isnan(shades).any(axis=2, keepdims=True), yellow, shades)


def _range_of(image: np.ndarray) -> str:
    finite = image[np.isfinite(image)]
    if not finite.size:
        return "no finite value"
    missing = image.size - finite.size
    nan = f", {missing} not finite (yellow)" if missing else ""
    return f"{finite.min():.4g} to {finite.max():.4g}{nan}"


def _label_pixels(panel: "Axes") -> None:
    panel.locator_params(integer=True, nbins=5)
    panel.tick_params(labelsize=8)


def _write_instead(panel: "Axes", text: str) -> None:
    panel.set_axis_off()
    panel.text(0.5, 0.5, text, ha="center", va="center", transform=panel.transAxes)
