"""Name the cause of a wrong gradient, where the numbers show it.

Every function here looks at the same evidence: the gradient that was given, and
what central differences give, for some or all of its elements. First come
patterns of the whole array, then what the wrong elements have in common. The
first pattern that fits writes the sentence; where none fits, nothing is said.
"""

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from grader.checks.deviations import describe_deviation
from grader.checks.evidence import Evidence
from grader.checks.words import show_index


def name_cause(evidence: Evidence) -> str:
    """Write a sentence that names the cause; an empty one if none is recognised."""
    if not evidence.wrong.any():
        return ""
    for recognise in (_suspect, _overwritten, _misplaced, _summed_too_far):
        if sentence := recognise(evidence):
            return sentence
    place, predicate = _place(evidence), describe_deviation(evidence)
    subject = "There it" if place else "This"
    return f"{place} {subject} {predicate}".strip() if predicate else place


def shape_cause(shape: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Say what leads to a gradient of this shape; nothing if nothing usual does."""
    if shape == expected[::-1]:
        return "This is the shape of the transpose: look at the order of the matrix product."
    if sorted(shape) == sorted(expected):
        return "The axes are in another order."
    if [n for n in shape if n != 1] == [n for n in expected if n != 1]:
        return "Only axes of length 1 differ: look at keepdims, reshape and squeeze."
    for axis in range(len(shape)):
        if shape[:axis] + shape[axis + 1 :] == expected:
            return (
                f"Axis {axis} was not summed. What is broadcast along an axis is used once for"
                " each index, so its gradient is the sum over that axis."
            )
    for axis in range(len(expected)):
        if expected[:axis] + expected[axis + 1 :] == shape:
            return f"It was summed over axis {axis}, which belongs to the result."
    return ""


def _suspect(evidence: Evidence) -> str:
    """Recognise a wrong value that the author of the test foresaw."""
    for sentence, value in evidence.suspects.items():
        foreseen = np.broadcast_to(value, evidence.gradient.shape)[evidence.grid]
        if evidence.same(evidence.got, foreseen, evidence.known):
            return sentence
    return ""


def _overwritten(evidence: Evidence) -> str:
    for number, part in enumerate(evidence.parts, start=1):
        if evidence.same(evidence.got, np.asarray(part[evidence.grid]), evidence.known):
            return (
                f"This is contribution {number} of {len(evidence.parts)} alone. What is used more"
                " than once gets a gradient from each use, and they add up: `+=`, not `=`."
            )
    return ""


def _misplaced(evidence: Evidence) -> str:
    """Recognise the right numbers in the wrong places."""
    if not np.any(evidence.measured[evidence.known]) or evidence.gradient.ndim > 4:
        return ""
    for axes, reversed_axes in _rearrangements(evidence.gradient.shape):
        rearranged = np.flip(evidence.gradient.transpose(axes), reversed_axes)[evidence.grid]
        if evidence.same(rearranged, evidence.measured, evidence.known):
            return _say_rearranged(axes, reversed_axes)
    if evidence.complete and _another_order(evidence):
        return "These are the right numbers in another order: a reshape for a transpose?"
    return ""


def _another_order(evidence: Evidence) -> bool:
    ours, theirs = np.sort(evidence.got, axis=None), np.sort(evidence.measured, axis=None)
    tolerance = float(np.max(evidence.tolerance))
    moved = float(np.max(np.abs(evidence.got - evidence.measured))) > 100 * tolerance
    return ours.size > 2 and moved and np.allclose(ours, theirs, rtol=0, atol=tolerance)


def _rearrangements(
    shape: tuple[int, ...],
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Give the orders of axes, and axes to reverse, that keep a shape; the simplest first."""
    axes = tuple(range(len(shape)))
    long = [axis for axis in axes if shape[axis] > 1]
    flips = [flip for count in range(len(long) + 1) for flip in itertools.combinations(long, count)]
    orders = [o for o in itertools.permutations(axes) if tuple(shape[i] for i in o) == shape]
    return (pair for pair in itertools.product(orders, flips) if pair != (axes, ()))


def _say_rearranged(axes: tuple[int, ...], reversed_axes: tuple[int, ...]) -> str:
    along = " and ".join(str(axis) for axis in reversed_axes)
    moved = " and ".join(str(place) for place, axis in enumerate(axes) if place != axis)
    if not moved:
        return f"This is the gradient reversed along axis {along}: is something flipped too often?"
    if reversed_axes:
        return f"This is the gradient with axes {moved} exchanged, and reversed along axis {along}."
    if len(axes) == 2:
        return "This is the transpose of the gradient: look at the order of the matrix product."
    return f"This is the gradient with axes {moved} exchanged."


def _summed_too_far(evidence: Evidence) -> str:
    """Recognise a sum or mean that was repeated along an axis of the result."""
    if not evidence.complete:
        return ""
    axes: list[int | None] = [axis for axis, n in enumerate(evidence.gradient.shape) if n > 1]
    reductions: dict[str, Callable[..., np.ndarray]] = {"sum": np.sum, "mean": np.mean}
    for axis, word in itertools.product([*axes, None] if axes else [], reductions):
        reduced = reductions[word](evidence.measured, axis=axis, keepdims=True)
        repeated = np.broadcast_to(reduced, evidence.got.shape)
        if np.max(np.abs(repeated)) > evidence.atol and evidence.same(
            evidence.got, repeated, evidence.known
        ):
            over = "everything" if axis is None else f"axis {axis}"
            return f"This is the {word} of the gradient over {over}, repeated: reduce fewer axes."
    return ""


def _place(evidence: Evidence) -> str:
    """Say in which one row, column or element everything wrong lies, or what is all right."""
    wrong, right = evidence.wrong, evidence.known & ~evidence.wrong
    single = {axis: used[0] for axis, used in _used(evidence, wrong).items() if len(used) == 1}
    if right.any() and len(single) == wrong.ndim:
        position = tuple(single.values())
        return f"Only {evidence.name}{show_index(position)} is wrong."
    for axis, index in single.items():
        if evidence.measured.shape[axis] > 1 and right.any():
            return f"Only {_slab(evidence, axis, index)} is wrong."
    for axis, used in _used(evidence, right).items():
        others = len(used) == 1 and len(_used(evidence, wrong)[axis]) > 1
        if others and used[0] not in _used(evidence, wrong)[axis]:
            return f"All is wrong but {_slab(evidence, axis, used[0])}."
    return ""


def _used(evidence: Evidence, mask: np.ndarray) -> dict[int, list[int]]:
    """Give for each axis the indices, in the whole array, at which a mask is true."""
    return {
        axis: [int(np.ravel(evidence.grid[axis])[i]) for i in np.unique(positions)]
        for axis, positions in enumerate(np.nonzero(mask) if mask.ndim else ())
    }


def _slab(evidence: Evidence, axis: int, index: int) -> str:
    shape = evidence.gradient.shape
    noun = {1: ("element",), 2: ("row", "column")}.get(len(shape), ())
    if not noun:
        return f"index {index} of axis {axis}"
    ends = {0: f"the first {noun[axis]}", shape[axis] - 1: f"the last {noun[axis]}"}
    return f"{ends.get(index, f'{noun[axis]} {index}')} of {evidence.name}"
