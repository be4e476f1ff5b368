"""Measure how often a student's predictions are right.

The labels stay here: the student's function is given images alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.failure import CheckFailure
from grader.checks.measured import note_accuracy
from grader.checks.picture import Confusion, Example
from grader.checks.pictures import is_image
from grader.checks.shown import note_picture
from grader.checks.words import describe, show_number

_BATCH = 1000  # images that are handed over at once
_EXAMPLES = 8  # of what is mistaken, to be looked at


def assert_accuracy(
    predict: Callable[[np.ndarray], Any],
    images: np.ndarray,
    labels: np.ndarray,
    tiers: Mapping[float, float],
    *,
    name: str = "accuracy",
    batch: int = _BATCH,
    hint: str = "",
) -> float:
    """Fail unless enough predictions are right; a lower tier earns a share of the points.

    Parameters
    ----------
    predict : callable
        Maps some of the images to their predictions: an array of integers, shape
        (N,), the class of each; or an array of floats, shape (N, C), the scores
        of each class, of which the largest wins.
    images : ndarray, shape (N, …)
        Handed over in their order, `batch` at a time.
    labels : ndarray of integers, shape (N,)
        The right classes, 0 to C - 1; C is the largest label plus one.
    tiers : mapping of float to float
        The share of the points for each accuracy: ``{0.90: 0.6, 0.915: 1.0}``. The
        fixture `tiers` gives those that `assignment.toml` lists for the test.
    name : str
        What the message calls the accuracy.
    hint : str
        What a student should think about when too few are right.

    Returns
    -------
    float
        The accuracy.

    Raises
    ------
    CheckFailure
        If the accuracy is below the highest tier; its `share` is that of the tier
        that was reached. Also, with share 0, if what came back are no predictions,
        or all the same.

    Examples
    --------
    >>> labels = np.array([0, 1, 2, 1])
    >>> assert_accuracy(lambda images: images, labels, labels, {0.9: 1.0})
    1.0
    """
    __tracebackhide__ = True
    classes = int(np.max(labels)) + 1
    starts = range(0, len(images), batch)
    parts = [_predicted(predict, images[i : i + batch], classes) for i in starts]
    predicted = np.concatenate([_classes(part) for part in parts])
    right = int(np.count_nonzero(predicted == labels))
    accuracy = right / len(labels)
    note_accuracy(accuracy)
    note_picture(_confusion(parts, predicted, images, labels))
    if np.all(predicted == predicted[0]) and not np.all(labels == labels[0]):
        problem = f"every one of the {len(labels)} images is taken for class {predicted[0]}"
        raise CheckFailure(problem, hint or "Do the predictions depend on the image?")
    share = max((tiers[tier] for tier in tiers if accuracy >= tier), default=0.0)
    if share < 1.0:
        lines = [
            f"{name} is {accuracy:.4g}, {_earned(share)}",
            f"  right: {right} of {len(labels)}",
            f"  thresholds: {_thresholds(tiers)}",
            f"  most often mistaken: {_most_confused(predicted, labels, classes)}",
        ]
        raise CheckFailure("\n".join(lines), hint, share=share)
    return accuracy


def _predicted(
    predict: Callable[[np.ndarray], Any], images: np.ndarray, classes: int
) -> np.ndarray:
    """Ask for the classes or scores of some images, and look at the answer."""
    __tracebackhide__ = True
    answer = predict(images.copy())
    problem = _problem(answer, len(images), classes)
    if problem:
        raise CheckFailure(problem)
    return np.asarray(answer)


def _classes(answer: np.ndarray) -> np.ndarray:
    """Give the classes that an answer stands for."""
    return np.asarray(answer if answer.ndim == 1 else np.argmax(answer, axis=1), dtype=np.int64)


def _confusion(
    answers: Sequence[np.ndarray], predicted: np.ndarray, images: np.ndarray, labels: np.ndarray
) -> Confusion:
    """Gather what was taken for what, and the mistakes that were made with most confidence."""
    classes = int(np.max(labels)) + 1
    pairs = labels.astype(np.int64) * classes + predicted
    counts = np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    wrong = np.flatnonzero(predicted != labels)
    surest = wrong[np.argsort(-_confidence(answers)[wrong], kind="stable")]
    return Confusion(
        counts,
        tuple(
            Example(images[i].copy(), int(labels[i]), int(predicted[i]))
            for i in surest[:_EXAMPLES]
            if is_image(images[i])
        ),
    )


def _confidence(answers: Sequence[np.ndarray]) -> np.ndarray:
    """Say by how much each prediction wins; classes alone tell nothing about that."""
    leads = []
    for answer in answers:
        if answer.ndim == 1 or answer.shape[1] < 2:
            leads.append(np.zeros(len(answer)))
        else:
            best = np.partition(answer, -2, axis=1)
            with np.errstate(all="ignore"):
                leads.append(best[:, -1].astype(np.float64) - best[:, -2])
    return np.nan_to_num(np.concatenate(leads))


def _problem(answer: Any, count: int, classes: int) -> str:
    """Say why an answer is no prediction; nothing if it is one."""
    wanted = f"{count} integers, or scores of shape ({count}, {classes})"
    if type(answer) is not np.ndarray:
        return f"the predictions are {describe(answer)}, expected an array of {wanted}"
    if answer.shape not in ((count,), (count, classes)):
        return f"the predictions have shape {answer.shape}, expected {wanted}"
    if answer.dtype.kind not in ("iu" if answer.ndim == 1 else "f"):
        kind = "integers" if answer.ndim == 1 else "floats"
        return f"predictions of shape {answer.shape} have dtype {answer.dtype}, expected {kind}"
    if answer.ndim == 2:
        bad = ~np.isfinite(answer).all(axis=1)
        return f"{np.count_nonzero(bad)} of {count} rows of scores are not finite" * bool(bad.any())
    outside = (answer < 0) | (answer >= classes)
    if not outside.any():
        return ""
    worst = show_number(answer[int(np.argmax(outside))])
    return f"class {worst} is predicted, but the classes are 0 to {classes - 1}"


def _earned(share: float) -> str:
    return f"which earns {share:.0%} of the points" if share else "which earns no points yet"


def _thresholds(tiers: Mapping[float, float]) -> str:
    return ", ".join(
        f"{tier:g} earns {'all' if tiers[tier] >= 1 else format(tiers[tier], '.0%')}"
        for tier in sorted(tiers)
    )


def _most_confused(predicted: np.ndarray, labels: np.ndarray, classes: int) -> str:
    pairs = labels.astype(np.int64) * classes + predicted
    counts = np.bincount(pairs[predicted != labels])
    label, mistaken = divmod(int(np.argmax(counts)), classes)
    times = "once" if counts.max() == 1 else f"{counts.max()} times"
    return f"{label} taken for {mistaken}, {times}"
