"""The data sets that assignments work on.

Images are (N, 28, 28) uint8, labels (N,) int64, already split into training and
test. They are read into memory as a whole: forked children share an open file's
position, so none may be left open to be read later.

`load` gives what was asked for or raises; it never puts one data set in the place
of another. Whoever may do that, a student's own run, asks `available` first.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np

from grader.data import download, mnist
from grader.errors import GraderError
from grader.tables import suggest

DATASETS: Final = ("digits", "mnist")
DIGITS: Final = Path(__file__).with_name("digits.npz")
DIGITS_SHA256: Final = "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e"

_TEST_DIGITS = 360  # the last fifth; 33 to 37 images of each digit
_SIDE, _BORDER = 20, 4  # the digit fills 20 × 20 of 28 × 28, as in MNIST


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """Images of handwritten digits and what they show.

    The arrays cannot be written to: every test of a process shares them.
    """

    name: str
    train_images: np.ndarray  # (N, 28, 28) uint8
    train_labels: np.ndarray  # (N,) int64
    test_images: np.ndarray
    test_labels: np.ndarray

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for array in (self.train_images, self.train_labels, self.test_images, self.test_labels):
            array.setflags(write=False)

    @property
    def pixel_mean(self) -> float:
        """The mean of all pixels of the training images."""
        return self._pixels[0]

    @property
    def pixel_std(self) -> float:
        """Their standard deviation."""
        return self._pixels[1]

    @cached_property
    def _pixels(self) -> tuple[float, float]:
        # Each value is counted, as `std` would need eight bytes for each of the pixels.
        parts = np.array_split(self.train_images, 1 + len(self.train_images) // 500)
        counts = sum(np.bincount(part.ravel(), minlength=256) for part in parts)
        values, pixels = np.arange(256), self.train_images.size
        mean = counts @ values / pixels
        return float(mean), float(np.sqrt(counts @ (values - mean) ** 2 / pixels))


@cache
def load(name: str) -> Dataset:
    """Load a data set; the same name gives the same object again.

    MNIST is downloaded if it is not on this machine.

    Parameters
    ----------
    name : str
        One of `DATASETS`.

    Raises
    ------
    GraderError
        If there is no data set of this name, or it is damaged or cannot be had.
    """
    check_name(name)
    return _digits() if name == "digits" else _mnist()


def find(name: str) -> Path | None:
    """Return where `load` would read a data set from, or None if it is not on this machine.

    Nothing is read or downloaded, so the files may turn out to be damaged.
    """
    check_name(name)
    return DIGITS if name == "digits" else mnist.find(mnist.MNIST)


def available(name: str) -> bool:
    """Say whether a data set is on this machine, without reading it."""
    return find(name) is not None


def choose_locally(wanted: str) -> tuple[str, str]:
    """Return the data set for a student's own run, and a note if it is not the one wanted.

    A grade never asks this: it uses what it was told to use, or stops.
    """
    if available(wanted):
        return wanted, ""
    return "digits", (
        f"{wanted} is not on this machine: these tests used the shipped digits, with thresholds"
        f" of their own (`grader data fetch {wanted}` gets {wanted})"
    )


def check_name(name: str) -> None:
    """Refuse the name of a data set that there is not."""
    if name not in DATASETS:
        close = suggest(name, DATASETS)
        raise GraderError(f"no data set {name!r}{close} (there is: {', '.join(DATASETS)})")


def _mnist() -> Dataset:
    train_images, train_labels, test_images, test_labels = download.load(mnist.MNIST)
    return Dataset(
        name="mnist",
        train_images=train_images,
        train_labels=train_labels.astype(np.int64),
        test_images=test_images,
        test_labels=test_labels.astype(np.int64),
    )


def _digits() -> Dataset:
    with np.load(DIGITS, allow_pickle=False) as archive:
        images = enlarge(archive["images"])
        labels = archive["labels"].astype(np.int64)
    return Dataset(
        name="digits",
        train_images=images[:-_TEST_DIGITS].copy(),
        train_labels=labels[:-_TEST_DIGITS].copy(),
        test_images=images[-_TEST_DIGITS:].copy(),
        test_labels=labels[-_TEST_DIGITS:].copy(),
    )


def enlarge(images: np.ndarray) -> np.ndarray:
    """Bring images of 8 × 8 pixels, 0..16, into the form of MNIST.

    Bilinear to 20 × 20, black all around, 0..255. Only integers are used, so
    that every machine gets the same bytes.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, 8, 8)

    Returns
    -------
    ndarray of uint8, shape (N, 28, 28)
    """
    weights, whole = _bilinear_weights(images.shape[1])
    large = weights @ images.astype(np.int64) @ weights.T
    brightest = 16 * whole * whole
    large = (large * 255 * 2 + brightest) // (brightest * 2)  # rounded to nearest
    return np.pad(large.astype(np.uint8), ((0, 0), (_BORDER, _BORDER), (_BORDER, _BORDER)))


def _bilinear_weights(size: int) -> tuple[np.ndarray, int]:
    """Give what each old pixel adds to each new one, in parts of the second result.

    The centre of new pixel i lies at (i + 1/2) · size / 20 − 1/2 among the old
    ones, and an old pixel's share falls from 1 to 0 over the distance of one.
    """
    whole = 2 * _SIDE
    new, old = np.arange(_SIDE)[:, np.newaxis], np.arange(size)
    distance = np.abs((2 * new + 1) * size - _SIDE - whole * old)
    return np.maximum(whole - distance, 0), whole
