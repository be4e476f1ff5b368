"""Hidden tests of convolution.py: shapes, strides, even kernels, dtypes, memory, errors."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from grader.checks import assert_allclose, assert_raises, assert_unchanged

NUMPY_MODES = {"zero": "constant", "reflect": "reflect"}


def correlate_by_windows(image, kernel, stride=1):
    """Correlate by the definition: one window for each position."""
    windows = sliding_window_view(image.astype(np.float64), kernel.shape)[::stride, ::stride]
    return np.einsum("rcij,ij->rc", windows, kernel.astype(np.float64))


def convolve_by_windows(image, kernel, padding="zero"):
    """Convolve by the definition, with a frame that numpy makes."""
    if padding != "valid":
        frame = [(length // 2, (length - 1) // 2) for length in kernel.shape]
        image = np.pad(image, frame, mode=NUMPY_MODES[padding])
    return correlate_by_windows(image, np.rot90(kernel, 2))


@pytest.mark.task("output_size", points=1)
def test_positions_are_counted_on_any_axis(student, rng):
    """On axes of any length the size is the number of positions."""
    for _ in range(12):
        size, kernel, stride, padding = (int(rng.integers(1, top)) for top in (30, 8, 6, 5))
        kernel = min(kernel, size)
        positions = range(0, size + 2 * padding - kernel + 1, stride)
        assert_allclose(
            student.convolution.output_size(size, kernel, stride, padding),
            len(positions),
            name=f"output_size({size}, {kernel}, {stride}, {padding})",
        )


@pytest.mark.task("output_size", points=1)
def test_sizes_in_well_known_networks(student):
    """The first layers of AlexNet and ResNet have 55 and 112 positions."""
    output_size = student.convolution.output_size
    assert_allclose(output_size(227, 11, 4), 55, name="output_size(227, 11, 4)")
    assert_allclose(output_size(224, 7, 2, 3), 112, name="output_size(224, 7, 2, 3)")
    assert_allclose(output_size(7, 3, stride=10), 1, name="output_size(7, 3, stride=10)")


@pytest.mark.task("output_size", points=1)
def test_senseless_sizes_are_refused(student):
    """Sizes and strides below 1, and negative paddings, are refused."""
    output_size = student.convolution.output_size
    assert_allclose(output_size(1, 1, 1, 0), 1, name="output_size(1, 1, 1, 0)")
    assert_raises(ValueError, output_size, 0, 1, 1, 1, name="output_size with size 0")
    assert_raises(ValueError, output_size, 5, 0, name="output_size with kernel_size 0")
    assert_raises(ValueError, output_size, 5, 3, 0, name="output_size with stride 0")
    assert_raises(ValueError, output_size, 5, 3, -1, name="output_size with stride -1")
    assert_raises(ValueError, output_size, 5, 3, 1, -1, name="output_size with padding -1")


@pytest.mark.task("output_size", points=1)
def test_the_padded_axis_must_hold_the_kernel(student):
    """A kernel longer than the axis fits when the padding makes room for it."""
    output_size = student.convolution.output_size
    assert_allclose(output_size(5, 7, padding=1), 1, name="output_size(5, 7, padding=1)")
    assert_raises(ValueError, output_size, 4, 7, padding=1, name="output_size(4, 7, padding=1)")
    assert_raises(
        ValueError,
        output_size,
        2,
        3,
        stride=2,
        name="output_size(2, 3, stride=2)",
        hint="-1 // 2 + 1 is 0: a kernel that does not fit can hide behind a stride.",
    )


@pytest.mark.task("correlate2d", points=1)
@pytest.mark.parametrize(("shape", "kernel_shape"), [((8, 5), (2, 4)), ((4, 9), (3, 1))])
def test_nothing_need_be_square(student, rng, shape, kernel_shape):
    """Images and kernels of any shape are correlated."""
    image, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
    assert_allclose(
        student.convolution.correlate2d(image, kernel),
        correlate_by_windows(image, kernel),
        name=f"image {shape}, kernel {kernel_shape}: result",
    )


@pytest.mark.task("correlate2d", points=1)
def test_a_stride_need_not_divide(student, rng):
    """Strides that do not divide leave rows and columns over; stride is the same for both."""
    for shape, kernel_shape, stride in [
        ((8, 11), (3, 2), 2),
        ((10, 6), (2, 3), 3),
        ((4, 9), (3, 3), 7),
    ]:
        image, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
        assert_allclose(
            student.convolution.correlate2d(image, kernel, stride=stride),
            correlate_by_windows(image, kernel, stride),
            name=f"image {shape}, kernel {kernel_shape}, stride {stride}: result",
        )


@pytest.mark.task("correlate2d", points=1)
def test_integers_give_what_floats_give(student, rng):
    """Integers of any size give the numbers that their float64 copies give."""
    for dtype in (np.uint8, np.int16, np.int64):
        largest = np.iinfo(dtype).max if dtype != np.int64 else 2**31
        image = rng.integers(largest // 2, largest, (5, 4)).astype(dtype)
        kernel = rng.integers(-100, 100, (2, 3)).astype(np.int8)
        assert_allclose(
            student.convolution.correlate2d(image, kernel),
            correlate_by_windows(image, kernel),
            name=f"{image.dtype} image: result",
            hint="Convert the image and the kernel before the first product, not after the sum.",
        )


@pytest.mark.task("correlate2d", points=1)
def test_float32_is_computed_in_float64(student, rng):
    """A float32 image loses no further digits: the result is float64."""
    image = rng.normal(size=(6, 7)).astype(np.float32)
    kernel = rng.normal(size=(3, 2)).astype(np.float32)
    assert_allclose(
        student.convolution.correlate2d(image, kernel),
        correlate_by_windows(image, kernel),
        name="result",
    )


@pytest.mark.task("correlate2d", points=1)
def test_slices_are_correlated(student, rng):
    """Slices of larger arrays work, and stay as they were."""
    image = rng.normal(size=(14, 9))[::-2, 1:]
    kernel = rng.normal(size=(4, 6)).T[::2, 1:]
    result = assert_unchanged(
        student.convolution.correlate2d, image, kernel, names=("image", "kernel")
    )
    assert_allclose(result, correlate_by_windows(image, kernel), name="result")


@pytest.mark.task("correlate2d", points=1)
def test_what_cannot_be_correlated_is_refused(student):
    """Kernels that are too wide or too tall, and arrays that are not 2-D, are refused."""
    correlate2d = student.convolution.correlate2d
    image = np.arange(12.0).reshape(3, 4)
    assert_allclose(correlate2d(image, np.eye(3)), np.array([[15.0, 18.0]]), name="result")
    assert_raises(
        ValueError, correlate2d, image, np.ones((1, 5)), name="correlate2d, kernel too wide,"
    )
    assert_raises(
        ValueError, correlate2d, image, np.ones((4, 1)), name="correlate2d, kernel too tall,"
    )
    assert_raises(
        ValueError,
        correlate2d,
        np.ones((3, 4, 3)),
        np.ones((2, 2)),
        name="correlate2d of a 3-D image",
    )
    assert_raises(ValueError, correlate2d, image, np.ones(2), name="correlate2d with a 1-D kernel")


@pytest.mark.task("correlate2d", points=1)
def test_a_digit_is_correlated(student, reference, dataset):
    """A digit is correlated with a piece of itself, in steps of 2."""
    digit = dataset.test_images[11]
    piece = digit[6:18, 9:16]
    assert_allclose(
        student.convolution.correlate2d(digit, piece, 2),
        reference.convolution.correlate2d(digit, piece, 2),
        atol=1e-6,  # the sums reach millions
        name="result",
        picture=True,
    )


@pytest.mark.task("convolve2d", points=1)
@pytest.mark.parametrize("padding", ["zero", "reflect", "valid"])
def test_kernels_of_any_shape_are_turned(student, rng, padding):
    """Wide and tall kernels without any symmetry are turned by 180 degrees."""
    for shape, kernel_shape in [((6, 9), (3, 5)), ((9, 4), (7, 1)), ((5, 5), (5, 5))]:
        image, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
        assert_allclose(
            student.convolution.convolve2d(image, kernel, padding=padding),
            convolve_by_windows(image, kernel, padding),
            name=f"image {shape}, kernel {kernel_shape}: result",
            hint="Are both axes of the kernel reversed, and does each axis get a pad of its own?",
        )


@pytest.mark.task("convolve2d", points=1)
@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        ("zero", [[1, 2, 3, 4, 5], [7, 10, 13, 16, 19], [12, 27, 30, 33, 36]]),
        ("reflect", [[17, 16, 19, 22, 25], [11, 10, 13, 16, 19], [28, 27, 30, 33, 36]]),
    ],
    ids=["zero", "reflect"],
)
def test_even_kernels_are_centred(student, rng, padding, expected):
    """Even kernels give a result of the same size, centred as documented."""
    convolve2d = student.convolution.convolve2d
    image = np.array([[1, 2, 3, 4, 5], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])
    assert_allclose(
        convolve2d(image, np.array([[1, 0], [0, 2]]), padding),
        np.array(expected, float),
        name="result",
        hint="The turned 2x2 kernel rests its lower right element on the pixel, so one row "
        "above and one column to the left are needed, and none below or to the right.",
    )
    for kernel_shape in [(4, 3), (1, 6), (2, 4)]:
        image, kernel = rng.normal(size=(6, 7)), rng.normal(size=kernel_shape)
        assert_allclose(
            convolve2d(image, kernel, padding),
            convolve_by_windows(image, kernel, padding),
            name=f"image (6, 7), kernel {kernel_shape}: result",
        )


@pytest.mark.task("convolve2d", points=1)
def test_kernels_larger_than_the_image(student, rng):
    """Zeros make room for a kernel larger than the image; without them it is refused."""
    convolve2d = student.convolution.convolve2d
    image, kernel = rng.normal(size=(2, 3)), rng.normal(size=(5, 7))
    assert_allclose(
        convolve2d(image, kernel), convolve_by_windows(image, kernel, "zero"), name="result"
    )
    assert_raises(
        ValueError, convolve2d, image, kernel, "valid", name="convolve2d with padding='valid'"
    )
    assert_raises(
        ValueError, convolve2d, image, kernel, "reflect", name="convolve2d with padding='reflect'"
    )
    lopsided = rng.normal(size=(3, 5))
    assert_allclose(
        convolve2d(image, lopsided, "reflect"),
        convolve_by_windows(image, lopsided, "reflect"),
        name="reflect: result",
        hint="A kernel of 3 rows fits on 2 rows once they are padded.",
    )


@pytest.mark.task("convolve2d", points=1)
def test_bytes_are_convolved_without_overflow(student, rng):
    """Bytes give negative numbers and numbers above 255, at the border too."""
    kernel = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, 3]], np.int8)
    for padding in ("zero", "reflect"):
        image = rng.integers(0, 256, (5, 7), np.uint8)
        assert_allclose(
            student.convolution.convolve2d(image, kernel, padding),
            convolve_by_windows(image, kernel, padding),
            name=f"{padding}: result",
            hint="np.zeros_like of a uint8 image is uint8 too: -3.7 becomes 253 in it.",
        )


@pytest.mark.task("convolve2d", points=1)
def test_neither_image_nor_kernel_is_changed(student, rng):
    """The kernel is turned in a copy, and slices of larger arrays work."""
    image, kernel = rng.normal(size=(7, 12))[::-1, ::2], rng.normal(size=(5, 6)).T[::2, 1:4]
    for padding in ("zero", "valid"):
        result = assert_unchanged(
            student.convolution.convolve2d, image, kernel, padding, names=("image", "kernel")
        )
        assert_allclose(result, convolve_by_windows(image, kernel, padding), name="result")


@pytest.mark.task("convolve2d", points=1)
def test_what_cannot_be_convolved_is_refused(student):
    """A single pixel works; colour images and 1-D kernels are refused."""
    convolve2d = student.convolution.convolve2d
    assert_allclose(convolve2d(np.array([[3]]), np.array([[2]])), np.array([[6.0]]), name="result")
    assert_raises(
        ValueError,
        convolve2d,
        np.ones((4, 4, 3)),
        np.ones((3, 3)),
        name="convolve2d of a 3-D image",
    )
    assert_raises(
        ValueError, convolve2d, np.ones((4, 4)), np.ones(3), name="convolve2d with a 1-D kernel"
    )


@pytest.mark.task("convolve_image", points=1)
def test_any_number_of_channels_is_convolved(student, rng):
    """One channel, two or five: each is convolved, by kernels of any shape."""
    for channels, kernel_shape in [(1, (3, 3)), (2, (5, 3)), (5, (2, 4))]:
        image, kernel = rng.normal(size=(4, 6, channels)), rng.normal(size=kernel_shape)
        slices = [convolve_by_windows(image[..., c], kernel) for c in range(channels)]
        assert_allclose(
            student.convolution.convolve_image(image, kernel),
            np.stack(slices, axis=2),
            name=f"C = {channels}: image",
        )


@pytest.mark.task("convolve_image", points=1)
def test_a_colour_image_of_bytes_is_convolved(student, reference, dataset):
    """A colour image of bytes, channels first in memory, works and stays as it was."""
    image = dataset.train_images[:3].transpose(1, 2, 0)
    kernel = np.array([[2, 1, 0], [1, 0, -1], [0, -1, -5]])
    result = assert_unchanged(
        student.convolution.convolve_image, image, kernel, names=("image", "kernel")
    )
    assert_allclose(result, reference.convolution.convolve_image(image, kernel), name="image")
    first = convolve_by_windows(image[..., 0], kernel)
    assert_allclose(result[..., 0].copy(), first, name="channel 0", picture=True)


@pytest.mark.task("convolve_image", points=1)
def test_an_image_without_channels_is_refused(student):
    """A grey image has no channels to go through."""
    convolve_image = student.convolution.convolve_image
    image = np.arange(6.0).reshape(2, 3, 1)
    kernel = np.zeros((3, 3))
    kernel[0, 0] = 2.0
    result = convolve_image(image, kernel)
    expected = np.array([[[8.0], [10.0], [0.0]], [[0.0], [0.0], [0.0]]])
    assert_allclose(result, expected, name="image")
    assert_raises(
        ValueError, convolve_image, image[:, :, 0], kernel, name="convolve_image of a grey image"
    )
