"""Public tests of convolution.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises, assert_unchanged

# The worked example of the handout.
IMAGE = np.array([[1, 2, 3, 4, 5], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])
KERNEL = np.array([[0, 1, 0], [1, 0, 1], [0, 2, 0]])
TURN = "Turn the kernel by 180 degrees, that is reverse both axes, before you lay it on the image."


@pytest.mark.task("output_size", points=1)
def test_a_kernel_has_fewer_positions_than_pixels(student):
    """A kernel of 3 has 26 positions on 28 pixels, and 28 after padding by 1."""
    output_size = student.convolution.output_size
    assert_allclose(
        output_size(28, 3),
        26,
        name="output_size(28, 3)",
        hint="On 4 pixels a kernel of 3 can start at 0 and at 1: two positions.",
    )
    assert_allclose(
        output_size(28, 3, padding=1),
        28,
        name="output_size(28, 3, padding=1)",
        hint="The padding is added at each end of the axis.",
    )


@pytest.mark.task("output_size", points=1)
def test_pixels_left_over_are_not_used(student):
    """Where the stride does not divide, the pixels left over are not used."""
    output_size = student.convolution.output_size
    hint = "The last position must lie inside altogether: round down, to an int (//)."
    assert_allclose(output_size(20, 5, stride=3), 6, name="output_size(20, 5, stride=3)", hint=hint)
    assert_allclose(output_size(9, 2, stride=4), 2, name="output_size(9, 2, stride=4)", hint=hint)


@pytest.mark.task("output_size", points=1)
def test_a_kernel_that_does_not_fit_is_refused(student):
    """A kernel of 3 fits on 3 pixels, once; on 2 pixels it is refused."""
    output_size = student.convolution.output_size
    assert_allclose(output_size(3, 3), 1, name="output_size(3, 3)")
    assert_raises(ValueError, output_size, 2, 3, name="output_size(2, 3)")


@pytest.mark.task("correlate2d", points=2)
def test_worked_example_of_correlation(student):
    """The worked example: multiply what lies on top of each other, and add up."""
    result = assert_unchanged(
        student.convolution.correlate2d, IMAGE, KERNEL, names=("image", "kernel")
    )
    assert_allclose(
        result,
        np.array([[44.0, 49.0, 54.0]]),
        name="result",
        hint="At the first position: 1*2 above, 1*7 and 1*9 beside, 2*13 below; together 44. "
        "Here the kernel is not turned.",
    )


@pytest.mark.task("correlate2d", points=1)
def test_a_kernel_need_not_be_square(student):
    """A kernel of one row takes differences; one of one column takes sums."""
    image = np.array([[1.0, 4.0, 9.0], [16.0, 25.0, 36.0]])
    correlate2d = student.convolution.correlate2d
    differences = correlate2d(image, np.array([[-1.0, 1.0]]))
    assert_allclose(
        differences,
        np.array([[3.0, 5.0], [9.0, 11.0]]),
        name="differences",
        hint="Rows and columns of the kernel have lengths of their own.",
    )
    sums = correlate2d(image, np.array([[1.0], [1.0]]))
    assert_allclose(sums, np.array([[17.0, 29.0, 45.0]]), name="sums")


@pytest.mark.task("correlate2d", points=1)
def test_a_stride_leaves_positions_out(student):
    """With a stride of 2 every other position counts, downwards and to the right."""
    image = np.arange(30.0).reshape(5, 6)
    assert_allclose(
        student.convolution.correlate2d(image, np.array([[1.0, 1.0]]), 2),
        np.array([[1.0, 5.0, 9.0], [25.0, 29.0, 33.0], [49.0, 53.0, 57.0]]),
        name="result",
        picture=True,
        hint="Output row r starts at image row r * stride, and columns do the same.",
    )


@pytest.mark.task("correlate2d", points=1)
def test_bytes_do_not_overflow(student):
    """Bytes do not overflow: 200 + 100 is 300, and 10 - 30 is -20."""
    image = np.array([[200, 100, 10, 30]], np.uint8)
    correlate2d = student.convolution.correlate2d
    hint = "A uint8 wraps around at 256 and below 0. Compute with float64 from the start."
    sums = correlate2d(image, np.array([[1, 1]], np.uint8))
    assert_allclose(sums, np.array([[300.0, 110.0, 40.0]]), name="sums", hint=hint)
    differences = correlate2d(image, np.array([[1, -1]], np.int8))
    assert_allclose(differences, np.array([[100.0, 90.0, -20.0]]), name="differences", hint=hint)


@pytest.mark.task("correlate2d", points=1)
def test_a_kernel_larger_than_the_image_is_refused(student):
    """A kernel as large as the image fits once; a larger one is refused."""
    correlate2d = student.convolution.correlate2d
    assert_allclose(correlate2d(IMAGE, np.ones((3, 5))), np.array([[130.0]]), name="sum")
    assert_raises(
        ValueError,
        correlate2d,
        IMAGE,
        np.ones((4, 1)),
        name="correlate2d with a kernel taller than the image",
    )


@pytest.mark.task("convolve2d", points=1)
def test_a_single_bright_pixel_shows_the_kernel(student):
    """Convolving a single bright pixel gives the kernel itself."""
    image = np.zeros((5, 5))
    image[2, 2] = 1.0
    kernel = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
    expected = np.zeros((5, 5))
    expected[1:4, 1:4] = kernel
    assert_allclose(
        student.convolution.convolve2d(image, kernel),
        expected,
        name="result",
        picture=True,
        hint="A correlation would give the kernel turned by 180 degrees. " + TURN,
    )


@pytest.mark.task("convolve2d", points=2)
def test_worked_example_of_convolution(student):
    """The worked example, padded with zeros."""
    expected = np.array(
        [
            [9.0, 12.0, 15.0, 18.0, 15.0],
            [22.0, 33.0, 38.0, 43.0, 36.0],
            [27.0, 42.0, 46.0, 50.0, 37.0],
        ]
    )
    convolve2d = student.convolution.convolve2d
    result = assert_unchanged(convolve2d, IMAGE, KERNEL, names=("image", "kernel"))
    assert_allclose(result, expected, name="result", hint=TURN)


@pytest.mark.task("convolve2d", points=1)
def test_worked_example_without_padding(student):
    """The worked example without padding: only where the whole kernel fits."""
    result = student.convolution.convolve2d(IMAGE, KERNEL, padding="valid")
    assert_allclose(result, np.array([[33.0, 38.0, 43.0]]), name="result", hint=TURN)


@pytest.mark.task("convolve2d", points=1)
def test_worked_example_in_a_mirror(student):
    """The worked example, padded by reflection."""
    expected = np.array(
        [
            [25.0, 28.0, 33.0, 38.0, 41.0],
            [30.0, 33.0, 38.0, 43.0, 46.0],
            [47.0, 50.0, 55.0, 60.0, 63.0],
        ]
    )
    result = student.convolution.convolve2d(IMAGE, KERNEL, padding="reflect")
    assert_allclose(
        result, expected, name="result", hint="The mirror does not repeat the edge (see pad2d)."
    )


@pytest.mark.task("convolve2d", points=1)
def test_a_digit_is_blurred(student, dataset):
    """A box blur replaces each pixel of a digit by the mean of the 9 around it."""
    digit = dataset.train_images[2]
    framed = np.zeros((30, 30))
    framed[1:-1, 1:-1] = digit
    neighbours = [framed[i : i + 28, j : j + 28] for i in range(3) for j in range(3)]
    assert_allclose(
        student.convolution.convolve2d(digit, np.full((3, 3), 1 / 9)),
        np.mean(neighbours, axis=0),
        name="blurred digit",
        hint="The digit is made of bytes: the result needs its own dtype.",
        picture=True,
    )


@pytest.mark.task("convolve_image", points=1)
def test_each_channel_is_convolved_by_itself(student):
    """Each channel gives what it would give alone; channels do not mix."""
    zeros = [[9, 12, 15, 18, 15], [22, 33, 38, 43, 36], [27, 42, 46, 50, 37]]
    image = np.stack([IMAGE, 10 * IMAGE, -IMAGE], axis=2)
    expected = np.stack([np.array(zeros) * factor for factor in (1.0, 10.0, -1.0)], axis=2)
    assert_allclose(
        student.convolution.convolve_image(image, KERNEL),
        expected,
        name="image",
        hint="image[:, :, c] is channel c; stack the results along the last axis.",
    )


@pytest.mark.task("convolve_image", points=1)
def test_a_colour_image_is_shifted(student):
    """A kernel with a single 1 beside its middle shifts a colour image to the right."""
    image = np.array([[[1, 2, 3], [4, 5, 6]], [[250, 251, 252], [7, 8, 9]]], np.uint8)
    expected = np.array([[[0, 0, 0], [1, 2, 3]], [[0, 0, 0], [250, 251, 252]]], float)
    kernel = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]])
    result = assert_unchanged(
        student.convolution.convolve_image, image, kernel, names=("image", "kernel")
    )
    assert_allclose(result, expected, name="image", hint="Unturned, it shifts to the left.")
