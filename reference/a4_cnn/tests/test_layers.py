"""Public tests of layers.py."""

import numpy as np
import pytest

from grader.checks import (
    CheckFailure,
    assert_allclose,
    assert_gradient,
    assert_raises,
    assert_unchanged,
)

# One image, one channel, three rows of four pixels.
IMAGE = np.arange(1.0, 13.0).reshape(1, 1, 3, 4)
ORDER = (
    "A row belongs to one pixel of the window, a column to one position of the window. The pixels "
    "go row after row, and so do the positions."
)
ADD_UP = "A pixel that stands in several columns gets the sum of them."


def pair(value, name):
    """Give the output and the cache."""
    if type(value) is not tuple or len(value) != 2:
        raise CheckFailure(f"{name} should return two things: out, cache")
    return value


def convolve(student, *arguments):
    """Call conv_forward, and give the output and the cache."""
    return pair(student.layers.conv_forward(*arguments), "conv_forward")


def pool(student, *arguments):
    """Call max_pool_forward, and give the output and the cache."""
    return pair(student.layers.max_pool_forward(*arguments), "max_pool_forward")


def gradients(student, dout, cache):
    """Call conv_backward, and give dx, dw and db."""
    result = assert_unchanged(student.layers.conv_backward, dout, cache, names=("dout", "cache"))
    if type(result) is not tuple or len(result) != 3:
        raise CheckFailure("conv_backward should return three things: dx, dw, db")
    return result


@pytest.mark.task("im2col", points=1)
def test_windows_become_columns(student):
    """An image of 3 × 4 has six windows of 2 × 2, and each becomes a column."""
    result = assert_unchanged(student.layers.im2col, IMAGE, 2, 2, 1, 0, names=("x",))
    expected = np.array(
        [
            [1.0, 2.0, 3.0, 5.0, 6.0, 7.0],
            [2.0, 3.0, 4.0, 6.0, 7.0, 8.0],
            [5.0, 6.0, 7.0, 9.0, 10.0, 11.0],
            [6.0, 7.0, 8.0, 10.0, 11.0, 12.0],
        ]
    )
    hint = f"The first window holds 1 2 / 5 6, so 1, 2, 5, 6 is the first column. {ORDER}"
    assert_allclose(result, expected[np.newaxis], name="columns", hint=hint)


@pytest.mark.task("im2col", points=1)
def test_channels_stand_below_each_other(student):
    """Two images of three channels: a column holds channel after channel."""
    images = np.array(
        [
            [[[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]], [[100.0, 200.0, 300.0]]],
            [[[4.0, 5.0, 6.0]], [[40.0, 50.0, 60.0]], [[400.0, 500.0, 600.0]]],
        ]
    )
    expected = np.array(
        [
            [[1.0, 2.0], [2.0, 3.0], [10.0, 20.0], [20.0, 30.0], [100.0, 200.0], [200.0, 300.0]],
            [[4.0, 5.0], [5.0, 6.0], [40.0, 50.0], [50.0, 60.0], [400.0, 500.0], [500.0, 600.0]],
        ]
    )
    assert_allclose(
        student.layers.im2col(images, 1, 2, 1, 0),
        expected,
        name="columns",
        hint="A window of 1 × 2 has two positions here. It reaches through all channels of one "
        "image, and never into another image.",
    )


@pytest.mark.task("im2col", points=1)
def test_windows_take_steps_on_a_framed_image(student):
    """With a stride of 2 and a pad of 1 there are four windows, with zeros from the frame."""
    image = np.arange(1, 13, dtype=np.uint8).reshape(1, 1, 3, 4)
    expected = np.array(
        [
            [0.0, 0.0, 0.0, 6.0],
            [0.0, 0.0, 5.0, 7.0],
            [0.0, 0.0, 6.0, 8.0],
            [0.0, 2.0, 0.0, 10.0],
            [1.0, 3.0, 9.0, 11.0],
            [2.0, 4.0, 10.0, 12.0],
        ]
    )
    assert_allclose(
        student.layers.im2col(image, 2, 3, 2, 1),
        expected[np.newaxis],
        name="columns",
        hint="With its frame the image has 5 rows and 6 columns. The window of 2 × 3 begins at "
        "rows 0 and 2, and at columns 0 and 2; beginning at column 4 it would not fit any more.",
    )


@pytest.mark.task("im2col", points=1)
def test_what_has_no_windows_is_refused(student):
    """A window as large as the image fits once; a larger one is refused, and so is (H, W)."""
    im2col = student.layers.im2col
    expected = np.arange(1.0, 13.0).reshape(1, 12, 1)
    assert_allclose(im2col(IMAGE, 3, 4, 1, 0), expected, name="columns")
    assert_raises(ValueError, im2col, IMAGE, 4, 2, 1, 0, name="im2col with a window of 4 × 2")
    assert_raises(ValueError, im2col, IMAGE, 2, 5, 1, 0, name="im2col with a window of 2 × 5")
    assert_raises(ValueError, im2col, IMAGE[0, 0], 2, 2, 1, 0, name="im2col of a single (H, W)")


@pytest.mark.task("col2im", points=1)
def test_columns_add_up_to_an_image(student):
    """Six columns of ones say in how many windows each pixel lies."""
    columns = np.ones((1, 4, 6))
    result = assert_unchanged(
        student.layers.col2im, columns, (1, 1, 3, 4), 2, 2, 1, 0, names=("columns",)
    )
    expected = np.array([[1.0, 2.0, 2.0, 1.0], [2.0, 4.0, 4.0, 2.0], [1.0, 2.0, 2.0, 1.0]])
    assert_allclose(result, expected[np.newaxis, np.newaxis], name="image", hint=ADD_UP)


@pytest.mark.task("col2im", points=1)
def test_the_two_are_adjoint(student, rng):
    """The sum of im2col(x) · y equals the sum of x · col2im(y), whatever x and y are."""
    for shape, (height, width, stride, pad), columns_shape in (
        ((1, 1, 3, 4), (2, 2, 1, 0), (1, 4, 6)),
        ((2, 3, 5, 4), (2, 3, 1, 1), (2, 18, 24)),
        ((3, 2, 6, 7), (3, 2, 2, 0), (3, 12, 6)),
    ):
        x, y = rng.normal(size=shape), rng.normal(size=columns_shape)
        columns = student.layers.im2col(x, height, width, stride, pad)
        image = student.layers.col2im(y, shape, height, width, stride, pad)
        window = f"window {height} × {width}, stride {stride}, pad {pad}"
        assert_allclose(np.shape(columns), columns_shape, name=f"{window}: shape of im2col(x)")
        assert_allclose(np.shape(image), shape, name=f"{window}: shape of col2im(y)")
        assert_allclose(
            float(np.sum(x * image)),
            float(np.sum(columns * y)),
            name=f"{window}: the sum of x · col2im(y)",
            hint=f"Both go through the same windows, in the same order. {ADD_UP}",
        )


@pytest.mark.task("col2im", points=1)
def test_the_frame_is_cut_off_again(student):
    """What came from the frame is dropped; columns that fit no such image are refused."""
    col2im = student.layers.col2im
    columns = np.arange(1.0, 16.0).reshape(1, 1, 15)
    assert_allclose(
        col2im(columns, (1, 1, 1, 3), 1, 1, 1, 1),
        np.array([[[[7.0, 8.0, 9.0]]]]),
        name="image, pad 1",
        hint="Windows of one pixel: the columns are the framed image itself, 3 × 5 pixels of it.",
    )
    assert_allclose(
        col2im(columns, (1, 1, 5, 3), 1, 1, 1, 0),
        columns.reshape(1, 1, 5, 3),
        name="image, pad 0",
        hint="A frame of 0 is no frame. Does your slice leave anything when pad is 0?",
    )
    assert_raises(
        ValueError, col2im, columns, (1, 1, 2, 7), 1, 1, 1, 0, name="col2im of a column too many"
    )


@pytest.mark.task("conv_forward", points=1)
def test_a_filter_slides_over_an_image(student):
    """The worked example: multiply what lies on top of each other, add up, add the bias."""
    x = np.array([[1.0, 2, 3, 4, 5], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])[None, None]
    w = np.array([[0.0, 1, 0], [1, 0, 1], [0, 2, 0]])[None, None]
    out, _ = convolve(student, x, w, np.array([0.5]), 1, 0)
    assert_allclose(
        out,
        np.array([[[[44.5, 49.5, 54.5]]]]),
        name="out",
        hint="1·2 above, 1·7 and 1·9 beside, 2·13 below, and 0.5; the kernel is not turned.",
    )


@pytest.mark.task("conv_forward", points=1)
def test_filters_mix_the_channels(student):
    """Filters of one pixel on three channels: one adds them up, one subtracts and adds 7."""
    x = np.array(
        [
            [[[1.0, 2.0]], [[10.0, 20.0]], [[100.0, 200.0]]],
            [[[3.0, 4.0]], [[5.0, 5.0]], [[6.0, 6.0]]],
        ]
    )
    w = np.array([[1.0, 1.0, 1.0], [1.0, -1.0, 0.0]]).reshape(2, 3, 1, 1)
    out, _ = convolve(student, x, w, np.array([0.0, 7.0]), 1, 0)
    assert_allclose(
        out,
        np.array([[[[111.0, 222.0]], [[-2.0, -11.0]]], [[[14.0, 15.0]], [[5.0, 6.0]]]]),
        name="out",
        hint="Each filter adds up over all channels, and gives one channel of the output. There "
        "are two images, and each has its own.",
    )


@pytest.mark.task("conv_forward", points=1)
def test_a_convolution_with_stride_and_frame(student):
    """Ones count the pixels in each window; filters of other channels are refused."""
    w, b = np.ones((1, 1, 3, 3)), np.array([0.0])
    out, _ = convolve(student, np.ones((2, 1, 4, 5)), w, b, 2, 1)
    expected = np.array([[[4.0, 6.0, 4.0], [6.0, 9.0, 6.0]]])
    hint = "A window in the corner sees 4 pixels and 5 zeros of the frame."
    assert_allclose(out, np.stack([expected, expected]), name="out", hint=hint)
    forward = student.layers.conv_forward
    two = np.ones((2, 2, 4, 5))
    assert_raises(
        ValueError, forward, two, w, b, 2, 1, name="conv_forward of 2 channels, filters of 1,"
    )
    assert_raises(
        ValueError, forward, two[:, :1], w, np.zeros(2), 2, 1, name="1 filter with 2 biases"
    )


@pytest.mark.task("conv_backward", points=1)
def test_a_single_gradient_comes_back(student):
    """A single 1 in dout: dx shows the kernel, and dw what the kernel lay on."""
    w = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    _, cache = convolve(student, 10 * IMAGE, w, np.array([0.0]), 1, 0)
    dx, dw, db = gradients(student, np.array([[[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]]), cache)
    expected = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 2.0, 0.0], [0.0, 3.0, 4.0, 0.0]])
    assert_allclose(
        dx,
        expected[None, None],
        name="dx",
        hint="That output was 1·60 + 2·70 + 3·100 + 4·110. How fast does it grow with each pixel?",
    )
    assert_allclose(
        dw,
        np.array([[[[60.0, 70.0], [100.0, 110.0]]]]),
        name="dw",
        hint="That output was 1·60 + 2·70 + 3·100 + 4·110. How fast does it grow with each weight?",
    )
    assert_allclose(db, np.array([1.0]), name="db", hint="A bias is added to every output.")


@pytest.mark.task("conv_backward", points=1)
def test_dx_agrees_with_differences(student, rng):
    """The gradient with respect to the images agrees with central differences."""
    x, w, b = rng.normal(size=(2, 3, 5, 4)), rng.normal(size=(4, 3, 2, 3)), rng.normal(size=4)
    _, cache = convolve(student, x, w, b, 1, 1)
    dout = rng.normal(size=(2, 4, 6, 4))
    dx, _, _ = gradients(student, dout, cache)
    assert_gradient(
        lambda x: convolve(student, x, w, b, 1, 1)[0],
        x,
        dx,
        upstream=dout,
        name="dx",
        of="sum(dout * out)",
        hint="First the gradient of the columns, (C·KH·KW, OH·OW): it comes of filters, (F, "
        "C·KH·KW), and dout, (F, OH·OW). Then col2im.",
        rng=rng,
    )


@pytest.mark.task("conv_backward", points=1)
def test_dw_and_db_agree_with_differences(student, rng):
    """The gradients with respect to filters and biases agree with central differences."""
    x, w, b = rng.normal(size=(2, 3, 5, 4)), rng.normal(size=(4, 3, 2, 3)), rng.normal(size=4)
    _, cache = convolve(student, x, w, b, 1, 0)
    dout = rng.normal(size=(2, 4, 4, 2))
    _, dw, db = gradients(student, dout, cache)
    assert_gradient(
        lambda w: convolve(student, x, w, b, 1, 0)[0],
        w,
        dw,
        upstream=dout,
        name="dw",
        of="sum(dout * out)",
        hint="For each image (F, C·KH·KW) comes of dout, (F, OH·OW), and its columns. Add up the "
        "images.",
        rng=rng,
    )
    assert_gradient(
        lambda b: convolve(student, x, w, b, 1, 0)[0],
        b,
        db,
        upstream=dout,
        name="db",
        of="sum(dout * out)",
        hint="The bias of a filter is added at every position of every image.",
        rng=rng,
    )


@pytest.mark.task("conv_backward", points=1)
def test_a_stride_on_the_way_back(student):
    """With a stride of 3 the windows leave pixels out, and these get the gradient 0."""
    x, w = np.arange(1.0, 9.0).reshape(1, 1, 1, 8), np.array([[[[1.0, -1.0]]]])
    out, cache = convolve(student, x, w, np.array([0.0]), 3, 0)
    assert_allclose(out, np.array([[[[-1.0, -1.0, -1.0]]]]), name="out")
    dx, dw, db = gradients(student, np.array([[[[1.0, 10.0, 100.0]]]]), cache)
    assert_allclose(
        dx,
        np.array([[[[1.0, -1.0, 0.0, 10.0, -10.0, 0.0, 100.0, -100.0]]]]),
        name="dx",
        hint="Each output reaches two pixels, three further on than the output before.",
    )
    assert_allclose(dw, np.array([[[[741.0, 852.0]]]]), name="dw")
    assert_allclose(db, np.array([111.0]), name="db")
    assert_raises(
        ValueError,
        student.layers.conv_backward,
        np.ones((1, 1, 1, 1)),
        cache,
        name="conv_backward with a dout of shape (1, 1, 1, 1)",
        hint="dout must have exactly the shape of the output; NumPy would stretch a 1.",
    )


@pytest.mark.task("max_pool_forward", points=1)
def test_the_largest_of_each_window(student):
    """Windows of 2 × 2 side by side: each keeps its largest number, channel by channel."""
    x = np.array([[[[1, 7, 2, 0], [5, 3, 4, 8]], [[-1, -2, -9, -8], [-4, -3, -7, -6]]]])
    out, _ = pool(student, x.astype(float), 2, 2)
    assert_allclose(
        out,
        np.array([[[[7.0, 8.0]], [[-1.0, -6.0]]]]),
        name="out",
        hint="Channels do not mix, and of negative numbers the largest is negative too.",
    )


@pytest.mark.task("max_pool_forward", points=1)
def test_windows_that_overlap_have_maxima(student):
    """Windows of 3 × 3 with a stride of 2 share a row or a column; what is left over is ignored."""
    x = np.array([[[[1, 2, 9, 1, 1, 5], [0, 3, 1, 2, 8, 0], [4, 1, 1, 0, 1, 7]]]])
    out, _ = pool(student, x, 3, 2)
    hint = "The windows begin at columns 0 and 2; the 9 lies in both, the last column in none."
    assert_allclose(out, np.array([[[[9.0, 9.0]]]]), name="out, stride 2", hint=hint)
    out, _ = pool(student, x, 2, 3)
    hint = "The windows begin at columns 0 and 3, and are two columns wide."
    assert_allclose(out, np.array([[[[3.0, 8.0]]]]), name="out, stride 3", hint=hint)
    assert_raises(
        ValueError, student.layers.max_pool_forward, x, 4, 1, name="max_pool_forward of size 4"
    )


@pytest.mark.task("max_pool_backward", points=1)
def test_gradients_go_to_the_largest(student):
    """Each gradient goes to the pixel that was largest, and the others get 0."""
    x = np.array([[[[1, 7, 2, 0], [5, 3, 4, 8]], [[-1, -2, -9, -8], [-4, -3, -7, -6]]]])
    _, cache = pool(student, x.astype(float), 2, 2)
    dout = np.array([[[[1.0, -2.0]], [[3.0, 4.0]]]])
    dx = assert_unchanged(student.layers.max_pool_backward, dout, cache, names=("dout", "cache"))
    expected = np.zeros((1, 2, 2, 4))
    expected[0, 0, 0, 1], expected[0, 0, 1, 3] = 1.0, -2.0
    expected[0, 1, 0, 0], expected[0, 1, 1, 3] = 3.0, 4.0
    assert_allclose(dx, expected, name="dx", hint="Where did each maximum come from?")


@pytest.mark.task("max_pool_backward", points=1)
def test_one_pixel_wins_several_windows(student):
    """The 9 is the largest of all four windows that it lies in: its gradients add up."""
    x = np.array([[[[1.0, 2.0, 3.0], [4.0, 9.0, 5.0], [6.0, 7.0, 8.0]]]])
    _, cache = pool(student, x, 2, 1)
    dx = student.layers.max_pool_backward(np.array([[[[1.0, 10.0], [100.0, 1000.0]]]]), cache)
    expected = np.zeros((1, 1, 3, 3))
    expected[0, 0, 1, 1] = 1111.0
    assert_allclose(
        dx,
        expected,
        name="dx",
        hint="Four windows send something to the same pixel. All of it counts.",
    )
