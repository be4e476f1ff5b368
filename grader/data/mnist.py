"""MNIST: which files it consists of, where they may lie, and whether they are intact.

They are looked for in `$GRADER_DATA/MNIST/raw`, where torchvision keeps them, in
`$GRADER_DATA` itself, and in the user's cache; the first folder that holds all
four is the one. Each file may be compressed (`.gz`, preferred) or extracted.

Trust: none. A file is used only if its content has the SHA-256 below, so it does
not matter where it came from, and no grade depends on it. What is damaged in the
cache is downloaded again. What is damaged in `$GRADER_DATA` stops us: a person
put it there, it may be shared or read-only, and going on elsewhere would hide it.
"""

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from grader.data import idx

VARIABLE: Final = "GRADER_DATA"
LAYOUT: Final = Path("MNIST", "raw")  # torchvision's


@dataclass(frozen=True, slots=True)
class IdxFile:
    """One file of a collection."""

    name: str  # when extracted; the compressed one has .gz after it
    shape: tuple[int, ...]  # (N, 28, 28) images or (N,) labels
    sha256: str  # of the content
    gz_sha256: str  # of the compressed file that the mirrors hand out


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """The files of a data set, and where they can be had."""

    name: str
    files: tuple[IdxFile, IdxFile, IdxFile, IdxFile]  # images, labels to train; images, labels
    mirrors: tuple[str, ...]  # a file's address is one of these and its name


MNIST: Final = Collection(
    name="mnist",
    files=(
        IdxFile(
            "train-images-idx3-ubyte",
            (60000, 28, 28),
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        IdxFile(
            "train-labels-idx1-ubyte",
            (60000,),
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        IdxFile(
            "t10k-images-idx3-ubyte",
            (10000, 28, 28),
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        IdxFile(
            "t10k-labels-idx1-ubyte",
            (10000,),
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
)


class DamagedError(Exception):
    """A file is there and is not what it should be."""


def given_folders() -> list[Path]:
    """Return where a person may have put the files: nowhere, unless `$GRADER_DATA` is set."""
    value = os.environ.get(VARIABLE)
    if not value:
        return []
    root = Path(value).expanduser().absolute()
    return [root / LAYOUT, root]


def cache() -> Path:
    """Return the folder for what we download, laid out so that a copy can be `$GRADER_DATA`."""
    import platformdirs  # noqa: PLC0415 - most runs do not get here

    return Path(platformdirs.user_cache_path("deltagrade"))


def cache_folder() -> Path:
    """Return the folder in the cache that holds the files."""
    return cache() / LAYOUT


def path_of(file: IdxFile, folder: Path) -> Path | None:
    """Return where a file is in a folder, compressed or extracted."""
    paths = (folder / f"{file.name}.gz", folder / file.name)
    return next((path for path in paths if os.access(path, os.F_OK)), None)


def find_given(collection: Collection) -> Path | None:
    """Return the folder in `$GRADER_DATA` that holds all files, without looking into them."""
    return next((folder for folder in given_folders() if _holds(folder, collection)), None)


def find(collection: Collection) -> Path | None:
    """Return the first folder of all that holds all files, without looking into them."""
    given = find_given(collection)
    if given is not None:
        return given
    return cache_folder() if _holds(cache_folder(), collection) else None


def read_all(collection: Collection, folder: Path) -> tuple[np.ndarray, ...]:
    """Read the images and labels to train with, and those to test with; see `read`."""
    return tuple(read(file, folder) for file in collection.files)


def read(file: IdxFile, folder: Path) -> np.ndarray:
    """Read one file, and believe nothing.

    Raises
    ------
    FileNotFoundError
        If it is not in the folder.
    DamagedError
        If it cannot be read, or is not what it should be; the message says which and why.
    """
    path = path_of(file, folder)
    if path is None:
        raise FileNotFoundError(folder / file.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(f"{path} cannot be read ({error.strerror})") from None
    try:
        return _decode(content, file, compressed=path.suffix == ".gz")
    except ValueError as error:
        raise DamagedError(f"{path} is damaged ({error})") from None


def _decode(content: bytes, file: IdxFile, *, compressed: bool) -> np.ndarray:
    """Check the form first: it says more about what went wrong than a checksum does."""
    if compressed:
        try:
            content = gzip.decompress(content)
        except EOFError:
            raise ValueError("it ends early") from None
        except (OSError, zlib.error) as error:
            raise ValueError(str(error)) from None
    array = idx.parse(content, file.shape)
    if array.ndim == 1 and array.max() > 9:
        raise ValueError(f"it holds the label {array.max()}")
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ValueError("its SHA-256 is not the published one")
    return array


def _holds(folder: Path, collection: Collection) -> bool:
    return all(path_of(file, folder) for file in collection.files)
