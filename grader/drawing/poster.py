"""Draw two images and their difference as one large PNG, with scales to read off."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.picture import Images
from grader.drawing.shades import (
    YELLOW,
    Floats,
    as_floats,
    difference,
    largest,
    range_of,
    scale,
    shades,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_YELLOW = "#{:02x}{:02x}{:02x}".format(*YELLOW)
_QUIET: dict[str, Any] = {"color": "#555555", "fontsize": 8}


def save_picture(picture: Images, path: Path | str) -> None:
    """Draw what came out, what was expected, and their difference, as a PNG.

    The first two panels share one scale, taken from what was expected, so that
    an image that is too bright looks too bright. In the third, white is the
    same, red is too large and blue is too small. Yellow marks NaN.

    Parameters
    ----------
    picture : Images
        The images; their shapes may differ.
    path : Path or str
        Where to write the PNG.
    """
    # Drawing is rare, and importing matplotlib takes longer than most tests.
    from matplotlib.figure import Figure  # noqa: PLC0415

    got, expected = (as_floats(each) for each in (picture.got, picture.expected))
    figure = Figure(figsize=(9, 3.6), dpi=110, layout="constrained")
    figure.suptitle(picture.name, parse_math=False)
    axes = figure.subplots(1, 3)
    low, high = scale(expected, got)
    for panel, title, image in ((axes[0], "got", got), (axes[1], "expected", expected)):
        _draw_image(panel, title, image, low, high)
    if got.shape == expected.shape:
        _draw_difference(figure, axes[2], got, expected)
    else:
        _write_instead(axes[2], f"no difference to draw:\n{got.shape} against\n{expected.shape}")
    figure.savefig(path, format="png")


def _draw_image(panel: "Axes", title: str, image: Floats, low: float, high: float) -> None:
    shaded = shades(image, low, high)
    if image.ndim == 2:
        shaded = np.repeat(shaded[:, :, np.newaxis], 3, axis=2)
    missing = np.isnan(shaded).any(axis=2, keepdims=True)
    panel.imshow(np.where(missing, np.array(YELLOW) / 255, shaded), interpolation="nearest")
    panel.set_title(title)
    panel.set_xlabel(range_of(image), **_QUIET)
    _label_pixels(panel)


def _draw_difference(figure: "Figure", panel: "Axes", got: Floats, expected: Floats) -> None:
    signed = difference(got, expected)
    limit = largest(signed)
    panel.set_facecolor(_YELLOW)  # NaN is not drawn, so the ground shows
    drawn = panel.imshow(
        signed / (limit or 1.0), cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest"
    )
    panel.set_title("got − expected")
    differ = np.count_nonzero(~(signed == 0))
    panel.set_xlabel(f"{differ} of {signed.size} pixels differ (white: the same)", **_QUIET)
    _label_pixels(panel)
    bar = panel.inset_axes((1.04, 0, 0.05, 1))
    figure.colorbar(drawn, cax=bar, ticks=[-1, 0, 1] if limit else [0])
    bar.set_yticklabels([f"−{limit:.3g}", "same", f"+{limit:.3g}"] if limit else ["same"])
    bar.tick_params(labelsize=8)


def _label_pixels(panel: "Axes") -> None:
    panel.locator_params(integer=True, nbins=5)
    panel.tick_params(labelsize=8)


def _write_instead(panel: "Axes", text: str) -> None:
    panel.set_axis_off()
    panel.text(0.5, 0.5, text, ha="center", va="center", transform=panel.transAxes)
