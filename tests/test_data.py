"""The data sets that assignments work on."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import grader.data
from grader.data import DATASETS, Dataset, available, enlarge, find, load
from grader.errors import GraderError


@pytest.fixture(params=DATASETS)
def dataset(request: pytest.FixtureRequest) -> Dataset:
    if not available(request.param):
        pytest.skip(f"{request.param} is not here: `grader data fetch {request.param}` gets it")
    return load(request.param)


def test_every_data_set_has_the_same_form(dataset: Dataset):
    """Images are (N, 28, 28) uint8 over the whole range, labels (N,) int64 from 0 to 9."""
    for images, labels in (
        (dataset.train_images, dataset.train_labels),
        (dataset.test_images, dataset.test_labels),
    ):
        assert images.shape == (len(labels), 28, 28)
        assert images.dtype == np.uint8
        assert labels.dtype == np.int64
        assert (images.min(), images.max()) == (0, 255)
        assert set(labels.tolist()) == set(range(10))
        assert images.flags.c_contiguous


def test_no_test_can_change_the_data_for_the_next(dataset: Dataset):
    """The arrays cannot be written to."""
    for array in (dataset.train_images, dataset.train_labels, dataset.test_images):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_data_set_is_read_once(dataset: Dataset):
    """Loading again gives the same object."""
    assert load(dataset.name) is dataset


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_is_described(name: str):
    """The README beside the data names source, licence and transformation."""
    readme = Path(grader.data.__file__).with_name("README.md").read_text(encoding="utf-8")
    assert f"## {name}\n" in readme


def test_the_digits_are_always_there():
    """They are found in the package."""
    assert available("digits")
    assert find("digits") == Path(grader.data.__file__).with_name("digits.npz")


def test_the_digits_are_the_same_bytes_on_every_machine():
    """Accuracy thresholds hold for exactly these images."""
    digits = load("digits")
    pixels = digits.train_images.tobytes() + digits.test_images.tobytes()
    assert hashlib.sha256(pixels).hexdigest() == (
        "d86f4111699b3a7b8391d802d455da43e159bb29d1b0dd70a73c0369a7338840"
    )


def test_the_split_of_the_digits_is_balanced():
    """1437 images to train on and 360 to test with, each digit about as often as any other."""
    digits = load("digits")
    assert (len(digits.train_labels), len(digits.test_labels)) == (1437, 360)
    assert np.ptp(np.bincount(digits.test_labels)) <= 4


def test_the_nearest_mean_image_tells_most_digits_apart():
    """Images and labels belong together: eight in ten are nearest to their digit's mean."""
    digits = load("digits")
    train = digits.train_images.reshape(-1, 784).astype(float)
    test = digits.test_images.reshape(-1, 784).astype(float)
    means = np.stack([train[digits.train_labels == digit].mean(axis=0) for digit in range(10)])
    distances = ((test[:, np.newaxis] - means) ** 2).sum(axis=2)
    assert np.mean(distances.argmin(axis=1) == digits.test_labels) > 0.8


def test_enlarging_keeps_black_and_white():
    """0 stays black, 16 becomes 255, and the border is black."""
    white = enlarge(np.full((1, 8, 8), 16, np.uint8))[0]
    assert white[14, 14] == 255
    assert not white[:4].any()
    assert not white[:, -4:].any()
    assert not enlarge(np.zeros((1, 8, 8), np.uint8)).any()


def test_enlarging_treats_all_directions_alike():
    """Flipping or transposing before or after enlarging is the same."""
    images = np.random.default_rng(0).integers(0, 17, (3, 8, 8)).astype(np.uint8)
    large = enlarge(images)
    np.testing.assert_array_equal(enlarge(images[:, ::-1]), large[:, ::-1])
    np.testing.assert_array_equal(enlarge(images[:, :, ::-1]), large[:, :, ::-1])
    np.testing.assert_array_equal(enlarge(images.transpose(0, 2, 1)), large.transpose(0, 2, 1))


def test_an_unknown_name_is_met_with_the_known_ones():
    """A misspelt name gets a suggestion, and the list."""
    with pytest.raises(GraderError) as caught:
        load("digit")
    assert (
        str(caught.value) == "no data set 'digit'; did you mean 'digits'? (there is: digits, mnist)"
    )


def test_a_name_unlike_any_gets_the_list_alone():
    """Nothing is suggested when nothing is close."""
    with pytest.raises(GraderError, match=r"^no data set 'cifar100' \(there is: digits, mnist\)$"):
        load("cifar100")


@pytest.mark.parametrize("question", [find, available])
def test_asking_for_an_unknown_name_is_an_error(question: Callable[[str], object]):
    """No is the answer to a data set that is not here, not to one that there is not."""
    with pytest.raises(GraderError, match="did you mean 'mnist'"):
        question("minst")
