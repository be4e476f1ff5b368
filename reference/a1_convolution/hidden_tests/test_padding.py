"""Hidden tests of padding.py: any shape, dtype and memory layout, and every limit."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises, assert_unchanged

NUMPY_MODES = {"zero": "constant", "reflect": "reflect"}


def pad_with_numpy(image, pad_height, pad_width, mode):
    """Pad with numpy, which students may not use."""
    frame = [(pad_height, pad_height), (pad_width, pad_width)]
    return np.pad(image, frame, mode=NUMPY_MODES[mode])


@pytest.mark.task("pad2d", points=1)
@pytest.mark.parametrize("mode", ["zero", "reflect"])
def test_images_that_are_not_square_are_padded(student, rng, mode):
    """Wide and tall images are padded by a different number of rows and columns."""
    for shape, pads in [((4, 9), (3, 1)), ((9, 4), (2, 3)), ((6, 5), (0, 2)), ((5, 6), (4, 0))]:
        image = rng.normal(size=shape)
        result = student.padding.pad2d(image, *pads, mode)
        expected = pad_with_numpy(image, *pads, mode)
        assert_allclose(result, expected, name=f"shape {shape} by {pads}: padded")


@pytest.mark.task("pad2d", points=1)
def test_the_padded_image_keeps_its_dtype(student, rng):
    """uint8, int16 and float32 stay what they are, in both modes."""
    for dtype, mode in [(np.uint8, "zero"), (np.int16, "reflect"), (np.float32, "zero")]:
        image = rng.integers(0, 256, (4, 6)).astype(dtype)
        result = student.padding.pad2d(image, 2, 1, mode)
        assert_allclose(
            result,
            pad_with_numpy(image, 2, 1, mode),
            name=f"{image.dtype} image: padded",
            hint="np.zeros makes float64 unless it is told the dtype.",
        )


@pytest.mark.task("pad2d", points=1)
def test_the_farthest_mirror(student, rng):
    """A reflected pad may be one smaller than its axis, and no larger."""
    image = rng.normal(size=(3, 5))
    pad2d = student.padding.pad2d
    expected = pad_with_numpy(image, 2, 4, "reflect")
    assert_allclose(pad2d(image, 2, 4, "reflect"), expected, name="padded")
    hint = "Each axis has a limit of its own: its length - 1."
    assert_raises(
        ValueError,
        pad2d,
        image,
        3,
        1,
        "reflect",
        name="pad2d of 3 rows, reflected by 3,",
        hint=hint,
    )
    assert_raises(
        ValueError,
        pad2d,
        image,
        1,
        5,
        "reflect",
        name="pad2d of 5 columns, reflected by 5,",
        hint=hint,
    )


@pytest.mark.task("pad2d", points=1)
def test_a_frame_of_zeros_may_be_wide(student):
    """A frame of zeros may be wider than the image."""
    expected = np.zeros((7, 11), np.int16)
    expected[3, 5] = -7
    result = student.padding.pad2d(np.array([[-7]], np.int16), 3, 5)
    assert_allclose(result, expected, name="padded")


@pytest.mark.task("pad2d", points=1)
def test_padding_makes_a_new_array(student, rng):
    """The result is new even when nothing is added, and slices can be padded."""
    image = rng.integers(0, 256, (9, 12), np.uint8)[::2, ::-3]
    for pads, mode in [((0, 0), "zero"), ((0, 0), "reflect"), ((2, 3), "reflect")]:
        result = assert_unchanged(student.padding.pad2d, image, *pads, mode, names=("image",))
        assert_allclose(
            result, pad_with_numpy(image, *pads, mode), name=f"by {pads}, {mode}: padded"
        )


@pytest.mark.task("pad2d", points=1)
def test_a_digit_between_mirrors(student, reference, dataset):
    """A digit is mirrored on all four sides."""
    digit = dataset.test_images[7]
    result = student.padding.pad2d(digit, 5, 9, "reflect")
    assert_allclose(
        result, reference.padding.pad2d(digit, 5, 9, "reflect"), name="padded", picture=True
    )
    middle = result[5:-5]
    assert_allclose(middle[:, :9], digit[:, 9:0:-1].copy(), name="left of the digit: frame")
    assert_allclose(middle[:, -9:], digit[:, -2:-11:-1].copy(), name="right of the digit: frame")


@pytest.mark.task("pad2d", points=1)
def test_what_cannot_be_padded_is_refused(student):
    """Negative pads on either axis, unknown modes, and colour images are refused."""
    pad2d = student.padding.pad2d
    image = np.ones((4, 4))
    assert_allclose(pad2d(image, 0, 1), np.pad(image, [(0, 0), (1, 1)]), name="padded")
    for mode in NUMPY_MODES:
        assert_raises(ValueError, pad2d, image, -1, 1, mode, name=f"pad2d by -1 rows ({mode})")
        assert_raises(ValueError, pad2d, image, 1, -1, mode, name=f"pad2d by -1 columns ({mode})")
    assert_raises(ValueError, pad2d, image, 1, 1, "wrap", name="pad2d with mode='wrap'")
    assert_raises(ValueError, pad2d, np.ones((4, 4, 3)), 1, 1, name="pad2d of a (4, 4, 3) image")
