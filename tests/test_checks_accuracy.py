"""Which predictions `assert_accuracy` accepts, and what it says about the rest."""

import copy
from typing import Any

import numpy as np
import pytest

from grader.checks import CheckFailure, assert_accuracy
from grader.checks.measured import forget_accuracy, measured_accuracy

LABELS = np.tile(np.arange(4), 25)
IMAGES = np.stack([LABELS, np.arange(100)], axis=1).astype(float)
TIERS = {0.9: 0.6, 0.95: 1.0}


def predictor(mistakes: int, dtype: type = np.int64) -> Any:
    """Predict right but for some images, of class 3, which it takes for 1."""

    def predict(images: np.ndarray) -> np.ndarray:
        labels = images[:, 0].astype(dtype)
        labels[(labels == 3) & (images[:, 1] < 4 * mistakes)] = 1
        return labels

    return predict


def failure_of(predict: Any, **terms: Any) -> CheckFailure:
    with pytest.raises(CheckFailure) as caught:
        assert_accuracy(predict, IMAGES, LABELS, TIERS, **terms)
    return caught.value


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int32])
def test_the_highest_tier_passes(dtype):
    """Integers of any dtype are classes; the accuracy comes back."""
    assert assert_accuracy(predictor(5, dtype), IMAGES, LABELS, TIERS) == 0.95


def test_scores_are_predictions_too():
    """Of a row of scores, the largest wins."""
    assert_accuracy(lambda images: -np.abs(images[:, :1] - np.arange(4)), IMAGES, LABELS, TIERS)


def test_a_lower_tier_earns_its_share():
    """The message says how many are right, what earns what, and what is confused."""
    failure = failure_of(predictor(8), hint="Train longer?")
    assert failure.share == 0.6
    assert str(failure) == (
        "accuracy is 0.92, which earns 60% of the points\n"
        "  right: 92 of 100\n"
        "  thresholds: 0.9 earns 60%, 0.95 earns all\n"
        "  most often mistaken: 3 taken for 1, 8 times\n"
        "  hint: Train longer?"
    )
    assert copy.copy(failure).share == 0.6  # as a process hands it to another


def test_below_every_tier_nothing_is_earned():
    """Then the share is 0."""
    failure = failure_of(predictor(20))
    assert failure.share == 0.0
    assert "accuracy is 0.8, which earns no points yet" in failure.message


def test_the_accuracy_is_noted_whatever_it_earns():
    """Of several, the lowest; also one that all predictions alike have; none without answers."""
    forget_accuracy()
    assert measured_accuracy() is None
    failure_of(lambda _: None)
    assert measured_accuracy() is None
    assert_accuracy(predictor(5), IMAGES, LABELS, TIERS)
    assert measured_accuracy() == 0.95
    failure_of(predictor(20))
    assert_accuracy(predictor(5), IMAGES, LABELS, TIERS)
    assert measured_accuracy() == 0.8
    failure_of(lambda images: np.zeros(len(images), int))
    assert measured_accuracy() == 0.25
    forget_accuracy()
    assert measured_accuracy() is None


def test_images_are_handed_over_in_batches_without_labels():
    """The function sees copies of a few images at a time."""
    sizes = []

    def predict(images: np.ndarray) -> np.ndarray:
        sizes.append(len(images))
        labels = images[:, 0].astype(int)
        images[:] = 0
        return labels

    assert_accuracy(predict, IMAGES, LABELS, TIERS, batch=30)
    assert sizes == [30, 30, 30, 10]
    assert IMAGES[5, 1] == 5


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (np.zeros(100, int), "every one of the 100 images is taken for class 0"),
        (None, "the predictions are None, expected an array of 100 integers, or scores of shape"),
        (LABELS.tolist(), "the predictions are a list of length 100"),
        (LABELS[:99], "the predictions have shape (99,), expected 100 integers, or scores of"),
        (LABELS[:, None], "the predictions have shape (100, 1), expected 100 integers, or"),
        (LABELS.astype(float), "predictions of shape (100,) have dtype float64, expected integers"),
        (np.eye(4, dtype=int)[LABELS], "predictions of shape (100, 4) have dtype int64, expected"),
        (LABELS + 1, "class 4 is predicted, but the classes are 0 to 3"),
        (LABELS - 1, "class -1 is predicted, but the classes are 0 to 3"),
        (np.where(np.eye(100, 4), np.nan, 0.5), "4 of 100 rows of scores are not finite"),
    ],
)
def test_what_is_no_prediction_is_told(answer, message):
    """Each is told in a sentence, and earns nothing."""
    failure = failure_of(lambda _: answer)
    assert failure.message.startswith(message)
    assert failure.share == 0.0
