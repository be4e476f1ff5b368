"""The data sets that assignments work on.

Images are (N, 28, 28) uint8, labels (N,) int64, already split into training and
test. They are read into memory as a whole: forked children share an open file's
position, so none may be left open to be read later.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from grader.errors import GraderError
from grader.tables import suggest

DATASETS = ("digits",)

_TEST_DIGITS = 360  # the last fifth; 33 to 37 images of each digit
_SIDE, _BORDER = 20, 4  # the digit fills 20 × 20 of 28 × 28, as in MNIST


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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


@cache
def load(name: str) -> Dataset:
    """Load a data set; the same name gives the same object again.

    Parameters
    ----------
    name : str
        One of `DATASETS`.

    Raises
    ------
    GraderError
        If there is no data set of this name.
    """
    if name not in DATASETS:
        close = suggest(name, DATASETS)
        raise GraderError(f"no data set {name!r}{close} (there is: {', '.join(DATASETS)})")
    return _digits()


def _digits() -> Dataset:
    with np.load(Path(__file__).with_name("digits.npz"), allow_pickle=False) as archive:
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
