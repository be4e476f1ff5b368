"""Fingerprints: equal for equal answers, however they were come by, and for no others."""

import numpy as np
import pytest

from grader.checks.failure import Answer
from grader.fingerprints import fingerprint

DRAWN = np.random.default_rng(5)
IMAGE = DRAWN.standard_normal((7, 9))


def mark(value, name="result", test="test_a.py::test_b"):
    """Return the fingerprint of a value."""
    return fingerprint(test, Answer(name, value))


@pytest.mark.parametrize("size", [2, 3, 50, 5000])
@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1e12])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_rounding_errors_change_nothing(dtype, scale, size):
    """A sum in another order is the same answer."""
    array = (scale * DRAWN.standard_normal(size)).astype(dtype)
    noise = 1 + 4 * np.finfo(dtype).eps * DRAWN.choice([-1, 0, 1], size)
    assert mark(array)
    assert mark(array) == mark((array * noise).astype(dtype))


@pytest.mark.parametrize(
    "other",
    [
        IMAGE * 1.0001,
        IMAGE + 1e-4,
        -IMAGE,
        IMAGE[::-1],
        IMAGE.T,
        IMAGE.ravel(),
        IMAGE.astype("f4"),
        np.where(np.arange(9) == 4, np.nan, IMAGE),
        np.where(np.arange(9) == 4, np.inf, IMAGE),
        np.where(np.arange(9) == 4, -np.inf, IMAGE),
        [IMAGE],
        (IMAGE, 0.0),
    ],
)
def test_other_values_orders_shapes_and_dtypes_are_other_answers(other):
    """Whatever a check can tell apart is told apart."""
    assert mark(other)
    assert mark(other) != mark(IMAGE)


def test_a_single_wrong_element_of_many_shows():
    """An off-by-one at the edge is not the same as none."""
    other = IMAGE.copy()
    other[3, 4] += 1e-3
    assert mark(other) != mark(IMAGE)


def test_the_same_answer_in_another_test_or_under_another_name_is_another():
    """A mistake is known by what it gives to one question."""
    assert mark(IMAGE, name="dx") != mark(IMAGE)
    assert mark(IMAGE, test="test_a.py::test_c") != mark(IMAGE)


def test_a_number_is_the_same_whatever_holds_it():
    """Checks take 3, 3.0 and numpy's numbers where they expect a float."""
    marks = {mark(value) for value in (3, 3.0, np.float64(3), np.int32(3), np.array(3.0))}
    assert len(marks) == 1
    assert mark(3.5) not in marks


def test_lists_and_dicts_are_looked_into():
    """An answer of several parts is wrong if one part is."""
    assert mark([2.5, IMAGE]) == mark([2.5, IMAGE * (1 + 1e-15)])
    assert mark([2.5, IMAGE]) != mark([2.6, IMAGE])
    assert mark({"w": IMAGE}) != mark({"b": IMAGE})


class Lazy(np.ndarray):
    """What claims to be an array."""

    def ravel(self, *_):
        """Never be called."""
        raise AssertionError("a method of a student's object was called")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "a text",
        0,
        1.0,
        -1,
        True,
        float("nan"),
        float("inf"),
        pytest.param(10**400, id="beyond every float"),
        np.zeros((3, 4)),
        np.full(5, 2.5),
        np.full(5, np.nan),
        np.array([]),
        np.array([object()]),
        IMAGE.view(Lazy),
        object(),
        [IMAGE, object()],
        [],
        {},
    ],
)
def test_what_tells_no_mistake_from_another_has_no_fingerprint(value):
    """A single 0, a constant array or an object could come from anywhere."""
    assert mark(value) == ""


def test_a_list_that_holds_itself_has_none():
    """A worker cannot send one, a student's own run can meet one."""
    endless = [IMAGE]
    endless.append(endless)
    assert mark(endless) == ""
