"""Two layers of a convolutional network, forwards and backwards, in NumPy.

Images come in batches of shape (N, C, H, W): N images of C channels, each H
rows high and W columns wide. Both layers look through a window that slides over
the image, and both are built here from the same two functions: `im2col` writes
every window into a column of its own, and `col2im` takes the way back.

    x (N, C, H, W)  →  im2col  →  columns (N, C·KH·KW, OH·OW)  →  one matrix product  →  out

A convolution is then a product of matrices, which computers are very good at,
and its gradient is a product of matrices as well.

A layer's forward function returns its output and a *cache*: whatever the way
back will need. Its backward function gets that cache again, together with
`dout`, the gradient of the loss with respect to the output, and returns the
gradients with respect to the inputs. Only your own two functions look into a
cache, so what it holds is up to you.

No argument is ever changed, and no result shares its memory with an argument.
"""

import numpy as np


def im2col(x, kernel_height, kernel_width, stride, pad):
    """Write every window of some images into a column.

    Put a frame of `pad` zeros around each image. Lay a window on the upper left
    corner, and move it by `stride` pixels, first to the right and then down, as
    long as the whole window fits. Each position gives one column; it holds all
    that lies in the window: channel after channel, row after row.

    Parameters
    ----------
    x : ndarray of any number dtype, shape (N, C, H, W)
        A batch of images.
    kernel_height, kernel_width : int
        Rows and columns of the window, KH and KW.
    stride : int
        Pixels from one position to the next, downwards and to the right.
    pad : int
        Rows of zeros above and below, and columns of zeros left and right.

    Returns
    -------
    ndarray of x's float dtype, shape (N, C * KH * KW, OH * OW)
        ``OH = floor((H + 2 * pad - KH) / stride) + 1``, and OW likewise. Row
        ``(c * KH + i) * KW + j`` of column ``r * OW + s`` holds what lies in
        channel c at the padded pixel ``[r * stride + i, s * stride + j]``.
        A new array; whole numbers become float64.

    Raises
    ------
    ValueError
        If `x` is not 4-D, or if the window is larger than the padded images.

    Notes
    -----
    A loop over all positions is right and slow. Two ways are fast. There are
    few pixels in a window and many positions: for one pixel of the window, those
    of all positions are a single slice with a step. Or let
    ``np.lib.stride_tricks.sliding_window_view`` lay out all windows at once,
    without copying anything; what is left is to bring its axes into order.

    This is ``torch.nn.functional.unfold``.

    References
    ----------
    Chellapilla, Puri and Simard, *High Performance Convolutional Neural Networks
    for Document Processing* (2006), section 2.

    Examples
    --------
    >>> x = np.arange(1, 7).reshape(1, 1, 2, 3)
    >>> x[0, 0]
    array([[1, 2, 3],
           [4, 5, 6]])
    >>> im2col(x, 2, 2, stride=1, pad=0)
    array([[[1., 2.],
            [2., 3.],
            [4., 5.],
            [5., 6.]]])
    """
    ### BEGIN SOLUTION
    OH, OW = _positions(x.shape, kernel_height, kernel_width, stride, pad)
    N, C, H, W = x.shape
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=_float_dtype(x))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (kernel_height, kernel_width), axis=(2, 3), writeable=True
    )[:, :, ::stride, ::stride]
    # (N, C, OH, OW, KH, KW): only now, when the axes are in order, is anything copied.
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * kernel_height * kernel_width, OH * OW)
    ### END SOLUTION


def col2im(columns, x_shape, kernel_height, kernel_width, stride, pad):
    """Add every column back to where `im2col` took it from.

    This is not the inverse of `im2col` but its *adjoint*, or transpose: a pixel
    that lies in several windows has a place in several columns, and gets the sum
    of what stands there. What falls on the frame of zeros is dropped. Hence, for
    all images x and all columns y ::

        sum(im2col(x) * y)  =  sum(x * col2im(y))

    which is all that a gradient needs: whatever im2col copied from one pixel to
    many places, comes back from these places and adds up.

    Parameters
    ----------
    columns : ndarray of any number dtype, shape (N, C * KH * KW, OH * OW)
        Laid out as `im2col` lays them out.
    x_shape : tuple of int
        (N, C, H, W), the shape of the images, without the frame.
    kernel_height, kernel_width, stride, pad : int
        As for `im2col`.

    Returns
    -------
    ndarray of the columns' float dtype, shape (N, C, H, W)
        A new array; whole numbers become float64. Pixels that lie in no window
        are 0.

    Raises
    ------
    ValueError
        If `x_shape` has not four lengths, if the window is larger than the
        padded images, or if `columns` has not the shape that `im2col` would
        give for such images.

    Notes
    -----
    Go through the pixels of the *window*, of which there are few. The positions
    of one such pixel do not overlap, so a single slice adds them all.

    This is ``torch.nn.functional.fold``.

    Examples
    --------
    How many windows of 2 × 2 does each pixel of a 3 × 4 image lie in?

    >>> col2im(np.ones((1, 4, 6)), (1, 1, 3, 4), 2, 2, stride=1, pad=0)
    array([[[[1., 2., 2., 1.],
             [2., 4., 4., 2.],
             [1., 2., 2., 1.]]]])
    """
    ### BEGIN SOLUTION
    OH, OW = _positions(x_shape, kernel_height, kernel_width, stride, pad)
    N, C, H, W = x_shape
    wanted = (N, C * kernel_height * kernel_width, OH * OW)
    if columns.shape != wanted:
        raise ValueError(f"images of shape {x_shape} have columns {wanted}, got {columns.shape}")
    shares = columns.reshape(N, C, kernel_height, kernel_width, OH, OW)
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=_float_dtype(columns))
    height = stride * (OH - 1) + 1  # from the first window's corner to the last one's
    width = stride * (OW - 1) + 1
    for i in range(kernel_height):
        for j in range(kernel_width):
            here = padded[:, :, i : i + height : stride, j : j + width : stride]
            here += shares[:, :, i, j]
    return padded[:, :, pad : pad + H, pad : pad + W]
    ### END SOLUTION


def conv_forward(x, w, b, stride, pad):
    """Compute the output of a convolutional layer.

    Each of the F filters is as deep as the images: it has a kernel for every
    channel. At each position it multiplies what lies on top of each other, adds
    up over rows, columns *and channels*, and adds its own bias. So F filters
    give F channels.

    As everywhere in deep learning, the kernels are not turned: this is a
    cross-correlation.

    Parameters
    ----------
    x : ndarray of any number dtype, shape (N, C, H, W)
        A batch of images.
    w : ndarray of any number dtype, shape (F, C, KH, KW)
        The filters.
    b : ndarray of any number dtype, shape (F,)
        One bias for each filter.
    stride : int
        Pixels from one position to the next, downwards and to the right.
    pad : int
        Zeros around the images, as for `im2col`.

    Returns
    -------
    out : ndarray of x's float dtype, shape (N, F, OH, OW)
        ``out[n, f, r, s]`` is ``b[f]`` plus the sum over c, i and j of
        ``w[f, c, i, j] * padded[n, c, r * stride + i, s * stride + j]``.
        OH and OW are as for `im2col`. If `x` holds whole numbers: float64.
    cache : any object
        What `conv_backward` needs.

    Raises
    ------
    ValueError
        If `x` or `w` is not 4-D, if they differ in their channels, if `b` has
        not the shape (F,), or if the kernels are larger than the padded images.

    Notes
    -----
    Write each filter into one row of length C·KH·KW. A row times a column of
    `im2col` is one number of the output; all rows times all columns, a single
    product of matrices, is all of it.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 9.1 and 9.5.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> w = np.array([[[[1.0, 0.0], [0.0, -1.0]]]])
    >>> out, _ = conv_forward(x, w, np.array([0.5]), stride=1, pad=0)
    >>> out
    array([[[[-3.5, -3.5]]]])
    """
    ### BEGIN SOLUTION
    if w.ndim != 4 or b.shape != w.shape[:1]:
        raise ValueError(f"filters of shape {w.shape} cannot have biases of shape {b.shape}")
    F, C, KH, KW = w.shape
    OH, OW = _positions(x.shape, KH, KW, stride, pad)
    if x.shape[1] != C:
        raise ValueError(f"filters of {C} channels cannot read images of shape {x.shape}")
    columns = im2col(x, KH, KW, stride, pad)
    rows = w.reshape(F, C * KH * KW).astype(columns.dtype)
    out = rows @ columns
    out += b[:, np.newaxis]
    return out.reshape(len(x), F, OH, OW), (columns, rows, x.shape, w.shape, stride, pad)
    ### END SOLUTION


def conv_backward(dout, cache):
    """Compute the gradients of a convolutional layer.

    Parameters
    ----------
    dout : ndarray of any number dtype, shape (N, F, OH, OW)
        The gradient of the loss with respect to the output; any values.
    cache : object
        What `conv_forward` returned with that output. It stays as it is: the
        same cache may be used again.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
        The gradient with respect to the images.
    dw : ndarray, shape (F, C, KH, KW)
        The gradient with respect to the filters.
    db : ndarray, shape (F,)
        The gradient with respect to the biases. All three have the dtype of the
        output.

    Raises
    ------
    ValueError
        If `dout` has not exactly the shape of the output.

    Notes
    -----
    For one image `out` is ``rows @ columns + bias``, if `out` and `dout` are
    written with one row for each filter, (F, OH·OW). You know the
    gradients of a product from the network of two layers ::

        drows     from dout and columns, added up over the images
        dcolumns  from rows and dout
        dx        from dcolumns: what was copied comes back, and adds up
        db        a bias is used at every position of every image

    Write the shape of each array beside it, and the products are found.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 9.5.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> w = np.array([[[[1.0, 0.0], [0.0, -1.0]]]])
    >>> _, cache = conv_forward(x, w, np.array([0.5]), stride=1, pad=0)
    >>> dx, dw, db = conv_backward(np.array([[[[1.0, 10.0]]]]), cache)
    >>> dx
    array([[[[  1.,  10.,   0.],
             [  0.,  -1., -10.]]]])
    >>> dw
    array([[[[21., 32.],
             [54., 65.]]]])
    >>> db
    array([11.])
    """
    ### BEGIN SOLUTION
    columns, rows, x_shape, w_shape, stride, pad = cache
    (N, _, positions), (F, _, KH, KW) = columns.shape, w_shape
    wanted = (N, F, *_positions(x_shape, KH, KW, stride, pad))
    if dout.shape != wanted:
        raise ValueError(f"dout has the shape of the output, {wanted}, got {dout.shape}")
    upstream = dout.reshape(N, F, positions).astype(columns.dtype)
    dx = col2im(rows.T @ upstream, x_shape, KH, KW, stride, pad)
    dw = (upstream @ columns.transpose(0, 2, 1)).sum(axis=0).reshape(w_shape)
    db = upstream.sum(axis=(0, 2))
    return dx, dw, db
    ### END SOLUTION


def max_pool_forward(x, size, stride):
    """Keep the largest number of every window.

    The window is square, `size` by `size`, and nothing is padded. Channels do
    not mix. Where `stride` is less than `size` the windows overlap; where it is
    more there are gaps between them.

    Parameters
    ----------
    x : ndarray of any number dtype, shape (N, C, H, W)
        A batch of images. Negative numbers are ordinary.
    size : int
        Rows and columns of the window.
    stride : int
        Pixels from one position to the next, downwards and to the right.

    Returns
    -------
    out : ndarray of x's float dtype, shape (N, C, OH, OW)
        ``OH = floor((H - size) / stride) + 1``, and OW likewise. If `x` holds
        whole numbers: float64.
    cache : any object
        What `max_pool_backward` needs.

    Raises
    ------
    ValueError
        If `x` is not 4-D, or if the window is larger than the images.

    Notes
    -----
    `im2col` collects the windows here too. But a column of its holds all
    channels, so they have to be separated again before you look for the largest.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 9.3.

    Examples
    --------
    >>> x = np.array([[[[1.0, 7.0, 2.0, 0.0], [5.0, 3.0, 4.0, 8.0]]]])
    >>> max_pool_forward(x, 2, stride=2)[0]
    array([[[[7., 8.]]]])
    >>> max_pool_forward(x, 2, stride=1)[0]
    array([[[[7., 7., 8.]]]])
    """
    ### BEGIN SOLUTION
    OH, OW = _positions(x.shape, size, size, stride, 0)
    N, C, _, _ = x.shape
    windows = im2col(x, size, size, stride, 0).reshape(N, C, size * size, OH, OW)
    return windows.max(axis=2), (windows.argmax(axis=2), x.shape, size, stride)
    ### END SOLUTION


def max_pool_backward(dout, cache):
    """Send each gradient back to the pixel that was the largest in its window.

    The others had no influence: moving them a little changes nothing. A pixel
    that was the largest of several windows gets what comes from all of them.

    Parameters
    ----------
    dout : ndarray of any number dtype, shape (N, C, OH, OW)
        The gradient of the loss with respect to the output; any values.
    cache : object
        What `max_pool_forward` returned with that output. It stays as it is: the
        same cache may be used again.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        The gradient with respect to the images, of the dtype of the output.

    Raises
    ------
    ValueError
        If `dout` has not exactly the shape of the output.

    Notes
    -----
    If two pixels of a window are equally large, either may get the gradient.

    Examples
    --------
    >>> x = np.array([[[[1.0, 7.0, 2.0, 0.0], [5.0, 3.0, 4.0, 8.0]]]])
    >>> _, cache = max_pool_forward(x, 2, stride=1)
    >>> max_pool_backward(np.array([[[[1.0, 10.0, 100.0]]]]), cache)
    array([[[[  0.,  11.,   0.,   0.],
             [  0.,   0.,   0., 100.]]]])
    """
    ### BEGIN SOLUTION
    winners, x_shape, size, stride = cache
    if dout.shape != winners.shape:
        raise ValueError(f"dout has the shape of the output, {winners.shape}, got {dout.shape}")
    N, C, OH, OW = winners.shape
    places = np.arange(size * size)[:, np.newaxis, np.newaxis]
    won = winners[:, :, np.newaxis] == places
    columns = np.where(won, dout[:, :, np.newaxis], 0)
    return col2im(columns.reshape(N, C * size * size, OH * OW), x_shape, size, size, stride, 0)
    ### END SOLUTION


### BEGIN SOLUTION
def _positions(x_shape, kernel_height, kernel_width, stride, pad):
    """Return OH and OW: how many positions a window has in images of this shape."""
    if len(x_shape) != 4:
        raise ValueError(f"images have shape (N, C, H, W), got {x_shape}")
    height, width = x_shape[2] + 2 * pad, x_shape[3] + 2 * pad
    if kernel_height > height or kernel_width > width:
        raise ValueError(
            f"a window of {kernel_height} × {kernel_width} does not fit"
            f" into images of {height} × {width}"
        )
    return (height - kernel_height) // stride + 1, (width - kernel_width) // stride + 1


def _float_dtype(x):
    """Return x's own dtype if it is one of floats, and float64 for whole numbers."""
    return x.dtype if np.issubdtype(x.dtype, np.floating) else np.dtype(np.float64)


### END SOLUTION
