"""Find edges: where the brightness changes from one pixel to the next."""

import numpy as np
from convolution import convolve2d


def sobel_x(image):
    """Measure how brightness changes from left to right.

    The *convolution* of the image, padded with zeros, with ::

        1  0 -1
        2  0 -2
        1  0 -1

    Parameters
    ----------
    image : ndarray of any number dtype, shape (H, W)
        A grey image.

    Returns
    -------
    ndarray of float64, shape (H, W)
        Positive where it gets brighter to the right, negative where it gets
        darker, 0 where it stays the same. Strongest on *vertical* edges.

    Raises
    ------
    ValueError
        If `image` is not 2-D.

    Notes
    -----
    The border of the image is an edge too: beyond it lie zeros, that is, black.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing* (4th ed., 2018), 10.2.

    Examples
    --------
    >>> sobel_x(np.array([[0, 0, 9, 9], [0, 0, 9, 9], [0, 0, 9, 9]]))
    array([[  0.,  27.,  27., -27.],
           [  0.,  36.,  36., -36.],
           [  0.,  27.,  27., -27.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("sobel_x")


def sobel_y(image):
    """Measure how brightness changes from top to bottom.

    The *convolution* of the image, padded with zeros, with ::

         1  2  1
         0  0  0
        -1 -2 -1

    Parameters
    ----------
    image : ndarray of any number dtype, shape (H, W)
        A grey image.

    Returns
    -------
    ndarray of float64, shape (H, W)
        Positive where it gets brighter downwards, negative where it gets
        darker. Strongest on *horizontal* edges.

    Raises
    ------
    ValueError
        If `image` is not 2-D.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing* (4th ed., 2018), 10.2.

    Examples
    --------
    >>> sobel_y(np.array([[0, 0, 0], [5, 5, 5], [5, 5, 5]]))
    array([[ 15.,  20.,  15.],
           [ 15.,  20.,  15.],
           [-15., -20., -15.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("sobel_y")


def gradient_magnitude(image):
    """Measure how steep the brightness is, whatever the direction.

    Parameters
    ----------
    image : ndarray of any number dtype, shape (H, W)
        A grey image.

    Returns
    -------
    ndarray of float64, shape (H, W)
        G = sqrt(Gx² + Gy²), with Gx from `sobel_x` and Gy from `sobel_y`;
        never negative.

    Raises
    ------
    ValueError
        If `image` is not 2-D.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing* (4th ed., 2018), 10.2.

    Examples
    --------
    >>> gradient_magnitude(np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])).round(2)
    array([[1.41, 2.  , 1.41],
           [2.  , 0.  , 2.  ],
           [1.41, 2.  , 1.41]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("gradient_magnitude")
