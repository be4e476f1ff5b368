"""Download the files of a collection, from whichever mirror has them.

A file gets its name only when it is complete and its SHA-256 is right: until
then it lies in a folder of its own beside the others. So a reader never meets
half a file, and processes that download at once do each other's work twice and
no harm.

Trust: none in mirrors, proxies or a hotel's log-in page; a wrong answer is one
from a mirror that is down.
"""

import hashlib
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import numpy as np

from grader.data import mnist
from grader.data.mnist import Collection, DamagedError, IdxFile
from grader.errors import GraderError

_SECONDS: Final = 10.0  # to connect, and between two pieces of an answer
_PIECE: Final = 2**16

_log = logging.getLogger(__name__)


def load(collection: Collection) -> tuple[np.ndarray, ...]:
    """Read a collection from where it is, and download it if it is nowhere.

    Raises
    ------
    GraderError
        If a file in `$GRADER_DATA` is damaged, or a download fails.
    """
    given = mnist.find_given(collection)
    if given is not None:
        try:
            return mnist.read_all(collection, given)
        except DamagedError as error:
            raise GraderError(f"{error}; replace it, or unset {mnist.VARIABLE}") from None
    folder = mnist.cache_folder()
    try:
        return mnist.read_all(collection, folder)
    except (FileNotFoundError, DamagedError):
        fetch(collection, folder)
        return mnist.read_all(collection, folder)


def fetch(collection: Collection, folder: Path) -> None:
    """Put into `folder` what of a collection it does not hold intact.

    Raises
    ------
    GraderError
        If the folder cannot be written to, or no mirror has a file.
    """
    mirrors = collection.mirrors
    for file in collection.files:
        try:
            mnist.read(file, folder)
        except FileNotFoundError:
            mirrors = _download(file, folder, mirrors, collection.name)
        except DamagedError as error:
            _log.warning("grader: %s; downloading it again", error)
            mirrors = _download(file, folder, mirrors, collection.name)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _download(
    file: IdxFile, folder: Path, mirrors: Sequence[str], collection: str
) -> tuple[str, ...]:
    """Download one file; return the mirrors in the order in which to try them next."""
    failures = []
    for mirror in mirrors:
        try:
            _download_from(f"{mirror}{file.name}.gz", file.gz_sha256, folder)
        except (OSError, DamagedError) as error:
            failures.append(f"{urlsplit(mirror).netloc}: {_reason(error)}")
        else:
            return (mirror, *(other for other in mirrors if other != mirror))
    raise GraderError(
        f"{collection} cannot be downloaded ({'; '.join(failures)}): "
        f"set {mnist.VARIABLE} to a folder with {mnist.LAYOUT}, or run `grader data fetch "
        f"{collection}` where there is a network and copy what it got to {folder} here, "
        "or use --dataset digits"
    )


def _download_from(address: str, sha256: str, folder: Path) -> None:
    import pooch  # noqa: PLC0415 - with all it imports, a tenth of a second

    terminal = sys.stderr.isatty()
    if terminal:
        print(address, file=sys.stderr)
    download = pooch.HTTPDownloader(
        progressbar=terminal,
        chunk_size=_PIECE,
        timeout=_SECONDS,
        headers={"Accept-Encoding": "identity"},  # or a server may send it extracted
    )
    with _scratch(folder) as scratch:
        part = Path(scratch, "part")
        download(address, str(part), None)
        if sha256_of(part) != sha256:
            raise DamagedError("it sent something else")
        part.replace(folder / address.rpartition("/")[2])


def _scratch(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    """Make a folder of our own on the file system of the other."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".download-", dir=folder)
    except OSError as error:
        raise GraderError(
            f"cannot write to {folder} ({error.strerror}); mend that, or set {mnist.VARIABLE} "
            f"to a folder with {mnist.LAYOUT}"
        ) from None


def _reason(error: Exception) -> str:
    """Say in a few words why a mirror was of no use; what requests says takes a paragraph."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP status {response.status_code}"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return str(error)
