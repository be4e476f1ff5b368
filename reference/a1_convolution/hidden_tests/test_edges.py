"""Hidden tests of edges.py: any image, in any dtype, and the border."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises, assert_unchanged

IMAGE = np.array([[1, 2, 3, 4, 5], [7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])


def slopes(image):
    """Measure both slopes pixel by pixel: brighter minus darker neighbours."""
    H, W = image.shape
    framed = np.zeros((H + 2, W + 2))
    framed[1:-1, 1:-1] = image
    Gx, Gy = np.zeros((H, W)), np.zeros((H, W))
    for row, column in np.ndindex(H, W):
        around = framed[row : row + 3, column : column + 3]
        Gx[row, column] = [1, 2, 1] @ (around[:, 2] - around[:, 0])
        Gy[row, column] = [1, 2, 1] @ (around[2] - around[0])
    return Gx, Gy


@pytest.mark.task("sobel_x", points=1)
def test_sobel_x_of_any_image(student, rng):
    """sobel_x has the right sign and size everywhere, at the border too."""
    sobel_x = student.edges.sobel_x
    expected = [[12, 6, 6, 6, -18], [31, 8, 8, 8, -39], [34, 6, 6, 6, -40]]
    assert_allclose(sobel_x(IMAGE), np.array(expected, float), name="worked example: Gx")
    image = rng.normal(size=(6, 9))
    assert_allclose(sobel_x(image), slopes(image)[0], name="Gx")


@pytest.mark.task("sobel_x", points=1)
def test_sobel_x_of_bytes(student, reference, dataset):
    """Bytes do not overflow in sobel_x, the image stays, and colour images are refused."""
    digit = dataset.test_images[3]
    Gx = assert_unchanged(student.edges.sobel_x, digit, names=("image",))
    assert_allclose(Gx, reference.edges.sobel_x(digit), name="Gx", picture=True)
    part = digit[4:24:2, 20:4:-1]
    assert_allclose(student.edges.sobel_x(part), slopes(part)[0], name="part of a digit: Gx")
    assert_raises(
        ValueError, student.edges.sobel_x, np.ones((4, 4, 3)), name="sobel_x of a colour image"
    )


@pytest.mark.task("sobel_y", points=1)
def test_sobel_y_of_any_image(student, rng):
    """sobel_y has the right sign and size everywhere, at the border too."""
    sobel_y = student.edges.sobel_y
    expected = [[22, 32, 36, 40, 32], [33, 44, 44, 44, 33], [-22, -32, -36, -40, -32]]
    assert_allclose(sobel_y(IMAGE), np.array(expected, float), name="worked example: Gy")
    image = rng.normal(size=(9, 6))
    assert_allclose(sobel_y(image), slopes(image)[1], name="Gy")


@pytest.mark.task("sobel_y", points=1)
def test_sobel_y_of_bytes(student, reference, dataset):
    """Bytes do not overflow in sobel_y, the image stays, and colour images are refused."""
    digit = dataset.test_images[3]
    Gy = assert_unchanged(student.edges.sobel_y, digit, names=("image",))
    assert_allclose(Gy, reference.edges.sobel_y(digit), name="Gy", picture=True)
    part = digit[4:24:2, 20:4:-1]
    assert_allclose(student.edges.sobel_y(part), slopes(part)[1], name="part of a digit: Gy")
    assert_raises(
        ValueError, student.edges.sobel_y, np.ones((4, 4, 3)), name="sobel_y of a colour image"
    )


@pytest.mark.task("gradient_magnitude", points=1)
def test_the_gradient_of_any_image(student, rng):
    """The gradient is the root of the sum of the squares, for floats of either sign."""
    image = rng.normal(size=(5, 8))
    assert_allclose(
        student.edges.gradient_magnitude(image),
        np.hypot(*slopes(image)),
        name="G",
        hint="G = sqrt(Gx**2 + Gy**2). |Gx| + |Gy| is larger wherever neither is 0.",
    )


@pytest.mark.task("gradient_magnitude", points=1)
def test_the_gradient_of_bytes(student, rng):
    """Strong edges of a byte image do not overflow, and the image stays as it was."""
    image = rng.choice(np.array([0, 255], np.uint8), (12, 7))[::2]
    G = assert_unchanged(student.edges.gradient_magnitude, image, names=("image",))
    assert_allclose(G, np.hypot(*slopes(image)), name="G")
    assert_raises(
        ValueError,
        student.edges.gradient_magnitude,
        np.ones((4, 4, 3)),
        name="gradient_magnitude of a colour image",
    )
