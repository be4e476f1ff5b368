"""Public tests of padding.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises, assert_unchanged


@pytest.mark.task("pad2d", points=2)
def test_zeros_surround_the_image(student):
    """Zero padding surrounds the image with zeros."""
    image = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    expected = np.array(
        [
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 1.0, 2.0, 3.0, 0.0, 0.0],
            [0.0, 0.0, 4.0, 5.0, 6.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ]
    )
    assert_allclose(
        student.padding.pad2d(image, 1, 2),
        expected,
        name="padded",
        picture=True,
        hint="pad_height rows above and as many below, pad_width columns on either side.",
    )


@pytest.mark.task("pad2d", points=2)
def test_a_mirror_does_not_repeat_the_edge(student):
    """Reflection shows the image in a mirror, without repeating the edge."""
    image = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])
    expected = np.array(
        [
            [7.0, 6.0, 5.0, 6.0, 7.0, 8.0, 7.0, 6.0],
            [3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0],
            [7.0, 6.0, 5.0, 6.0, 7.0, 8.0, 7.0, 6.0],
            [3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0],
        ]
    )
    assert_allclose(
        student.padding.pad2d(image, 1, 2, mode="reflect"),
        expected,
        name="padded",
        picture=True,
        hint="The mirror stands on the border pixels: left of 1 2 3 4 come 3 2, "
        "not 1 1 (edge), 2 1 (edge repeated) or 3 4 (wrapped around).",
    )


@pytest.mark.task("pad2d", points=1)
def test_a_pad_of_0_leaves_that_axis_alone(student):
    """One axis can be padded without the other."""
    image = np.array([[1, 2, 3]], np.uint8)
    pad2d = student.padding.pad2d
    rows = pad2d(image, 2, 0)
    expected = np.array([[0, 0, 0], [0, 0, 0], [1, 2, 3], [0, 0, 0], [0, 0, 0]], np.uint8)
    assert_allclose(
        rows,
        expected,
        name="only rows: padded",
        hint="With p = 0 the slice [p:-p] is [0:0], empty.",
    )
    columns = pad2d(image, 0, 1, "reflect")
    assert_allclose(columns, np.array([[2, 1, 2, 3, 2]], np.uint8), name="only columns: padded")
    neither = assert_unchanged(pad2d, image, 0, 0, names=("image",))
    assert_allclose(neither, image, name="by 0 and 0: padded")


@pytest.mark.task("pad2d", points=1)
def test_impossible_paddings_are_refused(student):
    """Negative pads, unknown modes and mirrors that are too far away are refused."""
    image = np.array([[1.0, 2.0, 3.0]])
    pad2d = student.padding.pad2d
    assert_allclose(
        pad2d(image, 0, 2, "reflect"),
        np.array([[3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0]]),
        name="padded",
    )
    assert_raises(ValueError, pad2d, image, -1, 0, name="pad2d by -1 rows")
    assert_raises(ValueError, pad2d, image, 0, 1, "mirror", name="pad2d with mode='mirror'")
    assert_raises(
        ValueError,
        pad2d,
        image,
        0,
        3,
        "reflect",
        name="pad2d of 3 columns, reflected by 3,",
        hint="Beside the border pixel only 2 others are left to be reflected.",
    )
