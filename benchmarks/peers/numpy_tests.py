"""The ten tests of the benchmark's NumPy assignment, from which every peer's are written."""

import numpy as np
from numpy.testing import assert_allclose

IMAGE = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]])
LABELS = np.array([0, 2, 1, 4, 3] * 4)


def test_zeros_surround_the_image(student):
    """One row and one column of zeros on each side."""
    expected = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert_allclose(student.layers.pad2d(IMAGE[:1, :2], 1), expected)


def test_the_padding_may_be_wide(student):
    """The image stands in the middle of a wide frame of zeros."""
    padded = student.layers.pad2d(IMAGE, 5)
    expected = np.zeros((13, 14))
    expected[5:8, 5:9] = IMAGE
    assert_allclose(padded, expected)


def test_a_single_1_leaves_the_image_as_it_is(student):
    """A kernel with a single 1 in its middle changes nothing."""
    kernel = np.zeros((3, 3))
    kernel[1, 1] = 1.0
    assert_allclose(student.layers.convolve2d(IMAGE, kernel), IMAGE[1:2, 1:3].copy())


def test_the_kernel_is_turned(student):
    """The worked example."""
    kernel = np.array([[1.0, 0.0], [0.0, -1.0]])
    assert_allclose(student.layers.convolve2d(IMAGE, kernel), np.full((2, 3), 5.0))


def test_a_digit_is_convolved(student):
    """28 × 28 pixels with a kernel of 5 × 5, at all 576 places."""
    rng = np.random.default_rng(0)
    image, kernel = rng.standard_normal((28, 28)), rng.standard_normal((5, 5))
    windows = np.lib.stride_tricks.sliding_window_view(image, (5, 5))
    expected = np.einsum("hwij,ij->hw", windows, kernel[::-1, ::-1])
    assert_allclose(student.layers.convolve2d(image, kernel), expected, rtol=1e-6, atol=1e-9)


def test_probabilities_add_up_to_1(student):
    """Equal scores have equal probabilities, and the ratio of others is that of exponentials."""
    logits = np.log(np.array([[1.0, 1.0, 2.0], [3.0, 3.0, 3.0]]))
    expected = np.array([[0.25, 0.25, 0.5], [1 / 3, 1 / 3, 1 / 3]])
    assert_allclose(student.layers.softmax(logits), expected, rtol=1e-6)


def test_large_scores_do_not_overflow(student):
    """A score of 1000 is a legal input."""
    expected = np.array([[1.0, 0.0], [0.5, 0.5]])
    logits = np.array([[1000.0, 0.0], [1000.0, 1000.0]])
    assert_allclose(student.layers.softmax(logits), expected, atol=1e-9)


def test_equal_scores_cost_the_logarithm_of_their_number(student):
    """With C equal scores the loss is log C, for every number of examples."""
    assert_allclose(student.layers.cross_entropy(np.zeros((20, 5)), LABELS), float(np.log(5)))


def test_the_loss_is_a_mean(student):
    """The worked example: two examples, with probabilities 1/4 and 1/2 of the right class."""
    logits = np.log(np.array([[1.0, 3.0], [1.0, 1.0]]))
    loss = student.layers.cross_entropy(logits, np.array([0, 1]))
    assert_allclose(loss, float(np.log(8) / 2), rtol=1e-6)


def test_the_gradient_agrees_with_central_differences(student):
    """Each of the 100 elements of the gradient, by two calls of the loss."""
    logits = np.random.default_rng(1).standard_normal((20, 5))
    expected = np.zeros_like(logits)
    for place in np.ndindex(logits.shape):
        shifted = logits.copy()
        shifted[place] += 1e-5
        above = student.layers.cross_entropy(shifted, LABELS)
        shifted[place] -= 2e-5
        below = student.layers.cross_entropy(shifted, LABELS)
        expected[place] = (above - below) / 2e-5
    gradient = student.layers.d_cross_entropy(logits, LABELS)
    assert_allclose(gradient, expected, rtol=1e-4, atol=1e-8)
