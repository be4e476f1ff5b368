"""Where images differ, and the drawing of it."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from grader.checks.picture import Images
from grader.checks.pictures import is_image, where_it_differs
from grader.drawing.poster import save_picture


def wrong_in(*region: Any, shape: tuple[int, ...] = (28, 28)) -> np.ndarray:
    wrong = np.zeros(shape, dtype=bool)
    wrong[region] = True
    return wrong


def border(width: int, shape: tuple[int, int] = (28, 28)) -> np.ndarray:
    wrong = np.ones(shape, dtype=bool)
    wrong[width:-width, width:-width] = False
    return wrong


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (wrong_in(...), "everywhere"),
        (wrong_in(0), "rows 0–0 and columns 0–27 (the top edge)"),
        (wrong_in(-1), "rows 27–27 and columns 0–27 (the bottom edge)"),
        (wrong_in(slice(3, 9), 0), "rows 3–8 and columns 0–0 (the left edge)"),
        (wrong_in(slice(None), -1), "rows 0–27 and columns 27–27 (the right edge)"),
        (wrong_in(slice(2, 5), slice(4, 9)), "rows 2–4 and columns 4–8"),
        (wrong_in(slice(1, -1), slice(1, -1)), "rows 1–26 and columns 1–26"),
        (wrong_in(4, 7), "only in row 4, column 7"),
        (border(1), "only in the outermost border of 1 pixel: look at the padding"),
        (border(3), "only in the outermost border of 3 pixels: look at the padding"),
        (border(1, (3, 5)), "only in the outermost border of 1 pixel: look at the padding"),
        (np.eye(28, dtype=bool), "rows 0–27 and columns 0–27"),
        (wrong_in(0, 0, shape=(1, 1)), "everywhere"),
    ],
    ids=[
        "all", "top", "bottom", "left", "right", "box", "inside", "pixel",
        "border", "wide border", "border of a small image", "diagonal", "one of one",
    ],
)  # fmt: skip
def test_where_an_image_differs_is_said_in_a_few_words(wrong: np.ndarray, where: str):
    """The region is named by its rows and columns, and by what it is."""
    assert where_it_differs(wrong) == where


@pytest.mark.parametrize(
    ("channels", "where"),
    [
        ([0, 1, 2], "rows 2–4 and columns 4–8"),
        ([1], "rows 2–4 and columns 4–8, in green only"),
        ([0, 2], "rows 2–4 and columns 4–8, in red and blue only"),
    ],
    ids=["all", "one", "two"],
)
def test_the_channels_that_differ_are_named(channels: list[int], where: str):
    """In a colour image the wrong channels are named when they are not all wrong."""
    wrong = np.zeros((28, 30, 3), dtype=bool)
    wrong[2:5, 4:9, channels] = True
    assert where_it_differs(wrong) == where


@pytest.mark.parametrize(
    ("value", "drawable"),
    [
        (np.zeros((2, 3)), True),
        (np.zeros((2, 3, 3), np.uint8), True),
        (np.zeros((2, 3), bool), True),
        (np.zeros((2, 3, 4)), False),
        (np.zeros(3), False),
        (np.zeros((0, 3)), False),
        (np.zeros((2, 3), complex), False),
        (np.zeros((2, 3), object), False),
        (np.ma.zeros((2, 3)), False),
        ([[1.0]], False),
        (None, False),
    ],
    ids=["grey", "colour", "mask", "alpha", "1-D", "empty", "complex", "object", "subclass",
         "list", "nothing"],
)  # fmt: skip
def test_what_counts_as_an_image(value: Any, drawable: bool):  # noqa: FBT001
    """An image is a plain array of real numbers, (H, W) or (H, W, 3)."""
    assert is_image(value) is drawable


RAMP = np.linspace(0, 1, 28 * 28).reshape(28, 28)
COLOURS = (np.indices((20, 30, 3)).sum(axis=0) * 4).astype(np.uint8)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (RAMP**2, RAMP),
        (RAMP, RAMP),
        (RAMP[1:, 2:], RAMP),
        (255 - COLOURS, COLOURS),
        (COLOURS, COLOURS[:, :, 0]),
        (np.where(RAMP > 0.5, np.nan, RAMP), RAMP),
        (np.full((3, 5), np.nan), np.full((3, 5), np.inf)),
        (np.full((3, 5), -1e308), np.array([[1e308] * 5, [-1e308] * 5, [0] * 5])),
        (np.full((4, 4), 2**64 - 1, np.uint64), np.zeros((4, 4), np.uint64)),
        (RAMP > 0.5, RAMP > 0.4),
        (RAMP.astype(np.longdouble) * np.longdouble("1e400"), RAMP.astype(np.longdouble)),
        (np.zeros((1, 1)), np.ones((1, 1))),
    ],
    ids=["different", "same", "shapes", "colour", "colour and grey", "NaN", "nothing finite",
         "huge", "uint64", "masks", "beyond float64", "one pixel"],
)  # fmt: skip
def test_every_pair_of_images_can_be_drawn(got: np.ndarray, expected: np.ndarray, tmp_path: Path):
    """Whatever the two images are, drawing them gives a PNG and no warning."""
    path = tmp_path / "picture.png"
    save_picture(Images(got, expected, name="edges of $x_1, 50 %"), path)
    assert path.read_bytes().startswith(b"\x89PNG\r\n")


def test_a_picture_shows_the_difference_in_colour(tmp_path: Path):
    """Too large is red, and where the two are the same nothing is coloured."""

    def colourfulness(got: np.ndarray) -> float:
        save_picture(Images(got, RAMP), tmp_path / "picture.png")
        drawn = imread(tmp_path / "picture.png")
        third = drawn[:, 2 * drawn.shape[1] // 3 : int(0.92 * drawn.shape[1])]
        return float((third[..., 0] - third[..., 2]).mean())

    assert colourfulness(RAMP) == pytest.approx(0, abs=0.01)
    assert colourfulness(RAMP + (RAMP > 0.5)) > 0.05


def test_drawing_leaves_the_global_state_of_matplotlib_alone(tmp_path: Path):
    """A student's own figures are not touched: pyplot is not even imported."""
    before = "matplotlib.pyplot" in sys.modules
    save_picture(Images(RAMP, RAMP), tmp_path / "picture.png")
    assert ("matplotlib.pyplot" in sys.modules) == before
