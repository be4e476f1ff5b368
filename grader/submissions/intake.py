"""Find the submissions of a class, and read each into memory.

A class is a folder with one entry for each student, named for the student:
a folder, an archive, a notebook, or the file itself where an assignment has only one.

The entry's name becomes the name of the student's result on disk, so it is
never altered to fit: a name that cannot be used stops the grading before it
starts, and says which entry to rename. What is *inside* an entry never stops
anything: such a submission is `rejected`, with the reason.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from grader.course import Assignment
from grader.errors import GraderError, SubmissionRejectedError
from grader.submissions.archive import SUFFIXES, read_archive
from grader.submissions.dissection import dissect
from grader.submissions.files import (
    MAX_SOURCE,
    Found,
    fold,
    is_junk,
    read_regular,
    shown,
)
from grader.submissions.folder import read_folder
from grader.submissions.handin import read_handin
from grader.submissions.members import Member
from grader.submissions.notebook import MAX_NOTEBOOK, RELEASED, SUFFIX, is_notebook

_LONGEST_NAME = 100
_LONGEST_NAME_BYTES = 200  # "<name>.json" must fit a file system's 255
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a student's submission lies; nothing of it has been read."""

    student: str
    path: Path
    members: tuple[Member, ...] | None = None  # of a download, in place of what lies at the path
    notes: tuple[str, ...] = ()  # what the download says about it
    submitted: datetime | None = None  # without a time zone, if the download names none


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What one student handed in."""

    student: str
    sources: Mapping[str, bytes]  # declared files only; a missing one is absent
    sha256: str  # changes when a source, or the reason for a rejection, does
    rejected: str = ""  # why it could not be read safely
    notes: tuple[str, ...] = ()  # what the student should know about how it was read


def find_submissions(folder: Path, assignment: Assignment) -> list[Entry]:
    """Return one entry for each student, sorted by name.

    Raises
    ------
    GraderError
        If there is none, if two belong to one student, or if a name cannot
        be the name of a student.
    """
    entries, _ = _sort_out(folder, assignment)
    if not entries:
        raise GraderError(
            f"no submissions in {folder}; it must hold one folder, .zip, .tar.gz or .ipynb for each"
            " student"
        )
    seen: dict[str, Entry] = {}
    for entry in entries:
        _demand_name(entry)
        other = seen.setdefault(fold(entry.student), entry)
        if other is not entry:
            raise GraderError(
                f"{other.path.name!r} and {entry.path.name!r} in {folder} are one student's;"
                " remove one"
            )
    return entries


def find_ignored(folder: Path, assignment: Assignment) -> list[str]:
    """Return the names in a class's folder that are no submission, such as notes.txt."""
    return _sort_out(folder, assignment)[1]


def _sort_out(folder: Path, assignment: Assignment) -> tuple[list[Entry], list[str]]:
    try:
        paths = sorted(path for path in folder.iterdir() if not is_junk(path.name))
    except OSError as error:
        raise GraderError(
            f"cannot read {folder} ({error.strerror}); name the folder with the submissions"
        ) from error
    declared = [path.name for path in paths if path.name in (*assignment.files, RELEASED)]
    if declared:
        raise GraderError(
            f"{folder} is itself one submission (it holds {declared[0]}); name the folder around it"
        )
    entries, ignored = [], []
    for path in paths:
        if student := _student(path, assignment):
            entries.append(Entry(student, path))
        else:
            ignored.append(shown(path.name))
    return sorted(entries, key=lambda entry: entry.student), ignored


def _student(path: Path, assignment: Assignment) -> str:
    """Return whose submission an entry is, or "" when it is none."""
    if path.is_dir():
        return path.name
    suffixes = (*SUFFIXES, SUFFIX, *([".py"] if len(assignment.files) == 1 else []))
    for suffix in suffixes:
        if path.name.lower().endswith(suffix):
            return path.name[: -len(suffix)]
    # A link or a FIFO without a suffix was meant as something: reading it says what is wrong.
    is_plain_file = path.is_file() and not path.is_symlink()
    return "" if is_plain_file else path.name


def is_usable_name(name: str) -> bool:
    """Tell whether a result file can have this name."""
    return bool(
        name
        and name.isprintable()
        and name == name.strip()
        and not name.startswith(("-", "."))
        and not set(name) & set("/\\:")
        and len(name) <= _LONGEST_NAME
        and len(name.encode()) <= _LONGEST_NAME_BYTES
    )


def _demand_name(entry: Entry) -> None:
    if not is_usable_name(entry.student):
        raise GraderError(
            f"{entry.path.name!a} cannot be a student's name; rename it (printable, at most"
            f" {_LONGEST_NAME} characters, no slash or colon, no '-', '.' or space in front)"
        )


def read_submission(entry: Entry, assignment: Assignment) -> Submission:
    """Read a submission; whatever is wrong with it becomes its `rejected`."""
    try:
        found = _as_files(entry, _read(entry, assignment.files), assignment)
    except SubmissionRejectedError as error:
        reason = f"{shown(entry.path.name)}: {error}"
        return Submission(
            student=entry.student,
            sources={},
            sha256=_sha256({"": reason.encode()}),
            rejected=reason,
            notes=entry.notes,
        )
    return Submission(
        student=entry.student,
        sources=found.sources,
        sha256=_sha256(found.sources),
        notes=(*entry.notes, *_notes(found, assignment.files)),
    )


def _read(entry: Entry, files: tuple[str, ...]) -> Found:
    if entry.members is not None:
        return read_handin(entry.members, files)
    path = entry.path
    if path.is_symlink():
        raise SubmissionRejectedError("it is a link; hand in the files themselves")
    if path.is_dir():
        return read_folder(path, files)
    if path.name.lower().endswith(SUFFIXES):
        return read_archive(path, files)
    if is_notebook(path.name):
        return Found(sources={path.name: read_regular(path, MAX_NOTEBOOK)}, folder="", beside=[])
    return Found(sources={files[0]: read_regular(path, MAX_SOURCE)}, folder="", beside=[])


def _as_files(entry: Entry, found: Found, assignment: Assignment) -> Found:
    """Make the assignment's files out of a notebook, if that is what was handed in."""
    # A notebook that the assignment itself asks for, as nbgrader's do, stays one.
    for name in filter(is_notebook, found.sources.keys() - set(assignment.files)):
        called = "it" if name == entry.path.name else shown(name)
        dissected = dissect(called, found.sources[name], assignment.tasks_by_file)
        return replace(found, sources=dict(dissected.sources), notes=dissected.notes)
    return found


def _notes(found: Found, files: tuple[str, ...]) -> tuple[str, ...]:
    notes = list(found.notes)
    if found.folder:
        notes.append(f"files found in folder {shown(found.folder)}/")
    missing = [name for name in files if name not in found.sources]
    if missing:
        notes.append(f"files missing: {_listed(missing)}")
    # What else lies there is the handout; but a student may count on a module of their own.
    extra = [name for name in found.beside if name.lower().endswith(".py")]
    if extra:
        notes.append(f"extra files ignored: {_listed(extra)}")
    return tuple(notes)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return ", ".join(map(shown, names[:_MOST_SHOWN])) + more


def _sha256(sources: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(sources.items()):
        # The lengths keep two different sets of files from reading as the same bytes.
        digest.update(b"%d %d " % (len(name.encode()), len(content)) + name.encode() + content)
    return digest.hexdigest()
