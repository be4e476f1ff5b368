"""A frame of extra pixels, so that a kernel can reach over the border."""

import numpy as np


def pad2d(image, pad_height, pad_width, mode="zero"):
    """Put a frame around a grey image.

    Parameters
    ----------
    image : ndarray of any dtype, shape (H, W)
        A grey image.
    pad_height : int
        Rows to add above, and as many again below.
    pad_width : int
        Columns to add on the left, and as many again on the right.
    mode : {"zero", "reflect"}
        What to fill the frame with. ``"zero"``: zeros. ``"reflect"``: the
        image in a mirror that stands on the border pixels, so that they are
        not repeated: 1 2 3 4 padded by 2 becomes 3 2 1 2 3 4 3 2.

    Returns
    -------
    ndarray of the same dtype, shape (H + 2 * pad_height, W + 2 * pad_width)
        A new array, even when both pads are 0.

    Raises
    ------
    ValueError
        If `image` is not 2-D, if a pad is negative, if `mode` is unknown, or
        if a reflected pad is not smaller than its axis: a mirror on the edge
        of n pixels can show only n - 1 others.

    Notes
    -----
    Write this one by hand: ``np.pad`` may not be used in this file.

    References
    ----------
    Szeliski, *Computer Vision: Algorithms and Applications* (2nd ed., 2022), 3.2.

    Examples
    --------
    >>> pad2d(np.array([[1, 2], [3, 4]]), 1, 2)
    array([[0, 0, 0, 0, 0, 0],
           [0, 0, 1, 2, 0, 0],
           [0, 0, 3, 4, 0, 0],
           [0, 0, 0, 0, 0, 0]])
    >>> pad2d(np.array([[1, 2, 3, 4]]), 0, 2, mode="reflect")
    array([[3, 2, 1, 2, 3, 4, 3, 2]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("pad2d")
