"""Images are arrays: numbers, channels and boxes.

A grey image has shape (H, W), a colour image (H, W, C), a batch of images
(N, H, W, C). The first index is the row and counts downwards. On disk a pixel
is an integer from 0 to 255; we compute with floats from 0 to 1.

No function here changes its arguments, and none returns a view of them.
"""

import numpy as np


def to_float(image):
    """Turn an image of bytes into an image of floats from 0 to 1.

    Parameters
    ----------
    image : ndarray of uint8, any shape
        Brightness from 0 (black) to 255 (white).

    Returns
    -------
    ndarray of float64, same shape
        Brightness from 0 (black) to 1 (white).

    References
    ----------
    Szeliski, *Computer Vision: Algorithms and Applications* (2nd ed., 2022), 2.3.

    Examples
    --------
    >>> to_float(np.array([[0, 51, 255]], dtype=np.uint8))
    array([[0. , 0.2, 1. ]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("to_float")


def to_uint8(image):
    """Turn an image of floats from 0 to 1 into an image of bytes.

    Values below 0 become 0 and values above 1 become 255; everything between
    is rounded to the nearest byte, not cut off.

    Parameters
    ----------
    image : ndarray of float or int, any shape
        Brightness, meant to lie between 0 (black) and 1 (white).

    Returns
    -------
    ndarray of uint8, same shape
        The integer nearest to 255 times the clipped brightness.

    Notes
    -----
    A byte cannot hold 300 or -4: such a number wraps around (300 becomes 44).
    Clip while the numbers are still floats.

    Examples
    --------
    >>> to_uint8(np.array([[-0.5, 0.0, 0.2, 0.999, 7.0]]))
    array([[  0,   0,  51, 255, 255]], dtype=uint8)
    """
    # YOUR CODE HERE
    raise NotImplementedError("to_uint8")


def gray_to_rgb(image):
    """Repeat a grey image in the red, the green and the blue channel.

    Parameters
    ----------
    image : ndarray of any dtype, shape (H, W)
        A grey image.

    Returns
    -------
    ndarray of the same dtype, shape (H, W, 3)
        A new array that looks just as grey. The channels come last.

    Raises
    ------
    ValueError
        If `image` is not 2-D.

    Examples
    --------
    >>> gray_to_rgb(np.array([[7, 9]])).tolist()
    [[[7, 7, 7], [9, 9, 9]]]
    """
    # YOUR CODE HERE
    raise NotImplementedError("gray_to_rgb")


def zero_channel(image, channel):
    """Switch one colour channel off.

    Parameters
    ----------
    image : ndarray of any dtype, shape (H, W, C)
        A colour image.
    channel : int
        Which channel to set to 0; 0 <= channel < C.

    Returns
    -------
    ndarray of the same dtype and shape
        A copy of `image` with 0 everywhere in that channel.

    Raises
    ------
    ValueError
        If `image` is not 3-D, or if it has no such channel. Python would read
        -1 as "the last one"; here it is a mistake.

    Examples
    --------
    >>> zero_channel(np.array([[[10, 20, 30], [40, 50, 60]]]), 1).tolist()
    [[[10, 0, 30], [40, 0, 60]]]
    """
    # YOUR CODE HERE
    raise NotImplementedError("zero_channel")


def draw_box(image, top, left, height, width, color):
    """Draw a filled box on a copy of an image.

    The box covers the rows top, ..., top + height - 1 and the columns left,
    ..., left + width - 1. What lies outside the image is clipped away, so a
    box may start at a negative row, or miss the image altogether.

    Parameters
    ----------
    image : ndarray of any dtype, shape (H, W) or (H, W, C)
        The image to draw on; it is not changed.
    top, left : int
        Row and column of the upper left corner of the box; may be negative.
    height, width : int
        Size of the box in pixels; 0 draws nothing.
    color : number, or sequence of C numbers
        The new value of each covered pixel: one number for a grey image, one
        number for each channel of a colour image.

    Returns
    -------
    ndarray of the same dtype and shape
        A copy of `image` with the box drawn on it.

    Raises
    ------
    ValueError
        If `image` is neither 2-D nor 3-D, if `height` or `width` is negative,
        or if `color` does not have one number for each channel.

    Notes
    -----
    A negative start in a slice counts from the far end: ``image[-1:2]`` is not
    "the first two rows". Decide where the box begins and ends before slicing.

    Examples
    --------
    >>> draw_box(np.zeros((3, 4), dtype=int), top=1, left=-1, height=9, width=3, color=5)
    array([[0, 0, 0, 0],
           [5, 5, 0, 0],
           [5, 5, 0, 0]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("draw_box")


def to_channels_first(images):
    """Move the channels of a batch from last (NHWC) to first (NCHW).

    Files and matplotlib keep the three colours of a pixel together (NHWC);
    PyTorch keeps the pixels of one colour together (NCHW).

    Parameters
    ----------
    images : ndarray of any dtype, shape (N, H, W, C)
        A batch of images, channels last.

    Returns
    -------
    ndarray of the same dtype, shape (N, C, H, W)
        A new array; ``result[n, c, h, w]`` is ``images[n, h, w, c]``.

    Raises
    ------
    ValueError
        If `images` is not 4-D.

    Notes
    -----
    A reshape gives the right shape and scrambles the picture: it keeps the
    numbers in their order. The axes have to change places. NumPy does that
    without moving a number, so it returns a view; a copy is asked for here.

    Examples
    --------
    >>> two_red_blue_pixels = np.array([[[[1, 10], [2, 20]]]])
    >>> to_channels_first(two_red_blue_pixels).tolist()
    [[[[1, 2]], [[10, 20]]]]
    """
    # YOUR CODE HERE
    raise NotImplementedError("to_channels_first")


def to_channels_last(images):
    """Move the channels of a batch from first (NCHW) to last (NHWC).

    This undoes `to_channels_first`.

    Parameters
    ----------
    images : ndarray of any dtype, shape (N, C, H, W)
        A batch of images, channels first.

    Returns
    -------
    ndarray of the same dtype, shape (N, H, W, C)
        A new array; ``result[n, h, w, c]`` is ``images[n, c, h, w]``.

    Raises
    ------
    ValueError
        If `images` is not 4-D.

    Examples
    --------
    >>> to_channels_last(np.array([[[[1, 2]], [[10, 20]]]])).tolist()
    [[[[1, 10], [2, 20]]]]
    """
    # YOUR CODE HERE
    raise NotImplementedError("to_channels_last")
