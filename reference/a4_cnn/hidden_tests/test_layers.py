"""Hidden tests of layers.py: PyTorch computes what is expected, and differences the gradients."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch.nn import functional

from grader.checks import (
    CheckFailure,
    assert_allclose,
    assert_gradient,
    assert_raises,
    assert_unchanged,
)


@dataclass(frozen=True)
class Case:
    """Images, a window, and how it moves. No two lengths of a case are equal without need."""

    shape: tuple[int, int, int, int]
    window: tuple[int, int]
    stride: int = 1
    pad: int = 0

    def __str__(self):
        height, width = self.window
        return f"x {self.shape}, window {height} × {width}, stride {self.stride}, pad {self.pad}"

    @property
    def arguments(self):
        """The arguments of im2col after x."""
        return *self.window, self.stride, self.pad

    @property
    def options(self):
        """The same for unfold and fold."""
        return {"kernel_size": self.window, "stride": self.stride, "padding": self.pad}


CASES = (
    Case((3, 2, 5, 7), (2, 3)),
    Case((2, 3, 8, 5), (3, 2), stride=2, pad=1),  # (10 - 3) / 2 and (7 - 2) / 2 leave a rest
    Case((1, 4, 4, 9), (1, 4), stride=3, pad=2),
    Case((4, 1, 7, 4), (5, 1), stride=2),
    Case((2, 5, 2, 3), (4, 5), pad=2),  # larger than the image, but not than the framed one
    Case((5, 3, 6, 4), (1, 1), stride=4),
)
POOLS = (
    Case((3, 2, 7, 5), (2, 2), stride=2),
    Case((2, 3, 8, 11), (3, 3), stride=2),
    Case((1, 4, 6, 5), (3, 3), stride=1),
    Case((4, 1, 9, 13), (2, 2), stride=5),
    Case((2, 3, 5, 5), (5, 5), stride=3),
)
FILTERS = 6


def tensor(x):
    """Give an array to PyTorch, which takes none with negative strides."""
    return torch.tensor(np.ascontiguousarray(x))


def unfolded(x, case):
    """Let PyTorch take the windows."""
    return functional.unfold(tensor(x), **case.options).numpy()


def folded(columns, case):
    """Let PyTorch put the windows back."""
    size = case.shape[2:]
    return functional.fold(tensor(columns), output_size=size, **case.options).numpy()


def columns_for(case, rng):
    """Draw random columns for images of this case."""
    return rng.normal(size=unfolded(np.zeros(case.shape), case).shape)


def layer(case, rng, dtype=np.float64):
    """Draw images, filters and biases."""
    sizes = case.shape, (FILTERS, case.shape[1], *case.window), (FILTERS,)
    return tuple(rng.normal(size=size).astype(dtype) for size in sizes)


def convolved(x, w, b, case):
    """Let PyTorch convolve."""
    return functional.conv2d(*map(tensor, (x, w, b)), stride=case.stride, padding=case.pad).numpy()


def convolution_gradients(x, w, dout, case):
    """Let PyTorch compute dx, dw and db; without autograd, whose first call takes a second."""
    x, w, dout = map(tensor, (x, w, dout))
    more = {"stride": case.stride, "padding": case.pad}
    dx = torch.nn.grad.conv2d_input(x.shape, w, dout, **more)
    dw = torch.nn.grad.conv2d_weight(x, w.shape, dout, **more)
    return dx.numpy(), dw.numpy(), dout.sum((0, 2, 3)).numpy()


def pooled(x, case):
    """Let PyTorch pool."""
    return functional.max_pool2d(tensor(x), case.window, case.stride).numpy()


def pooling_gradient(x, dout, case):
    """Let PyTorch find the largest, and add what comes to each pixel."""
    _, winners = functional.max_pool2d(tensor(x), case.window, case.stride, return_indices=True)
    dx = torch.zeros(*x.shape[:2], x.shape[2] * x.shape[3], dtype=tensor(dout).dtype)
    dx.scatter_add_(2, winners.flatten(2), tensor(dout).flatten(2))
    return dx.reshape(x.shape).numpy()


def several(value, count, name):
    """Give the parts of a tuple."""
    if type(value) is not tuple or len(value) != count:
        raise CheckFailure(f"{name} should return {count} things")
    return value


def convolve(student, *arguments):
    """Call conv_forward, and give the output and the cache."""
    return several(student.layers.conv_forward(*arguments), 2, "conv_forward")


def pool(student, *arguments):
    """Call max_pool_forward, and give the output and the cache."""
    return several(student.layers.max_pool_forward(*arguments), 2, "max_pool_forward")


def stretched(x):
    """Give equal numbers in another layout: every other element, from the end, of a larger one."""
    wide = np.zeros((*x.shape[:-1], 2 * x.shape[-1]), x.dtype)
    view = wide[..., ::-2]
    view[...] = x
    return view


def whole(rng, *shape):
    """Draw whole numbers of one byte, large enough to overflow when they are multiplied."""
    return rng.integers(-128, 128, shape).astype(np.int8)


@pytest.mark.task("im2col", points=1)
def test_columns_of_any_images(student, rng):
    """Images and windows of any shape, any stride and any pad, as PyTorch unfolds them."""
    for case in CASES:
        x = rng.normal(size=case.shape)
        result = student.layers.im2col(x, *case.arguments)
        assert_allclose(result, unfolded(x, case), name=f"{case}: columns")


@pytest.mark.task("im2col", points=1)
def test_columns_keep_a_float_type(student, rng):
    """float32 stays; whole numbers become float64; slices and transposed arrays are ordinary."""
    case = Case((2, 3, 4, 5), (3, 2), stride=2, pad=1)
    x = rng.normal(size=case.shape)
    for what, images in {
        "float32": x.astype(np.float32),
        "a slice": stretched(x),
        "a transposed array": np.asfortranarray(x),
    }.items():
        result = assert_unchanged(student.layers.im2col, images, *case.arguments, names=("x",))
        assert_allclose(result, unfolded(images, case), name=f"columns of {what}")
    for images in (whole(rng, *case.shape), rng.integers(0, 2**40, case.shape)):
        result = student.layers.im2col(images, *case.arguments)
        expected = unfolded(images.astype(np.float64), case)
        assert_allclose(result, expected, name=f"columns of {images.dtype}")


@pytest.mark.task("im2col", points=1)
def test_columns_are_new(student, rng):
    """Windows of a single pixel are a copy as well, with and without a stride."""
    for case in (Case((2, 3, 4, 5), (1, 1)), Case((2, 3, 4, 5), (1, 1), stride=2)):
        x = rng.normal(size=case.shape)
        result = assert_unchanged(student.layers.im2col, x, *case.arguments, names=("x",))
        assert_allclose(result, unfolded(x, case), name=f"{case}: columns")


@pytest.mark.task("im2col", points=1)
def test_images_without_windows_are_refused(student, rng):
    """The framed image must hold the window; a batch has exactly four axes."""
    im2col = student.layers.im2col
    x = rng.normal(size=(2, 3, 4, 5))
    case = Case(x.shape, (6, 7), pad=1)
    assert_allclose(im2col(x, *case.arguments), unfolded(x, case), name=f"{case}: columns")
    for window, stride in (((7, 1), 1), ((1, 8), 1), ((8, 2), 4), ((2, 9), 3)):
        refused = Case(x.shape, window, stride, pad=1)
        hint = "-1 // 2 + 1 is 0: a window that does not fit can hide behind a stride."
        assert_raises(ValueError, im2col, x, *refused.arguments, name=str(refused), hint=hint)
    for images in (x[0], x[np.newaxis]):
        name = f"im2col of an array of shape {images.shape}"
        assert_raises(ValueError, im2col, images, 2, 2, 1, 0, name=name)


@pytest.mark.task("col2im", points=1)
def test_images_of_any_columns(student, rng):
    """Columns of any images, as PyTorch folds them: shares are added, the frame is dropped."""
    for case in CASES:
        columns = columns_for(case, rng)
        result = student.layers.col2im(columns, case.shape, *case.arguments)
        assert_allclose(result, folded(columns, case), name=f"{case}: image")


@pytest.mark.task("col2im", points=1)
def test_images_keep_a_float_type(student, rng):
    """float32, whole numbers, slices; and a new array even where nothing is to be added."""
    for case in (CASES[1], Case((2, 3, 4, 5), (1, 1))):
        columns = columns_for(case, rng)
        for given in (columns, columns.astype(np.float32), stretched(columns)):
            result = assert_unchanged(
                student.layers.col2im, given, case.shape, *case.arguments, names=("columns",)
            )
            assert_allclose(result, folded(given, case), name=f"{case}: image of {given.dtype}")
        given = whole(rng, *columns.shape)
        result = student.layers.col2im(given, case.shape, *case.arguments)
        expected = folded(given.astype(np.float64), case)
        assert_allclose(result, expected, name=f"{case}: image of {given.dtype}")


@pytest.mark.task("col2im", points=1)
def test_columns_of_other_images_are_refused(student, rng):
    """Each of the three lengths must be right, even where as many numbers come together."""
    col2im = student.layers.col2im
    case = Case((2, 3, 4, 5), (2, 3), stride=1, pad=0)
    columns = columns_for(case, rng)
    expected = folded(columns, case)
    assert_allclose(col2im(columns, case.shape, *case.arguments), expected, name=f"{case}: image")
    for wrong in (
        columns[0],
        columns[:1],
        columns[:, :6],
        columns[:, :, :8],
        columns.swapaxes(1, 2),
        columns.reshape(2, 9, 18),
    ):
        name = f"{case}: col2im of columns {wrong.shape}"
        assert_raises(ValueError, col2im, wrong, case.shape, *case.arguments, name=name)
    for shape, window in (((3, 4, 5), (2, 3)), ((2, 3, 4, 5), (5, 3)), ((2, 3, 4, 5), (2, 6))):
        name = f"col2im for x_shape {shape}, window {window}"
        assert_raises(ValueError, col2im, columns, shape, *window, 1, 0, name=name)


@pytest.mark.task("conv_forward", points=2)
def test_convolutions_of_any_shape(student, rng):
    """Images, filters, strides and pads of any size give what PyTorch gives."""
    for case in CASES:
        x, w, b = layer(case, rng)
        out, _ = convolve(student, x, w, b, case.stride, case.pad)
        assert_allclose(out, convolved(x, w, b, case), name=f"{case}: out")


@pytest.mark.task("conv_forward", points=1)
def test_convolutions_keep_a_float_type(student, rng):
    """The output has x's float dtype; whole numbers do not overflow; slices are ordinary."""
    case = CASES[1]
    x, w, b = layer(case, rng)
    forward = student.layers.conv_forward
    more = case.stride, case.pad
    expected = convolved(x, w, b, case)
    out, _ = convolve(student, stretched(x), stretched(w), stretched(b), *more)
    assert_allclose(out, expected, name="out of slices")
    assert_unchanged(forward, x, w, b, *more, views=True, names=("x", "w", "b"))
    single = tuple(each.astype(np.float32) for each in (x, w, b))
    expected = convolved(*single, case)
    out, _ = convolve(student, *single, *more)
    assert_allclose(out, expected, name="out of float32")
    out, _ = convolve(student, single[0], *(each.astype(np.float64) for each in single[1:]), *more)
    assert_allclose(out, expected, name="out of float32 images and float64 filters")
    integers = whole(rng, *x.shape), whole(rng, *w.shape), whole(rng, *b.shape)
    expected = convolved(*(each.astype(np.float64) for each in integers), case)
    out, _ = convolve(student, *integers, *more)
    assert_allclose(out, expected, name="out of whole numbers")


@pytest.mark.task("conv_forward", points=1)
def test_convolutions_that_do_not_fit_are_refused(student, rng):
    """Channels, filters and biases must agree, and the framed images must hold the kernels."""
    case = Case((2, 3, 4, 5), (2, 3))
    x, w, b = layer(case, rng)
    out, _ = convolve(student, x, w, b, 1, 0)
    assert_allclose(out, convolved(x, w, b, case), name="out")
    for what, arguments in {
        "a single image": (x[0], w, b),
        "a single filter": (x, w[0], b),
        "images of 1 channel": (x[:, :1], w, b),
        "filters of 1 channel": (x, w[:, :1], b),
        "filters of 6 channels": (x, np.concatenate([w, w], axis=1), b),
        "a single bias": (x, w, b[:1]),
        "biases in a column": (x, w, b[:, np.newaxis]),
        "as many biases as positions": (x, w, np.ones(9)),
        "kernels of 5 rows": (x, np.ones((6, 3, 5, 1)), b),
        "kernels of 6 columns": (x, np.ones((6, 3, 1, 6)), b),
    }.items():
        name = f"conv_forward of {what}"
        assert_raises(ValueError, student.layers.conv_forward, *arguments, 1, 0, name=name)


@pytest.mark.task("conv_backward", points=2)
def test_gradients_of_any_convolution(student, rng):
    """All three gradients are those of PyTorch, for shapes, strides and pads of any size."""
    for case in CASES:
        x, w, b = layer(case, rng)
        _, cache = convolve(student, x, w, b, case.stride, case.pad)
        dout = rng.normal(size=convolved(x, w, b, case).shape)
        result = several(student.layers.conv_backward(dout, cache), 3, "conv_backward")
        expected = convolution_gradients(x, w, dout, case)
        for name, got, wanted in zip(("db", "dw", "dx"), result[::-1], expected[::-1], strict=True):
            assert_allclose(got, wanted, name=f"{case}: {name}")


@pytest.mark.task("conv_backward", points=1)
def test_gradients_of_a_convolution_agree_with_differences(student, rng):
    """Both dx and dw agree with central differences where windows overlap."""
    case = Case((3, 2, 8, 6), (3, 2), stride=2, pad=1)
    x, w, b = layer(case, rng)
    _, cache = convolve(student, x, w, b, case.stride, case.pad)
    dout = rng.normal(size=convolved(x, w, b, case).shape)
    dx, dw, _ = several(student.layers.conv_backward(dout, cache), 3, "conv_backward")
    turned = convolution_gradients(x, w[:, :, ::-1, ::-1], dout, case)
    images = [convolution_gradients(x[n : n + 1], w, dout[n : n + 1], case)[1] for n in range(3)]
    told = {"upstream": dout, "of": "sum(dout * out)", "rng": rng}
    assert_gradient(
        lambda x: convolved(x, w, b, case),
        x,
        dx,
        name="dx",
        suspects={"The kernels are turned on the way back, but not on the way there.": turned[0]},
        **told,
    )
    assert_gradient(
        lambda w: convolved(x, w, b, case),
        w,
        dw,
        name="dw",
        parts=images,
        suspects={"The gradient of the filters is turned.": sum(images)[:, :, ::-1, ::-1]},
        **told,
    )


@pytest.mark.task("conv_backward", points=1)
def test_gradients_of_a_convolution_keep_a_float_type(student, rng):
    """float32 and whole numbers; a dout that is a slice; and the same cache a second time."""
    case = CASES[1]
    more = case.stride, case.pad
    backward = student.layers.conv_backward
    for dtype in (np.float64, np.float32):
        x, w, b = layer(case, rng, dtype)
        _, cache = convolve(student, x, w, b, *more)
        for number in ("first", "second"):
            dout = stretched(rng.normal(size=convolved(x, w, b, case).shape).astype(dtype))
            result = assert_unchanged(backward, dout, cache, names=("dout", "cache"))
            expected = convolution_gradients(x, w, dout, case)
            for name, got, wanted in zip(("dx", "dw", "db"), result, expected, strict=True):
                title = f"{np.dtype(dtype)}, {number} time: {name}"
                assert_allclose(got, wanted, name=title)
    x, w, b = (whole(rng, *each.shape) for each in (x, w, b))
    _, cache = convolve(student, x, w, b, *more)
    dout = whole(rng, *dout.shape)
    floats = (each.astype(np.float64) for each in (x, w, dout))
    expected = convolution_gradients(*floats, case)
    for name, got, wanted in zip(("dx", "dw", "db"), backward(dout, cache), expected, strict=True):
        assert_allclose(got, wanted, name=f"whole numbers: {name}")


@pytest.mark.task("conv_backward", points=1)
def test_a_dout_of_another_shape_is_refused(student, rng):
    """NumPy would stretch a 1, or take as many numbers in another shape: both are refused."""
    case = Case((2, 3, 5, 4), (2, 3), stride=1, pad=0)
    x, w, b = layer(case, rng)
    _, cache = convolve(student, x, w, b, 1, 0)
    dout = rng.normal(size=(2, 6, 4, 2))
    _, _, db = several(student.layers.conv_backward(dout, cache), 3, "conv_backward")
    assert_allclose(db, convolution_gradients(x, w, dout, case)[2], name="db")
    for wrong in (
        dout[0],
        dout[:1],
        dout[:, :1],
        dout[:, :, :1],
        dout[..., :1],
        dout.swapaxes(2, 3),
        dout.reshape(2, 6, 8),
    ):
        name = f"conv_backward with a dout of shape {wrong.shape} for an output {dout.shape}"
        assert_raises(ValueError, student.layers.conv_backward, wrong, cache, name=name)


@pytest.mark.task("max_pool_forward", points=1)
def test_maxima_of_any_windows(student, rng):
    """Windows side by side, overlapping or apart, and pixels left over, as PyTorch pools."""
    for case in POOLS:
        x = rng.normal(size=case.shape)
        out, _ = pool(student, x, case.window[0], case.stride)
        assert_allclose(out, pooled(x, case), name=f"{case}: out")


@pytest.mark.task("max_pool_forward", points=1)
def test_maxima_of_any_numbers(student, rng):
    """Negative and huge numbers, float32, whole numbers, slices, and windows of one pixel."""
    case = POOLS[1]
    x = -1e200 * rng.uniform(1, 2, size=case.shape)
    for what, images in {
        "huge negative numbers": x,
        "a slice": stretched(x),
        "float32": (x / 1e190).astype(np.float32),
    }.items():
        out, _ = pool(student, images, 3, 2)
        assert_allclose(out, pooled(images, case), name=f"out of {what}")
    integers = whole(rng, *case.shape)
    out, _ = pool(student, integers, 3, 2)
    assert_allclose(out, pooled(integers.astype(np.float64), case), name="out of whole numbers")
    assert_unchanged(student.layers.max_pool_forward, x, 3, 2, views=True, names=("x",))
    out, _ = pool(student, x, 1, 1)
    assert_allclose(out, x, name="out of windows of one pixel")


@pytest.mark.task("max_pool_forward", points=1)
def test_images_that_cannot_be_pooled_are_refused(student, rng):
    """A window must fit, downwards and to the right, whatever the stride; batches are 4-D."""
    x = rng.normal(size=(2, 3, 4, 5))
    forward = student.layers.max_pool_forward
    out, _ = pool(student, x, 4, 3)
    assert_allclose(out, pooled(x, Case(x.shape, (4, 4), stride=3)), name="out of size 4")
    for images, size, stride in ((x, 5, 1), (x[:, :, :, :2], 3, 2), (x, 6, 4), (x[:, :, :1], 2, 3)):
        name = f"max_pool_forward of x {images.shape}, size {size}, stride {stride}"
        assert_raises(ValueError, forward, images, size, stride, name=name)
    for images in (x[0], x[np.newaxis]):
        name = f"max_pool_forward of an array of shape {images.shape}"
        assert_raises(ValueError, forward, images, 2, 2, name=name)


@pytest.mark.task("max_pool_backward", points=1)
def test_gradients_of_any_maxima(student, rng):
    """Windows side by side, overlapping or apart: the gradient is that of PyTorch."""
    for case in POOLS:
        x = rng.normal(size=case.shape) - 2.0
        _, cache = pool(student, x, case.window[0], case.stride)
        dout = rng.normal(size=pooled(x, case).shape)
        dx = student.layers.max_pool_backward(dout, cache)
        assert_allclose(dx, pooling_gradient(x, dout, case), name=f"{case}: dx")


@pytest.mark.task("max_pool_backward", points=1)
def test_gradients_of_maxima_agree_with_differences(student, rng):
    """Where windows overlap, gradients of any sign add up: central differences agree."""
    case = Case((2, 3, 9, 7), (3, 3), stride=2)
    x = rng.permutation(np.arange(378.0)).reshape(case.shape) / 100  # no two are nearly equal
    _, cache = pool(student, x, 3, 2)
    dout = rng.normal(size=pooled(x, case).shape)
    assert_gradient(
        lambda x: pooled(x, case),
        x,
        student.layers.max_pool_backward(dout, cache),
        upstream=dout,
        name="dx",
        of="sum(dout * out)",
        hint="A pixel that won several windows gets the sum.",
        rng=rng,
    )


@pytest.mark.task("max_pool_backward", points=1)
def test_gradients_of_maxima_keep_a_float_type(student, rng):
    """float32, whole numbers, slices, the same cache twice; a dout of another shape is refused."""
    case = POOLS[1]
    backward = student.layers.max_pool_backward
    for dtype in (np.float64, np.float32):
        x = rng.normal(size=case.shape).astype(dtype)
        _, cache = pool(student, x, 3, 2)
        for number in ("first", "second"):
            dout = stretched(rng.normal(size=pooled(x, case).shape).astype(dtype))
            dx = assert_unchanged(backward, dout, cache, names=("dout", "cache"))
            expected = pooling_gradient(x, dout, case)
            assert_allclose(dx, expected, name=f"{np.dtype(dtype)}, {number} time: dx")
    x = rng.permutation(np.arange(528)).reshape(case.shape)
    _, cache = pool(student, x, 3, 2)
    dout = whole(rng, *dout.shape)
    expected = pooling_gradient(x.astype(np.float64), dout.astype(np.float64), case)
    assert_allclose(backward(dout, cache), expected, name="whole numbers: dx")
    for wrong in (
        dout[0],
        dout[:1],
        dout[:, :1],
        dout[:, :, :1],
        dout[..., :1],
        dout.swapaxes(2, 3),
    ):
        name = f"max_pool_backward with a dout of shape {wrong.shape} for an output {dout.shape}"
        assert_raises(ValueError, backward, wrong, cache, name=name)
