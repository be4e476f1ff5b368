"""Public tests of images.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises, assert_unchanged

# A red, a green / a blue, a white pixel: shape (2, 2, 3).
FOUR_COLORS = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], np.uint8)


@pytest.mark.task("to_float", points=1)
def test_black_becomes_0_and_white_becomes_1(student):
    """Black becomes 0.0, white becomes 1.0."""
    image = np.array([[0, 51, 102], [153, 204, 255]], np.uint8)
    expected = np.array([[0.0, 0.2, 0.4], [0.6, 0.8, 1.0]])
    assert_allclose(
        student.images.to_float(image),
        expected,
        name="image",
        hint="255, not 256, is white. Which number must it be divided by to become exactly 1?",
    )


@pytest.mark.task("to_float", points=1)
def test_a_digit_becomes_floats(student, dataset):
    """A handwritten digit becomes floats from 0 to 1, and the original stays as it was."""
    digit = dataset.train_images[0]
    result = assert_unchanged(student.images.to_float, digit, names=("image",))
    assert_allclose(result, digit / 255.0, name="digit", picture=True)


@pytest.mark.task("to_uint8", points=1)
def test_floats_become_bytes(student):
    """0.0 becomes 0 and 1.0 becomes 255, as bytes."""
    image = np.array([[0.0, 0.2, 0.4], [0.6, 0.8, 1.0]])
    expected = np.array([[0, 51, 102], [153, 204, 255]], np.uint8)
    assert_allclose(
        student.images.to_uint8(image),
        expected,
        name="image",
        hint="Multiply, round, and only then turn the result into np.uint8.",
    )


@pytest.mark.task("to_uint8", points=1)
def test_bytes_are_rounded_to_the_nearest(student):
    """Values between two bytes go to the nearer one."""
    image = np.array([[0.003, 0.31, 0.498, 0.999]])  # times 255: 0.765 79.05 126.99 254.745
    assert_allclose(
        student.images.to_uint8(image),
        np.array([[1, 79, 127, 255]], np.uint8),
        name="image",
        hint="Turning a float into an integer cuts the fraction off: 254.745 becomes 254.",
    )


@pytest.mark.task("to_uint8", points=1)
def test_values_outside_0_to_1_are_clipped(student):
    """Too dark becomes black, too bright becomes white."""
    image = np.array([[-0.4, -0.01, 0.4], [1.0, 1.2, 3.0]])
    expected = np.array([[0, 0, 102], [255, 255, 255]], np.uint8)
    assert_allclose(
        student.images.to_uint8(image),
        expected,
        name="image",
        hint="A byte cannot hold 306 or -102 and wraps around. Clip before you convert.",
    )


@pytest.mark.task("gray_to_rgb", points=1)
def test_each_channel_holds_the_grey_image(student):
    """Red, green and blue all hold the grey image."""
    image = np.array([[0, 100, 200], [50, 150, 250]], np.uint8)
    expected = np.array(
        [
            [[0, 0, 0], [100, 100, 100], [200, 200, 200]],
            [[50, 50, 50], [150, 150, 150], [250, 250, 250]],
        ],
        np.uint8,
    )
    assert_allclose(
        student.images.gray_to_rgb(image),
        expected,
        name="rgb",
        hint="The channels come last: rgb[row, column] is a pixel, three equal numbers.",
    )


@pytest.mark.task("gray_to_rgb", points=1)
def test_a_colour_image_is_not_grey(student):
    """A one-pixel image works; an image that has channels already is refused."""
    gray_to_rgb = student.images.gray_to_rgb
    assert_allclose(gray_to_rgb(np.array([[0.5]])), np.array([[[0.5, 0.5, 0.5]]]), name="rgb")
    assert_raises(
        ValueError,
        gray_to_rgb,
        FOUR_COLORS,
        name="gray_to_rgb of a (2, 2, 3) image",
        hint="image.ndim says how many axes an array has.",
    )


@pytest.mark.task("zero_channel", points=1)
def test_one_channel_is_switched_off(student):
    """Without green, yellow is left red and white is left magenta."""
    image = np.array([[[255, 255, 0], [0, 255, 0]], [[10, 20, 30], [255, 255, 255]]], np.uint8)
    expected = np.array([[[255, 0, 0], [0, 0, 0]], [[10, 0, 30], [255, 0, 255]]], np.uint8)
    assert_allclose(
        student.images.zero_channel(image, 1),
        expected,
        name="image",
        hint="The channel is the third index; the first two choose the pixel.",
    )


@pytest.mark.task("zero_channel", points=1)
def test_the_coloured_original_stays_as_it_was(student):
    """The image that was passed in keeps its colours."""
    result = assert_unchanged(student.images.zero_channel, FOUR_COLORS, 0, names=("image",))
    expected = np.array([[[0, 0, 0], [0, 255, 0]], [[0, 0, 255], [0, 255, 255]]], np.uint8)
    assert_allclose(result, expected, name="image")


@pytest.mark.task("draw_box", points=1)
def test_a_box_is_filled(student):
    """A box of 2 rows and 3 columns is filled."""
    expected = np.array(
        [
            [1, 1, 1, 1, 1],
            [1, 9, 9, 9, 1],
            [1, 9, 9, 9, 1],
            [1, 1, 1, 1, 1],
        ],
        np.uint8,
    )
    image = np.ones((4, 5), np.uint8)
    assert_allclose(
        assert_unchanged(student.images.draw_box, image, 1, 1, 2, 3, 9, names=("image",)),
        expected,
        name="image",
        hint="Rows first, then columns. The box ends before row top + height.",
    )


@pytest.mark.task("draw_box", points=1)
def test_a_box_is_clipped_to_the_image(student):
    """Of a box that starts outside, only the part inside is drawn."""
    expected = np.array([[7, 7, 0, 0], [7, 7, 0, 0], [0, 0, 0, 0]])
    assert_allclose(
        student.images.draw_box(np.zeros((3, 4), int), -1, -2, 3, 4, 7),
        expected,
        name="box over the upper left corner: image",
        picture=True,
        hint="image[-1:2] does not start above the image: -1 is the last row.",
    )
    expected = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 7]])
    assert_allclose(
        student.images.draw_box(np.zeros((3, 4), int), 2, 3, 5, 6, 7),
        expected,
        name="box over the lower right corner: image",
    )


@pytest.mark.task("draw_box", points=1)
def test_a_box_has_a_colour(student):
    """On a colour image the box takes one number for each channel."""
    image = np.zeros((2, 3, 3), np.uint8)
    expected = np.zeros((2, 3, 3), np.uint8)
    expected[0, 1] = expected[0, 2] = (255, 160, 30)
    result = student.images.draw_box(image, 0, 1, 1, 2, [255, 160, 30])
    assert_allclose(result, expected, name="image")


@pytest.mark.task("to_channels_first", points=1)
def test_the_pixels_of_one_colour_come_together(student):
    """Two pixels of three channels become three channels of two pixels."""
    images = np.array([[[[1, 10, 100], [2, 20, 200]]]])
    assert_allclose(
        student.images.to_channels_first(images),
        np.array([[[[1, 2]], [[10, 20]], [[100, 200]]]]),
        name="images",
        hint="reshape keeps the numbers in their order and only cuts them up anew. "
        "Which numpy function lets axes change places?",
    )


@pytest.mark.task("to_channels_first", points=1)
def test_digits_keep_their_shape_when_channels_come_first(student, dataset):
    """Digits in three colours can still be read, channel by channel."""
    red = dataset.train_images[:4]
    images = np.stack([red, red // 2, 255 - red], axis=-1)
    result = assert_unchanged(student.images.to_channels_first, images, names=("images",))
    expected = np.array([[image, image // 2, 255 - image] for image in red])
    assert_allclose(
        result,
        expected,
        name="images",
        hint="The rows must stay rows: (N, H, W, C) becomes (N, C, H, W), not (N, C, W, H).",
    )


@pytest.mark.task("to_channels_last", points=1)
def test_the_colours_of_one_pixel_come_together(student):
    """Three channels of two pixels become two pixels of three channels."""
    images = np.array([[[[1, 2]], [[10, 20]], [[100, 200]]]])
    assert_allclose(
        student.images.to_channels_last(images),
        np.array([[[[1, 10, 100], [2, 20, 200]]]]),
        name="images",
        hint="The second axis must become the last one, and H and W must not swap.",
    )


@pytest.mark.task("to_channels_last", points=1)
def test_digits_keep_their_shape_when_channels_come_last(student, dataset):
    """Digits in three colours can still be read, pixel by pixel."""
    red = dataset.train_images[:4]
    images = np.array([[image, image // 2, 255 - image] for image in red])
    result = assert_unchanged(student.images.to_channels_last, images, names=("images",))
    assert_allclose(result, np.stack([red, red // 2, 255 - red], axis=-1), name="images")
