"""Draw a picture as the panels of a page, each with a caption and with words in its place.

A panel is a few kilobytes: images are made smaller where they are large, curves are
drawn by means, and of a gradient only what was measured is shown.
"""

import base64
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from grader.checks.picture import Confusion, Curves, Example, GradientMap, Images, Picture
from grader.checks.pictures import where_it_differs
from grader.drawing.plots import plot_curves, plot_table
from grader.drawing.png import encode_png
from grader.drawing.shades import (
    DIFFERENCES,
    GREYS,
    YELLOW,
    Bytes,
    Floats,
    as_floats,
    difference,
    in_palette,
    largest,
    range_of,
    scale,
    shades,
)
from grader.results import Drawing

_LONGEST_SIDE: Final = 128  # pixels; of a larger image every second or third is drawn
_MOST_CLASSES: Final = 30
_PANEL, _DIGIT, _PLOT, _TABLE = 168, 60, 440, 344  # widths on a page


def draw(picture: Picture) -> tuple[Drawing, ...]:
    """Return the panels of a picture."""
    match picture:
        case Images():
            return _images(picture)
        case GradientMap():
            return _gradient(picture)
        case Curves():
            return _curves(picture)
        case Confusion():
            return _confusion(picture)


def _images(picture: Images) -> tuple[Drawing, ...]:
    got, expected = as_floats(picture.got), as_floats(picture.expected)
    low, high = scale(expected, got)
    panels = [
        _shown("got", "What came out", got, (low, high)),
        _shown("expected", "What is expected", expected, (low, high)),
    ]
    if got.shape == expected.shape:
        panels.append(_difference(difference(got, expected)))
    return tuple(panels)


def _gradient(picture: GradientMap) -> tuple[Drawing, ...]:
    limit = largest(picture.measured) or largest(picture.got)
    which = _which(picture)
    return (
        _signed(picture.name, f"The gradient that came out{which}.", picture.got, limit),
        _signed(
            "central differences",
            f"What central differences give{which}, {range_of(picture.measured)}.",
            picture.measured,
            limit,
        ),
        _difference(difference(as_floats(picture.got), as_floats(picture.measured))),
    )


def _which(picture: GradientMap) -> str:
    """Say which elements of a gradient a panel shows, if not all."""
    if picture.got.size == np.prod(picture.shape):
        return ""
    rows, columns = (", ".join(map(str, each)) for each in (picture.rows, picture.columns))
    return f", at rows {rows} and columns {columns}"


def _curves(picture: Curves) -> tuple[Drawing, ...]:
    curves = [(picture.name, as_floats(picture.got))]
    words = f"{picture.name}: {picture.got.size} numbers, {range_of(curves[0][1])}"
    caption = picture.name
    if picture.expected is not None:
        curves.append(("expected", as_floats(picture.expected)))
        words += f"; expected {picture.expected.size} numbers, {range_of(curves[1][1])}"
        caption += "; expected is dashed"
    else:
        words += f", first {curves[0][1][0]:.4g}, last {curves[0][1][-1]:.4g}"
    return (_svg(caption, f"{words}.", plot_curves(curves), _PLOT),)


def _confusion(picture: Confusion) -> tuple[Drawing, ...]:
    panels = []
    if len(picture.counts) <= _MOST_CLASSES:
        wrong = picture.counts - np.diag(np.diag(picture.counts))
        worst = np.unravel_index(np.argsort(wrong, axis=None)[::-1][:3], wrong.shape)
        often = [
            f"{row} taken for {column} ({_times(wrong[row, column])})"
            for row, column in zip(*worst, strict=True)
            if wrong[row, column]
        ]
        said = f"Most often mistaken: {', '.join(often)}." if often else "Nothing was mistaken."
        table = plot_table(picture.counts)
        panels.append(
            _svg("what was taken for what", f"A table of all classes. {said}", table, _TABLE)
        )
    return (*panels, *map(_example, picture.examples))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _example(example: Example) -> Drawing:
    image = as_floats(example.image)
    caption = f"{example.label}, taken for {example.predicted}"
    words = f"An image of class {example.label} that was taken for {example.predicted}."
    return _png(caption, words, *_grey(image, *scale(image)), width=_DIGIT)


def _grey(image: Floats, low: float, high: float) -> tuple[Bytes, Bytes | None]:
    """Return an image's pixels, and the palette they belong to if there is one."""
    shaded = shades(_smaller(image), low, high)
    if shaded.ndim == 2:
        return in_palette(shaded), GREYS
    missing = np.isnan(shaded).any(axis=2)
    pixels = np.rint(np.where(np.isnan(shaded), 0, shaded) * 255).astype(np.uint8)
    pixels[missing] = YELLOW
    return pixels, None


def _signed(caption: str, words: str, array: Floats, limit: float) -> Drawing:
    """Draw numbers in blue where they are negative, and in red where they are positive."""
    pixels = in_palette(shades(_smaller(as_floats(array)), -(limit or 1.0), limit or 1.0))
    return _png(caption, words, pixels, DIFFERENCES)


def _difference(signed: Floats) -> Drawing:
    differs = ~(signed == 0)
    share = f"{np.count_nonzero(differs)} of {signed.size}"
    where = f", {where_it_differs(differs)}" if differs.any() else ""
    words = f"The difference: {share} differ{where}, by up to {largest(signed):.4g}."
    return _signed("difference: blue is too small, red too large", words, signed, largest(signed))


def _smaller(image: NDArray[Any]) -> NDArray[Any]:
    step = -(-max(image.shape[:2]) // _LONGEST_SIDE)
    return np.ascontiguousarray(image[::step, ::step])


def _shown(caption: str, words: str, image: Floats, tones: tuple[float, float]) -> Drawing:
    height, width = image.shape[:2]
    colours = " in colour" if image.ndim == 3 else ""
    said = f"{words}: {height} × {width} pixels{colours}, {range_of(image)}."
    return _png(f"{caption}: {range_of(image)}", said, *_grey(image, *tones))


def _png(
    caption: str, words: str, pixels: Bytes, palette: Bytes | None, width: int = _PANEL
) -> Drawing:
    data = encode_png(pixels, palette)
    return Drawing(caption=caption, alt=words, media="image/png", width=width, data=_text(data))


def _svg(caption: str, words: str, svg: str, width: int) -> Drawing:
    data = _text(svg.encode())
    return Drawing(caption=caption, alt=words, media="image/svg+xml", width=width, data=data)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
