"""Drawing what checks hand over: small files, whatever the numbers are."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from matplotlib.image import imread

from grader.checks.picture import Confusion, Curves, Example, GradientMap, Images
from grader.drawing.draw import draw
from grader.drawing.png import encode_png
from grader.drawing.shades import DIFFERENCES, GREYS
from grader.results import Drawing

RAMP = np.linspace(0, 1, 28 * 28).reshape(28, 28)


def decode(drawing: Drawing) -> np.ndarray:
    """Return the colours of a PNG, (H, W, 3) from 0 to 255."""
    assert drawing.media == "image/png"
    pixels = imread(io.BytesIO(base64.b64decode(drawing.data)), format="png")
    pixels = np.rint(255 * pixels).astype(int)
    return pixels[..., :3] if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def parse(drawing: Drawing) -> ET.Element:
    """Return an SVG's tree; this fails where it is not well-formed."""
    assert drawing.media == "image/svg+xml"
    return ET.fromstring(base64.b64decode(drawing.data))  # noqa: S314  (our own)


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (5, 3, 3), (64, 64)])
def test_a_png_holds_the_pixels(shape):
    """Whatever is written can be read back, grey, in colour or through a palette."""
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    read = np.rint(255 * imread(io.BytesIO(encode_png(pixels)), format="png"))
    assert np.array_equal(read, pixels)
    if pixels.ndim == 2:
        read = imread(io.BytesIO(encode_png(pixels, DIFFERENCES)), format="png")
        assert np.array_equal(np.rint(255 * read[..., :3]), DIFFERENCES[pixels])


def test_both_palettes_run_from_end_to_end():
    """The middle of a difference is white, and NaN has a colour of its own."""
    assert DIFFERENCES.shape == GREYS.shape == (256, 3)
    assert tuple(DIFFERENCES[127]) == (247, 247, 247)
    assert DIFFERENCES[0][2] > DIFFERENCES[0][0]
    assert DIFFERENCES[254][0] > DIFFERENCES[254][2]
    assert tuple(DIFFERENCES[255]) == tuple(GREYS[255]) == (255, 212, 0)


def test_images_are_drawn_beside_each_other_on_one_scale():
    """What is too bright looks too bright; the difference is red where it is too large."""
    got = RAMP.copy()
    got[0, 0], got[27, 27], got[3, 3] = 2.0, 0.0, np.nan
    shown, expected, difference = draw(Images(got, RAMP, "blurred"))
    assert decode(expected)[0, 0, 0] == 0
    assert decode(expected)[27, 27, 0] == 255
    assert decode(shown)[0, 0, 0] == 255
    assert tuple(decode(shown)[3, 3]) == (255, 212, 0)
    red, green, blue = decode(difference)[0, 0]
    assert red > green
    assert red > blue
    assert tuple(decode(difference)[9, 9]) == (247, 247, 247)
    assert shown.caption == "got: 0 to 2, 1 not finite (yellow)"
    assert shown.alt == "What came out: 28 × 28 pixels, 0 to 2, 1 not finite (yellow)."
    assert difference.alt.startswith("The difference: 3 of 784 differ")


def test_images_of_different_shapes_have_no_difference():
    """There is nothing to subtract."""
    assert len(draw(Images(RAMP[1:], RAMP))) == 2


def test_a_large_image_is_drawn_small():
    """A page stays small, whatever a student's function returns."""
    noise = np.random.default_rng(1).integers(0, 256, (1000, 700, 3), np.uint8)
    panels = draw(Images(noise, noise[::-1]))
    assert all(max(decode(panel).shape) <= 128 for panel in panels)
    assert sum(len(panel.data) for panel in panels) < 150_000


def gradient(got: np.ndarray, measured: np.ndarray, shape: tuple[int, ...]) -> GradientMap:
    """Return a map of the first elements of a gradient."""
    rows, columns = (np.arange(length) for length in got.shape)
    return GradientMap(
        got=got, measured=measured, rows=rows, columns=columns, shape=shape, name="dw"
    )


def test_a_gradient_is_drawn_with_its_measurement_and_their_difference():
    """The three are on scales around zero; a kink is yellow."""
    measured = np.array([[1.0, -2.0], [np.nan, 0.0]])
    got = np.array([[-1.0, 2.0], [5.0, 0.0]])
    mine, theirs, difference = draw(gradient(got, measured, (2, 2)))
    assert [each.caption for each in (mine, theirs)] == ["dw", "central differences"]
    assert np.array_equal(decode(mine)[0, 1], DIFFERENCES[254])
    assert np.array_equal(decode(theirs)[0, 1], DIFFERENCES[0])
    assert tuple(decode(difference)[1, 0]) == (255, 212, 0)
    assert "at rows" not in mine.alt
    assert "at rows 0, 1 and columns 0, 1" in draw(gradient(measured, measured, (9, 2)))[0].alt


def test_a_curve_is_drawn_from_its_first_number_to_its_last():
    """The lowest number is at the bottom; what is expected is dashed."""
    (plot,) = draw(Curves(np.array([4.0, 2.0, 1.0]), np.array([3.0, 2.0, 1.0]), "history"))
    tree = parse(plot)
    paths = {each.get("class"): each.get("d") for each in tree.iter() if each.get("d")}
    assert set(paths) == {"got", "expected"}
    x, y = np.array(re.findall(r"[ML]([\d.]+) ([\d.]+)", paths["got"]), dtype=float).T
    assert list(x) == sorted(x)
    assert list(y) == sorted(y)
    assert plot.caption == "history; expected is dashed"
    assert plot.alt == "history: 3 numbers, 1 to 4; expected 3 numbers, 1 to 3."


def test_a_curve_has_a_gap_where_a_number_is_missing():
    """The pen is lifted for NaN."""
    (plot,) = draw(Curves(np.array([1.0, 2.0, np.nan, 3.0, 4.0])))
    (path,) = (each.get("d") for each in parse(plot).iter() if each.get("d"))
    assert path.count("M") == 2
    assert "first 1, last 4" in plot.alt


def test_a_long_curve_is_drawn_by_means():
    """A million steps are no more to look at than a hundred."""
    (plot,) = draw(Curves(np.linspace(3, 0, 1_000_000)))
    assert len(plot.data) < 10_000


def test_what_was_taken_for_what_is_a_table():
    """Each count stands in its cell, and the words say what was mistaken most often."""
    counts = np.array([[8, 2], [1, 9]])
    example = Example(RAMP, 0, 1)
    table, image = draw(Confusion(counts, (example,)))
    assert {"8", "2", "1", "9"} <= {each.text for each in parse(table).iter() if each.text}
    assert table.alt == (
        "A table of all classes. Most often mistaken: 0 taken for 1 (2 times),"
        " 1 taken for 0 (once)."
    )
    assert image.caption == "0, taken for 1"
    assert decode(image).shape == (28, 28, 3)
    assert "Nothing was mistaken" in draw(Confusion(np.diag([3, 4])))[0].alt


def test_very_many_classes_have_no_table():
    """Nobody would read it."""
    assert draw(Confusion(np.ones((100, 100), np.int64))) == ()


NUMBERS = st.sampled_from(["bool", "uint8", "int64", "uint64", "float16", "float32", "float64"])
SIZES = arrays.array_shapes(min_dims=2, max_dims=2, max_side=7)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_picture_can_be_drawn(data):
    """Whatever the numbers are, there are panels with words, small, and no warning."""
    shape = data.draw(SIZES)
    got, other = (
        data.draw(arrays.arrays(data.draw(NUMBERS), data.draw(st.sampled_from([shape, (3, 2)]))))
        for _ in range(2)
    )
    floats = [np.nan_to_num(each.astype(np.float64), posinf=np.nan) for each in (got, got[::-1])]
    colour = np.repeat(got[..., None], 3, axis=2)
    pictures = [
        Images(got, other),
        Images(colour, got),
        Images(colour, colour[::-1]),
        Curves(np.resize(got, 9), other.ravel() if other.size > 1 else None),
        gradient(floats[0], floats[1], shape),
        Confusion(np.ones((3, 3), np.int64), (Example(colour, 1, 2), Example(got, 0, 2))),
    ]
    for picture in pictures:
        panels = draw(picture)
        assert panels
        for panel in panels:
            assert panel.alt
            assert len(panel.data) < 20_000
            decode(panel) if panel.media == "image/png" else parse(panel)


def test_a_name_cannot_leave_a_curve():
    """What a check calls a curve is text in it."""
    (plot,) = draw(Curves(np.arange(3.0), None, '</title><script>"&'))
    assert "script" not in {each.tag.rpartition("}")[2] for each in parse(plot).iter()}
