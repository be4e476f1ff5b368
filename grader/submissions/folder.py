"""Read the declared files out of a folder that a student handed in.

Trust: the folder is the student's. Each folder is opened without following a
link, and its files are opened relative to it, so that a name which changes
its meaning meanwhile cannot lead out of the submission.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from grader.errors import SubmissionRejectedError
from grader.submissions.files import (
    MAX_NAMES,
    Found,
    choose_folder,
    demand_one_spelling,
    is_junk,
    read_regular,
    shown,
    too_many,
    wanted,
)
from grader.submissions.notebook import is_notebook


def read_folder(path: Path, declared: Sequence[str]) -> Found:
    """Return the declared files of a folder.

    Raises
    ------
    SubmissionRejectedError
        If a link, a pipe or a device lies where a file is looked for, or if
        there are too many files to look through.
    """
    if os.open not in os.supports_dir_fd:  # Windows, where students test their own work
        return _read_own(path, declared)
    try:
        with _opened(path) as top:
            folder = _choose(top, declared)
            if not folder:
                return _read(top, "", declared)
            with _opened(folder, top) as inner:
                return _read(inner, folder, declared)
    except OSError as error:
        raise SubmissionRejectedError(
            f"the folder cannot be read ({error.strerror}); hand it in again"
        ) from error


def _read_own(path: Path, declared: Sequence[str]) -> Found:
    """Read the folder that a student works in: nobody changes it meanwhile to mislead us."""
    files = {entry.name: entry for entry in path.iterdir() if not is_junk(entry.name)}
    chosen = wanted(files, declared)
    return Found(
        sources={name: files[name].read_bytes() for name in chosen},
        folder="",
        beside=sorted(files.keys() - chosen.keys()),
    )


@contextmanager
def _opened(path: str | Path, dir_fd: int | None = None) -> Iterator[int]:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, dir_fd=dir_fd)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _choose(top: int, declared: Sequence[str]) -> str:
    """Return "" when the declared files are at the top, or the one folder that holds them.

    Where there are none, a notebook is looked for in the same places.
    """
    entries = _entries(top)
    if any(entry.name in declared for entry in entries):
        return ""
    for entry in entries:
        if entry.is_symlink():
            raise SubmissionRejectedError(f"{shown(entry.name)} is a link; hand in plain files")
    folders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    holding = [
        name
        for name in folders
        if _holds(name, top, lambda f: any(_exists(d, f) for d in declared))
    ]
    if not holding:
        if _has_notebook(top):
            return ""
        holding = [name for name in folders if _holds(name, top, _has_notebook)]
    return choose_folder(holding, declared)


def _holds(name: str, top: int, test: Callable[[int], bool]) -> bool:
    with _opened(name, top) as inner:
        return test(inner)


def _has_notebook(folder: int) -> bool:
    with os.scandir(folder) as listing:
        return any(is_notebook(entry.name) for entry in islice(listing, MAX_NAMES))


def _read(folder: int, name: str, declared: Sequence[str]) -> Found:
    names = [entry.name for entry in _entries(folder)]
    demand_one_spelling(names, declared)
    limits = wanted(names, declared)
    return Found(
        sources={name: read_regular(name, limit, folder) for name, limit in limits.items()},
        folder=name,
        beside=sorted(set(names) - limits.keys()),
    )


def _entries(folder: int) -> list[os.DirEntry[str]]:
    """List a folder; one with a million files is refused after the first few."""
    with os.scandir(folder) as listing:
        entries = list(islice(listing, MAX_NAMES + 1))
    if len(entries) > MAX_NAMES:
        raise too_many()
    return [entry for entry in entries if not is_junk(entry.name)]


def _exists(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
