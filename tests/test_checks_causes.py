"""Which cause of a wrong gradient is named, from numbers alone."""

import math
from typing import Any

import numpy as np
import pytest

from grader.checks.causes import name_cause, shape_cause
from grader.checks.evidence import Evidence

G = np.random.default_rng(0).standard_normal((4, 3))
X = np.random.default_rng(1).standard_normal((4, 3))
SQUARE = np.random.default_rng(2).standard_normal((3, 3))


def cause(gradient: np.ndarray, measured: np.ndarray = G, **told: Any) -> str:
    """Name the cause when every element was measured."""
    grid = np.ix_(*(range(n) for n in measured.shape))
    known = {"x": X if measured.shape == X.shape else 1 + measured, "name": "dw"}
    return name_cause(
        Evidence(
            gradient=np.asarray(gradient, dtype=float), grid=grid, measured=measured,
            rtol=1e-6, atol=1e-9, **(known | told),
        )
    )  # fmt: skip


def changed(index: Any, value: Any, array: np.ndarray = G) -> np.ndarray:
    array = array.copy()
    array[index] = value
    return array


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (-1, "This is minus the gradient"),
        (2, "This is twice the gradient"),
        (0.5, "This is half the gradient"),
        (math.log(2), "This is ln 2 = 0.693 times the gradient"),
        (1 / math.log(2), "This is 1 / ln 2 = 1.443 times the gradient"),
        (12, "This is the gradient times 12, and 12 is N: this belongs to a sum"),
        (-12, "This is minus the gradient times 12, and 12 is N"),
        (1 / 12, "This is the gradient divided by 12, and 12 is N: it was divided once too often"),
        (144, "This is the gradient times 144, and 144 is N * N"),
        (12 / 64, "This is N / batch times the gradient: divide by N, which is 12 here."),
        (4, "This is the gradient times 4, and 4 is the number of rows of dw"),
        (3.3, "This is 3.3 times the gradient: a constant factor is wrong."),
        (0, "This is zero: was it never computed"),
        (1 + 3e-6, ""),
    ],
)
def test_a_constant_factor(factor, words):
    """A factor is named by what it is, the author's names first."""
    told = {"sizes": {"N": 12, "batch": 64}, "lengths": ((4, "the number of rows of dw"),)}
    assert cause(factor * G, **told).startswith(words)
    assert bool(cause(factor * G, **told)) == bool(words)


@pytest.mark.parametrize(
    ("gradient", "words"),
    [
        (changed(-1, 0), "Only the last row of dw is wrong. There it is zero"),
        (changed((0), -G[0]), "Only the first row of dw is wrong. There it is minus the gradient"),
        (changed((slice(None), 1), 0), "Only column 1 of dw is wrong. There it is zero"),
        (changed((2, 1), 7), "Only dw[2, 1] is wrong."),
        (changed(slice(0, 3), 2 * G[:3]), "All is wrong but the last row of dw. There it is twice"),
    ],
)
def test_where_it_is_wrong(gradient, words):
    """When one row or column is wrong, or one is right, that is said first."""
    assert cause(gradient).startswith(words)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (-1, "This lacks the term l2 * w, which comes from the L2 penalty."),
        (-0.5, "This has half of the term l2 * w"),
        (1, "This has the term l2 * w once too often"),
        (-2, "This subtracts the term l2 * w"),
        (7, "This has a term too many, 0.7 * w"),
        (-7, "This lacks a term, 0.7 * w"),
    ],
)
def test_a_term_of_the_penalty(share, words):
    """A difference proportional to x comes from the penalty."""
    assert cause(G + share * 0.1 * X, sizes={"l2": 0.1}).startswith(words)


def test_the_penalty_on_the_bias_row():
    """The place and the term are named together."""
    words = cause(changed(-1, G[-1] + 0.1 * X[-1]), sizes={"l2": 0.1})
    assert words.startswith("Only the last row of dw is wrong. There it has the term l2 * w once")


def test_numbers_in_other_places():
    """The transpose, reversed axes and another order are recognised."""
    images = np.random.default_rng(3).standard_normal((2, 3, 4, 4))
    assert cause(SQUARE.T, SQUARE).startswith("This is the transpose of the gradient")
    assert cause(G[:, ::-1]).startswith("This is the gradient reversed along axis 1:")
    flipped, swapped = images[:, :, ::-1, ::-1], images.swapaxes(2, 3)
    assert cause(flipped, images).startswith("This is the gradient reversed along axis 2 and 3:")
    assert cause(swapped, images) == "This is the gradient with axes 2 and 3 exchanged."
    assert "another order" in cause(G.T.reshape(4, 3))


def test_a_sum_that_goes_too_far():
    """A sum or mean that was repeated is told from the gradient."""
    assert cause(np.tile(G.sum(axis=0), (4, 1))).startswith("This is the sum of the gradient over")
    mean = np.repeat(G.mean(axis=1, keepdims=True), 3, axis=1)
    assert cause(mean).startswith("This is the mean of the gradient over axis 1")
    assert "over everything" in cause(np.full_like(G, G.sum()))


def test_a_missing_one_hot():
    """One element in each row is off by the same number."""
    off = np.eye(3)[[0, 2, 1, 1]] / 4
    words = "This is off by the same 0.25 in one element of each row"
    assert cause(G + off).startswith(words)


def test_a_missing_mask():
    """Where the gradient is stopped, it is not."""
    measured = np.where(X > 0.3, G, 0.0)
    assert cause(G, measured).startswith("This is not zero where the gradient is zero")


def test_a_missing_constant_or_shared_term():
    """A difference that does not change is told, everywhere or along an axis."""
    assert cause(G + 0.3).startswith("This is off by the same 0.3: a constant term is wrong.")
    shared = cause(G + np.array([0.1, -0.2, 0.5]))
    assert shared.startswith("This is off by a number that does not change along axis 0")


def test_what_the_author_foresaw():
    """Suspects come first, then one of several contributions."""
    assert cause(G**2, suspects={"Do not square.": G**2}) == "Do not square."
    words = cause(X, X + G, parts=[X, G])
    assert words.startswith("This is contribution 1 of 2 alone.")


def test_kinks_are_no_evidence():
    """An element that was not measured may be anything."""
    measured = changed((1, 1), np.nan)
    assert cause(-G, measured).startswith("This is minus the gradient")
    assert cause(changed((1, 1), 9), measured) == ""


def test_no_pattern_no_cause():
    """Where nothing fits, nothing is said."""
    assert cause(np.sin(3 * X)) == ""
    assert cause(G) == ""


def test_a_part_of_a_large_array_is_enough():
    """Causes are recognised from some rows and columns."""
    large = np.random.default_rng(4).standard_normal((50, 40))
    grid = np.ix_([0, 7, 30, 49], [0, 5, 39])
    wrong = changed(-1, 2 * large[-1], large)
    evidence = Evidence(
        gradient=wrong, x=large, grid=grid, measured=large[grid], rtol=1e-6, atol=1e-9, name="dw"
    )
    assert name_cause(evidence).startswith("Only the last row of dw is wrong. There it is twice")


@pytest.mark.parametrize(
    ("shape", "expected", "words"),
    [
        ((3, 4), (4, 3), "This is the shape of the transpose"),
        ((2, 4, 3), (2, 3, 4), "The axes are in another order."),
        ((1, 3), (3,), "Only axes of length 1 differ"),
        ((12, 3), (3,), "Axis 0 was not summed."),
        ((3,), (12, 3), "It was summed over axis 0, which belongs to the result."),
        ((5, 5), (4, 3), ""),
    ],
)
def test_the_cause_of_a_shape(shape, expected, words):
    """A wrong shape tells its cause by itself."""
    assert shape_cause(shape, expected).startswith(words)
    assert bool(shape_cause(shape, expected)) == bool(words)
