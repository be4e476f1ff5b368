"""Slide a kernel over an image.

*Correlation* lays the kernel on the image as it is; *convolution* first turns
it by 180 degrees. Deep-learning libraries compute correlations and call them
convolutions, which is harmless for kernels that are learned, and wrong by a
sign or a shift for kernels that are given.

Kernels and images may be of any size, square or not. Results are float64,
whatever the dtype of the image, so that nothing overflows.
"""

import numpy as np
from padding import pad2d


def output_size(size, kernel_size, stride=1, padding=0):
    """Count the positions that a kernel takes along one axis.

    Parameters
    ----------
    size : int
        Length of the axis, in pixels.
    kernel_size : int
        Length of the kernel along this axis.
    stride : int
        Pixels from one position to the next.
    padding : int
        Pixels added at *each* end of the axis.

    Returns
    -------
    int
        floor((size + 2 * padding - kernel_size) / stride) + 1.

    Raises
    ------
    ValueError
        If `size`, `kernel_size` or `stride` is less than 1, if `padding` is
        negative, or if the kernel is longer than the padded axis.

    References
    ----------
    Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*
    (2016), arXiv:1603.07285, relationship 6.

    Examples
    --------
    >>> output_size(28, 3)
    26
    >>> output_size(20, 5, stride=3)
    6
    """
    # YOUR CODE HERE
    raise NotImplementedError("output_size")


def correlate2d(image, kernel, stride=1):
    """Correlate a grey image with a kernel, without padding.

    Lay the kernel on the image, multiply what lies on top of each other, and
    add up; then move on. Only positions where the whole kernel fits count.

    Parameters
    ----------
    image : ndarray of any number dtype, shape (H, W)
        A grey image.
    kernel : ndarray of any number dtype, shape (KH, KW)
        The kernel; not turned. KH and KW may differ, and may be even.
    stride : int
        Pixels from one position to the next, downwards and to the right. The
        first position is the upper left corner.

    Returns
    -------
    ndarray of float64, shape (output_size(H, KH, stride), output_size(W, KW, stride))
        ``result[r, c]`` is the sum over i and j of
        ``image[r * stride + i, c * stride + j] * kernel[i, j]``.

    Raises
    ------
    ValueError
        If `image` or `kernel` is not 2-D, or if the kernel is larger than the
        image.

    Notes
    -----
    A loop over all pixels is correct and slow. There are few kernel elements
    and many pixels: loop over the kernel, and let each of its elements weigh
    a whole shifted image at once. ``np.convolve``, ``np.correlate`` and SciPy
    may not be used in this file.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 9.1.

    Examples
    --------
    >>> image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    >>> correlate2d(image, np.array([[1, 0], [0, -1]]))
    array([[-4., -4.],
           [-4., -4.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("correlate2d")


def convolve2d(image, kernel, padding="zero"):
    """Convolve a grey image with a kernel.

    Parameters
    ----------
    image : ndarray of any number dtype, shape (H, W)
        A grey image.
    kernel : ndarray of any number dtype, shape (KH, KW)
        The kernel. It is turned by 180 degrees (both axes reversed) before it
        is laid on the image.
    padding : {"zero", "reflect", "valid"}
        ``"zero"`` and ``"reflect"`` pad the image as `pad2d` does, so that the
        result is as large as the image. ``"valid"`` pads nothing and uses only
        positions where the whole kernel fits.

    Returns
    -------
    ndarray of float64
        Shape (H, W) for ``"zero"`` and ``"reflect"``, and
        (H - KH + 1, W - KW + 1) for ``"valid"``.

    Raises
    ------
    ValueError
        If `image` or `kernel` is not 2-D, if `padding` is unknown, if the
        kernel is larger than the image and `padding` is ``"valid"``, or if the
        image is too small to be reflected.

    Notes
    -----
    A kernel with an odd number of rows has a middle row, and that one rests on
    the pixel being computed. An even kernel has none: of its two middle rows
    (counted after the turn) the *lower* one rests on the pixel, and likewise
    the right one of the two middle columns. The turned kernel so reaches
    KH // 2 rows above the pixel and (KH - 1) // 2 rows below it, which is how
    ``scipy.signal.convolve2d(mode="same")`` centres it.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning* (2016), 9.1.
    Gonzalez and Woods, *Digital Image Processing* (4th ed., 2018), 3.4.

    Examples
    --------
    >>> image = np.array([[1, 2, 3, 4, 5], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])
    >>> kernel = np.array([[0, 1, 0], [1, 0, 1], [0, 2, 0]])
    >>> convolve2d(image, kernel)
    array([[ 9., 12., 15., 18., 15.],
           [22., 33., 38., 43., 36.],
           [27., 42., 46., 50., 37.]])
    >>> convolve2d(image, kernel, padding="valid")
    array([[33., 38., 43.]])
    """
    # YOUR CODE HERE
    raise NotImplementedError("convolve2d")


def convolve_image(image, kernel):
    """Convolve each channel of a colour image with the same kernel.

    Parameters
    ----------
    image : ndarray of any number dtype, shape (H, W, C)
        A colour image, with any number of channels.
    kernel : ndarray of any number dtype, shape (KH, KW)
        The kernel, turned and zero-padded as in `convolve2d`.

    Returns
    -------
    ndarray of float64, shape (H, W, C)
        Each channel convolved by itself; channels do not mix.

    Raises
    ------
    ValueError
        If `image` is not 3-D or `kernel` is not 2-D.

    Examples
    --------
    >>> image = np.array([[[1, 10], [2, 20], [3, 30]]])
    >>> convolve_image(image, np.array([[1, 1, 1]])).tolist()
    [[[3.0, 30.0], [6.0, 60.0], [5.0, 50.0]]]
    """
    # YOUR CODE HERE
    raise NotImplementedError("convolve_image")
