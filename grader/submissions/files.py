"""Read one regular file, and decide which folder of a submission counts.

The rules are the same for a folder, a zip and a tar: only the declared files
are read, from the top or from exactly one folder below it.

Trust: every name and every byte is the student's. A name is only compared,
counted and shown; a file is opened without following a link and without
waiting for a writer, and is read up to a limit.
"""

import os
import stat
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SubmissionRejectedError
from grader.submissions.notebook import MAX_NOTEBOOK, RELEASED, is_notebook

MAX_SOURCE = 1_000_000  # bytes in a source file; a long one has 50 000
MAX_NAMES = 2_000  # names in a folder or an archive
_JUNK = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The declared files of one submission, and what lay beside them."""

    sources: dict[str, bytes]
    folder: str  # where they were: "" is the top
    beside: list[str]  # the other names there
    notes: tuple[str, ...] = ()  # what the student should know about how they were made


def read_regular(path: str | Path, limit: int, dir_fd: int | None = None) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes.

    Raises
    ------
    SubmissionRejectedError
        If it is a link, a pipe, a device or too large, or cannot be read.
    """
    name = shown(os.path.basename(path))  # noqa: PTH119 - a name below dir_fd is no path
    try:
        # Ask first: opening some devices already does something.
        _demand_regular(os.stat(path, dir_fd=dir_fd, follow_symlinks=False), name)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, dir_fd=dir_fd), "rb", buffering=0) as file:
            # And ask again, since the name may by now mean another file.
            _demand_regular(os.fstat(file.fileno()), name)
            return _read_all(file.fileno(), limit, name)
    except OSError as error:
        raise SubmissionRejectedError(
            f"{name} cannot be read ({error.strerror}); hand it in again"
        ) from error


def _demand_regular(status: os.stat_result, name: str) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise SubmissionRejectedError(f"{name} is a link; hand in the file itself")
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionRejectedError(f"{name} is not a regular file; hand in a plain file")
    # A second name may belong to a file that this student must not read.
    if status.st_nlink > 1:
        raise SubmissionRejectedError(f"{name} is a hard link; hand in a copy of the file")


def _read_all(descriptor: int, limit: int, name: str) -> bytes:
    """Read to the end, but never past the limit, though the file should grow meanwhile."""
    if os.fstat(descriptor).st_size > limit:
        raise too_large(name, limit)
    content = bytearray()
    while block := os.read(descriptor, min(1 << 20, limit + 1 - len(content))):
        content += block
        if len(content) > limit:
            raise too_large(name, limit)
    return bytes(content)


def too_large(name: str, limit: int) -> SubmissionRejectedError:
    """Return the error for a file above its limit."""
    advice = "hand in only the files that are asked for"
    if is_notebook(name):
        advice = "clear its outputs and save it again"
    return SubmissionRejectedError(f"{name} is larger than {limit // 1_000_000} MB; {advice}")


def too_many() -> SubmissionRejectedError:
    """Return the error for a folder or an archive with too many names."""
    return SubmissionRejectedError(
        f"it holds more than {MAX_NAMES} files; hand in only the files that are asked for"
    )


def choose_folder(holding: Collection[str], declared: Collection[str]) -> str:
    """Return which of the folders that hold declared files is the submission.

    The top ("") goes before a folder: a backup in `old/` must cost nobody a grade.
    """
    if "" in holding:
        return ""
    if not holding:
        raise SubmissionRejectedError(
            f"it holds none of {', '.join(declared)}, at the top or in one folder; hand them in"
        )
    if len(holding) > 1:
        places = ", ".join(f"{shown(folder)}/" for folder in sorted(holding)[:5])
        raise SubmissionRejectedError(
            f"several of its folders hold the files asked for ({places}); hand in one of them"
        )
    return next(iter(holding))


def holding(folders: Mapping[str, Collection[str]], declared: Collection[str]) -> list[str]:
    """Return the folders that hold declared files; where none does, those with a notebook."""
    ours = [folder for folder, names in folders.items() if set(names) & set(declared)]
    return ours or [folder for folder, names in folders.items() if any(map(is_notebook, names))]


def wanted(names: Collection[str], declared: Collection[str]) -> dict[str, int]:
    """Return which of the names in a folder are read, and the limit of each in bytes.

    Raises
    ------
    SubmissionRejectedError
        If there are several notebooks, and no file that is declared.
    """
    if ours := [name for name in declared if name in names]:
        return {name: MAX_NOTEBOOK if is_notebook(name) else MAX_SOURCE for name in ours}
    notebooks = sorted(name for name in names if is_notebook(name))
    if len(notebooks) > 1 and RELEASED not in notebooks:
        listed = ", ".join(map(shown, notebooks[:5]))
        raise SubmissionRejectedError(f"it holds several notebooks ({listed}); hand in one of them")
    return dict.fromkeys([RELEASED] if RELEASED in notebooks else notebooks, MAX_NOTEBOOK)


def demand_one_spelling(names: Iterable[str], declared: Iterable[str]) -> None:
    """Refuse a name that some file system would take for a declared one lying beside it."""
    wanted = {fold(name) for name in declared}
    seen: dict[str, str] = {}
    for name in names:
        if fold(name) in wanted and seen.setdefault(fold(name), name) != name:
            raise SubmissionRejectedError(
                f"it holds {shown(name)} beside {shown(seen[fold(name)])}; hand in one of them"
            )


def is_junk(name: str) -> bool:
    """Tell whether a system or a tool wrote this file, and no student."""
    return name.startswith(".") or name in _JUNK


def fold(name: str) -> str:
    """Return what is equal for two names that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def shown(name: str, longest: int = 60) -> str:
    """Return a name that can be printed: short, and without control characters."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name[: longest + 1])
    return printable if len(printable) <= longest else f"{printable[:longest]}…"
