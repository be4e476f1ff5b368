"""Turn numbers into shades and colours, whatever the numbers are.

Trust: an array may hold NaN, infinities and numbers whose difference is no number.
Each function gives a picture for all of them, and no warning.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

NOT_A_NUMBER: Final = 255  # its place in both palettes
YELLOW: Final = (255, 212, 0)  # neither a grey nor a colour of a difference

_RED, _WHITE, _BLUE = np.array([[178, 24, 43], [247, 247, 247], [33, 102, 172]], np.float64)


def _diverging() -> Bytes:
    """Blue is too small, white is the same, red is too large."""
    ramp = np.linspace(0, 1, 128)[:, np.newaxis]
    below, above = _BLUE + (_WHITE - _BLUE) * ramp, _WHITE + (_RED - _WHITE) * ramp[1:]
    return np.vstack([below, above, [YELLOW]]).astype(np.uint8)


DIFFERENCES: Final = _diverging()  # 0 is the smallest, 127 the same, 254 the largest
GREYS: Final = np.vstack(
    [np.repeat(np.linspace(0, 255, 255)[:, np.newaxis], 3, axis=1), [YELLOW]]
).astype(np.uint8)


def as_floats(array: NDArray[Any]) -> Floats:
    """Return an array as floats, in which everything that is not finite is NaN."""
    with np.errstate(all="ignore"):
        floats = array.astype(np.float64)
    return np.where(np.isfinite(floats), floats, np.nan)


def scale(*images: Floats) -> tuple[float, float]:
    """Give the darkest and brightest value of the first image that is not one plain tone."""
    for image in images:
        finite = image[np.isfinite(image)]
        if finite.size and finite.min() < finite.max():
            return float(finite.min()), float(finite.max())
    tone = float(images[0][np.isfinite(images[0])].max(initial=0))
    return min(tone, 0.0), max(tone, 1.0)


def shades(image: Floats, low: float, high: float) -> Floats:
    """Return how bright each number is, from 0 to 1; NaN stays NaN."""
    # Halved first: the span of two huge floats is not always a float.
    span = high / 2 - low / 2
    if not span:  # two numbers so small that half of them is nothing
        return np.where(np.isnan(image), np.nan, 0.5)
    with np.errstate(over="ignore"):  # far beyond the span is as bright as can be
        return np.asarray(np.clip((image / 2 - low / 2) / span, 0, 1))


def difference(got: Floats, expected: Floats) -> Floats:
    """Subtract pixel by pixel; of three channels, the one that differs most counts."""
    with np.errstate(all="ignore"):
        signed = np.asarray(got - expected)
    signed[np.isnan(got) & np.isnan(expected)] = 0
    if signed.ndim == 2:
        return signed
    largest = np.argmax(np.where(np.isnan(signed), np.inf, np.abs(signed)), axis=2)
    picked = np.take_along_axis(signed, largest[:, :, np.newaxis], axis=2)
    return np.asarray(picked[:, :, 0])


def largest(array: Floats) -> float:
    """Return the largest magnitude among the finite numbers; 0 if there is none."""
    return float(np.max(np.abs(array[np.isfinite(array)]), initial=0))


def in_palette(shade: Floats) -> Bytes:
    """Return the place of each shade in a palette."""
    missing = ~np.isfinite(shade)
    places: Bytes = np.rint(np.where(missing, 0, shade) * (NOT_A_NUMBER - 1)).astype(np.uint8)
    places[missing] = NOT_A_NUMBER
    return places


def range_of(image: Floats) -> str:
    """Say from where to where the numbers of an image go."""
    finite = image[np.isfinite(image)]
    if not finite.size:
        return "no finite value"
    missing = image.size - finite.size
    nan = f", {missing} not finite (yellow)" if missing else ""
    return f"{finite.min():.4g} to {finite.max():.4g}{nan}"
