"""Public tests of edges.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose

# The same step from dark to bright, once to the right and once downwards.
RIGHTWARDS = np.array([[0, 0, 10, 10, 10]] * 4, np.uint8)
DOWNWARDS = RIGHTWARDS.T.copy()
SLOPE = np.array(
    [
        [0.0, 30.0, 30.0, 0.0, -30.0],
        [0.0, 40.0, 40.0, 0.0, -40.0],
        [0.0, 40.0, 40.0, 0.0, -40.0],
        [0.0, 30.0, 30.0, 0.0, -30.0],
    ]
)


@pytest.mark.task("sobel_x", points=1)
def test_sobel_x_sees_a_vertical_edge(student):
    """sobel_x is positive where it gets brighter to the right."""
    assert_allclose(
        student.edges.sobel_x(RIGHTWARDS),
        SLOPE,
        name="Gx",
        picture=True,
        hint="If every sign is wrong, the kernel was not turned; if the numbers lie in other "
        "places, x and y are swapped.",
    )


@pytest.mark.task("sobel_x", points=1)
def test_sobel_x_hardly_sees_a_horizontal_edge(student):
    """Along a horizontal edge sobel_x sees only the border of the image."""
    expected = np.zeros((5, 4))
    expected[:, 0] = [0, 10, 30, 40, 30]
    expected[:, -1] = [0, -10, -30, -40, -30]
    assert_allclose(student.edges.sobel_x(DOWNWARDS), expected, name="Gx")


@pytest.mark.task("sobel_y", points=1)
def test_sobel_y_sees_a_horizontal_edge(student):
    """sobel_y is positive where it gets brighter downwards."""
    assert_allclose(
        student.edges.sobel_y(DOWNWARDS),
        SLOPE.T.copy(),
        name="Gy",
        picture=True,
        hint="sobel_y's kernel is the transpose of sobel_x's: 1 2 1 / 0 0 0 / -1 -2 -1.",
    )


@pytest.mark.task("gradient_magnitude", points=1)
def test_the_gradient_around_a_bright_pixel(student):
    """Around a single bright pixel the gradient is as strong on all sides."""
    image = np.zeros((3, 5))
    image[1, 2] = 6.0
    corner = 6.0 * np.sqrt(2.0)
    expected = np.array(
        [
            [0.0, corner, 12.0, corner, 0.0],
            [0.0, 12.0, 0.0, 12.0, 0.0],
            [0.0, corner, 12.0, corner, 0.0],
        ]
    )
    assert_allclose(
        student.edges.gradient_magnitude(image),
        expected,
        name="G",
        picture=True,
        hint="In the corners Gx and Gy are both 6 or -6: "
        "their squares add up to 72, and G is its root, 8.485.",
    )


@pytest.mark.task("gradient_magnitude", points=1)
def test_the_outline_of_a_digit(student, dataset):
    """The gradient draws the outline of a digit."""
    digit = dataset.train_images[3]
    p = np.zeros((30, 30))
    p[1:-1, 1:-1] = digit
    right = p[:-2, 2:] + 2 * p[1:-1, 2:] + p[2:, 2:]
    left = p[:-2, :-2] + 2 * p[1:-1, :-2] + p[2:, :-2]
    below = p[2:, :-2] + 2 * p[2:, 1:-1] + p[2:, 2:]
    above = p[:-2, :-2] + 2 * p[:-2, 1:-1] + p[:-2, 2:]
    assert_allclose(
        student.edges.gradient_magnitude(digit),
        np.hypot(right - left, below - above),
        name="G",
        picture=True,
    )
