"""Hidden tests of images.py: other shapes, dtypes and memory layouts; copies; errors."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises, assert_unchanged

BYTES = np.arange(256, dtype=np.uint8)


@pytest.mark.task("to_float", points=1)
def test_every_byte_becomes_its_fraction_of_255(student):
    """Each of the 256 bytes becomes its 255th part, in a colour image too."""
    image = BYTES[:255].reshape(17, 5, 3)
    expected = np.array([k / 255 for k in range(255)]).reshape(17, 5, 3)
    assert_allclose(student.images.to_float(image), expected, name="image")


@pytest.mark.task("to_float", points=1)
def test_a_part_of_an_image_becomes_floats(student, rng):
    """A part of an image (a slice, every other pixel) becomes floats, the image stays."""
    image = rng.integers(0, 256, (9, 14), np.uint8)[::2, ::-1]
    result = assert_unchanged(student.images.to_float, image, names=("image",))
    expected = np.array([[int(pixel) / 255 for pixel in row] for row in image])
    assert_allclose(result, expected, name="image")


@pytest.mark.task("to_uint8", points=1)
def test_every_byte_comes_back(student):
    """All 256 bytes come back after they were floats."""
    image = BYTES.reshape(16, 8, 2)
    assert_allclose(
        student.images.to_uint8(image / 255.0),
        image,
        name="image",
        hint="to_uint8 undoes to_float: divide there and multiply here by the same number.",
    )


@pytest.mark.task("to_uint8", points=1)
def test_float32_and_integers_become_bytes(student):
    """float32 images and integer images of 0 and 1 become bytes as well."""
    to_uint8 = student.images.to_uint8
    single = (BYTES[::5] / np.float32(255)).astype(np.float32).reshape(4, 13)
    assert_allclose(to_uint8(single), BYTES[::5].reshape(4, 13), name="from float32: image")
    whole = np.array([[0, 1, 2], [-3, 1, 0]])
    expected = np.array([[0, 255, 255], [0, 255, 0]], np.uint8)
    assert_allclose(to_uint8(whole), expected, name="from int64: image")


@pytest.mark.task("to_uint8", points=1)
def test_the_floats_stay_as_they_were(student, rng):
    """The floats that were passed in are neither clipped nor scaled themselves."""
    image = rng.normal(0.5, 0.6, (12, 11))[1::2, ::-2]
    result = assert_unchanged(
        student.images.to_uint8,
        image,
        names=("image",),
        hint="`image *= 255` and `np.clip(..., out=image)` write into the caller's array.",
    )
    expected = np.array([[round(255 * min(max(x, 0.0), 1.0)) for x in row] for row in image])
    assert_allclose(result, expected.astype(np.uint8), name="image")


@pytest.mark.task("gray_to_rgb", points=1)
def test_the_dtype_of_a_grey_image_is_kept(student, rng):
    """Images that are not square keep their shape, and every dtype stays what it is."""
    for dtype in (np.uint8, np.int16, np.float32):
        image = rng.integers(0, 256, (10, 7)).astype(dtype)[::3, 1:]
        result = student.images.gray_to_rgb(image)
        expected = np.array([[[pixel] * 3 for pixel in row] for row in image], dtype)
        assert_allclose(result, expected, name=f"{image.dtype} image: rgb")


@pytest.mark.task("gray_to_rgb", points=1)
def test_the_colour_image_is_a_new_array(student, dataset):
    """The colour image is a new array and not a view of the grey one."""
    digit = dataset.test_images[5]
    result = assert_unchanged(
        student.images.gray_to_rgb,
        digit,
        names=("image",),
        hint="np.broadcast_to makes no new numbers; all three channels share the old ones.",
    )
    assert_allclose(result, np.stack([digit, digit, digit], axis=2), name="rgb")


@pytest.mark.task("zero_channel", points=1)
def test_any_channel_can_be_switched_off(student, rng):
    """Each channel of a four-channel float32 image can be switched off."""
    image = rng.uniform(0.1, 1, (3, 5, 4)).astype(np.float32)
    for channel in range(4):
        keep = np.array([c != channel for c in range(4)], np.float32)
        result = student.images.zero_channel(image, channel)
        assert_allclose(result, image * keep, name=f"without channel {channel}: image")


@pytest.mark.task("zero_channel", points=1)
def test_channels_that_do_not_exist_are_refused(student):
    """Channels -1 and C, and images without channels, are refused."""
    image = np.ones((2, 4, 3))
    zero_channel = student.images.zero_channel
    expected = np.ones((2, 4, 3))
    expected[..., 2] = 0
    assert_allclose(zero_channel(image, 2), expected, name="without the last channel: image")
    assert_raises(
        ValueError,
        zero_channel,
        image,
        -1,
        name="zero_channel(image, -1)",
        hint="Python takes -1 for the last channel and does not complain. You have to.",
    )
    assert_raises(
        ValueError,
        zero_channel,
        image,
        3,
        name="zero_channel(image, 3), of channels 0 to 2,",
        hint="numpy raises an IndexError; a ValueError with a sentence is asked for.",
    )
    assert_raises(ValueError, zero_channel, np.ones((4, 3)), 0, name="zero_channel of a grey image")


@pytest.mark.task("zero_channel", points=1)
def test_a_channel_is_switched_off_in_a_copy(student, rng):
    """An image with channels first in memory works, and stays as it was."""
    image = rng.integers(1, 256, (3, 6, 4), np.uint8).transpose(1, 2, 0)
    result = assert_unchanged(student.images.zero_channel, image, 1, names=("image",))
    expected = np.stack([image[..., 0], np.zeros((6, 4), np.uint8), image[..., 2]], axis=2)
    assert_allclose(result, expected, name="image")


def box_pixel_by_pixel(image, box, color):
    """Ask of each pixel whether it lies in the box."""
    top, left, height, width = box
    result = image.copy()
    for row, column in np.ndindex(*image.shape[:2]):
        if top <= row < top + height and left <= column < left + width:
            result[row, column] = color
    return result


@pytest.mark.task("draw_box", points=1)
def test_boxes_cross_every_border(student, rng):
    """Boxes that cross any border, or cover everything, are clipped."""
    image = rng.integers(0, 100, (5, 8), np.uint8)
    for box in [(-2, 3, 4, 2), (3, -1, 9, 3), (1, 6, 2, 7), (4, 7, 1, 1), (-5, -5, 99, 99)]:
        result = student.images.draw_box(image, *box, 200)
        assert_allclose(result, box_pixel_by_pixel(image, box, 200), name=f"box {box}: image")


@pytest.mark.task("draw_box", points=1)
def test_boxes_that_miss_the_image_draw_nothing(student, rng):
    """A box of size 0, or one beyond a border, gives a plain copy."""
    image = rng.integers(0, 100, (5, 8), np.uint8)
    draw_box = student.images.draw_box
    for box in [(-3, 0, 2, 8), (0, -9, 5, 4), (-2, 2, 2, 3), (5, 0, 2, 2), (1, 8, 2, 2)]:
        result = assert_unchanged(draw_box, image, *box, 200, names=("image",))
        assert_allclose(
            result,
            image,
            name=f"box {box}: image",
            hint="A box from row -3 to row -1 ends above the image, but image[0:-1] is "
            "nearly all of it: the end has to be clipped at 0 as well.",
        )
    corner = draw_box(image, 0, 0, 1, 1, 200)
    assert_allclose(
        corner, box_pixel_by_pixel(image, (0, 0, 1, 1), 200), name="box of one pixel: image"
    )
    assert_allclose(draw_box(image, 1, 1, 0, 3, 200), image, name="box of height 0: image")
    assert_allclose(draw_box(image, 1, 1, 3, 0, 200), image, name="box of width 0: image")


@pytest.mark.task("draw_box", points=1)
def test_boxes_that_make_no_sense_are_refused(student):
    """Negative sizes, and colours with too few numbers, are refused."""
    draw_box = student.images.draw_box
    gray, rgb = np.zeros((4, 6)), np.zeros((4, 6, 3))
    expected = np.zeros((4, 6))
    expected[2, 3:5] = 0.5
    assert_allclose(draw_box(gray, 2, 3, 1, 2, 0.5), expected, name="image")
    hint = "A slice that ends before it starts is merely empty; numpy does not complain."
    assert_raises(
        ValueError, draw_box, gray, 2, 3, -1, 2, 0.5, name="draw_box with height -1", hint=hint
    )
    assert_raises(
        ValueError, draw_box, gray, 2, 3, 1, -1, 0.5, name="draw_box with width -1", hint=hint
    )
    assert_raises(
        ValueError,
        draw_box,
        rgb,
        1,
        1,
        2,
        4,
        [0.1, 0.2],
        name="draw_box with 2 numbers for 3 channels",
    )
    assert_raises(
        ValueError, draw_box, np.zeros(6), 0, 0, 1, 1, 0.5, name="draw_box on a 1-D image"
    )


@pytest.mark.task("draw_box", points=1)
def test_a_coloured_box_keeps_the_dtype(student, rng):
    """A box in four channels keeps float32, in memory of any order."""
    image = rng.random((4, 12, 5)).astype(np.float32).transpose(1, 2, 0)[::2]
    box, color = (2, -1, 3, 4), [0.25, 0.5, 0.75, 1.0]
    result = assert_unchanged(student.images.draw_box, image, *box, color, names=("image",))
    assert_allclose(result, box_pixel_by_pixel(image, box, color), name="image")


@pytest.mark.task("to_channels_first", points=1)
def test_channels_come_first_in_any_batch(student, rng):
    """Batches of any shape, dtype and memory order work."""
    batches = [
        rng.integers(0, 256, (3, 4, 5, 2), np.uint8),
        rng.random((1, 6, 2, 3)).astype(np.float32),
        rng.random((4, 5, 3, 7))[::2, ::-1, :, 1:3],
        rng.random((2, 3, 4, 1)),
    ]
    for images in batches:
        result = student.images.to_channels_first(images)
        channels = [[image[:, :, c] for c in range(images.shape[3])] for image in images]
        assert_allclose(result, np.array(channels), name=f"shape {images.shape}: result")


@pytest.mark.task("to_channels_first", points=1)
def test_channels_come_first_in_a_new_array(student, rng):
    """The result is a copy, and a single image is refused."""
    images = rng.random((2, 3, 4, 3))
    to_channels_first = student.images.to_channels_first
    result = assert_unchanged(
        to_channels_first,
        images,
        names=("images",),
        hint="np.transpose and np.moveaxis move no number: the result is a view. Copy it.",
    )
    assert_allclose(result[1, 2], images[1, :, :, 2].copy(), name="channel 2 of image 1: result")
    assert_raises(
        ValueError, to_channels_first, images[0], name="to_channels_first of a (3, 4, 3) array"
    )


@pytest.mark.task("to_channels_last", points=1)
def test_channels_come_last_in_any_batch(student, rng):
    """Batches of any shape, dtype and memory order work."""
    batches = [
        rng.integers(0, 256, (3, 2, 4, 5), np.uint8),
        rng.random((1, 3, 6, 2)).astype(np.float32),
        rng.random((4, 7, 5, 3))[::2, 1:3, ::-1],
        rng.random((2, 1, 3, 4)),
    ]
    for images in batches:
        result = student.images.to_channels_last(images)
        pixels = [np.dstack(list(image)) for image in images]
        assert_allclose(result, np.array(pixels), name=f"shape {images.shape}: result")


@pytest.mark.task("to_channels_last", points=1)
def test_channels_come_last_in_a_new_array(student, rng):
    """The result is a copy, and a single image is refused."""
    images = rng.random((2, 3, 4, 5))
    to_channels_last = student.images.to_channels_last
    result = assert_unchanged(
        to_channels_last,
        images,
        names=("images",),
        hint="np.transpose and np.moveaxis move no number: the result is a view. Copy it.",
    )
    assert_allclose(result[1, 3], images[1, :, 3].T.copy(), name="row 3 of image 1: result")
    assert_raises(
        ValueError, to_channels_last, images[0], name="to_channels_last of a (3, 4, 5) array"
    )
