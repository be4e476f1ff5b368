"""Find the submissions of a class, however they were downloaded.

`plain` is one entry for each student, named for the student. The others are how
learning platforms name what they hand out; `auto` takes the one that explains
most of the names. What cannot be assigned to a student is listed, never guessed.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from grader.course import Assignment
from grader.errors import GraderError
from grader.submissions.archive import SUFFIXES
from grader.submissions.autograders import METADATA, TIMESTAMP, gradescope, nbgrader
from grader.submissions.download import list_download, unwrapped
from grader.submissions.files import shown
from grader.submissions.intake import Entry, find_ignored, find_submissions
from grader.submissions.lms import brightspace, canvas, moodle
from grader.submissions.members import Kind, Member, top
from grader.submissions.notebook import RELEASED, SUFFIX
from grader.submissions.parts import Label, Part, Sorted, entries_of
from grader.submissions.times import read_times

_Sort = Callable[[Sequence[Member], Assignment], Sorted]
_BY_NAME: Final[dict[str, _Sort]] = {
    "canvas": canvas,
    "moodle": moodle,
    "brightspace": brightspace,
}
_SORTS: Final[dict[str, _Sort]] = {**_BY_NAME, "gradescope": gradescope, "nbgrader": nbgrader}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What a class handed in."""

    layout: str
    entries: list[Entry]  # sorted by student
    ignored: list[str]  # names that are no submission
    unassigned: list[str]  # what could not be assigned to a student, and why


def find_class(
    download: Path, assignment: Assignment, layout: str = "auto", times: Path | None = None
) -> HandedIn:
    """Return the submissions in a folder or a .zip.

    Parameters
    ----------
    layout : str
        One of `grader.submissions.LAYOUTS`.
    times : Path, optional
        A CSV file that says when each student handed in; it is believed before the download.

    Raises
    ------
    GraderError
        If there is none, or the download is not laid out so.
    """
    known = read_times(times) if times else {}
    found = _find(download, assignment, layout)
    entries = [
        replace(entry, submitted=known.get(entry.student, entry.submitted))
        for entry in found.entries
    ]
    strangers = sorted(known.keys() - {entry.student for entry in entries})
    listed = [f"{shown(name)}: in {times}, but not among the submissions" for name in strangers]
    return replace(found, entries=entries, unassigned=[*found.unassigned, *listed])


def _find(download: Path, assignment: Assignment, layout: str) -> HandedIn:
    if layout == "plain" and download.is_dir():
        return _plain_folder(download, assignment)
    members = list_download(download)
    candidates = [members, unwrapped(members)]
    if layout == "auto" and download.is_dir():
        # A folder's only entry may be a class's only student, whose files prove nothing.
        candidates = [members]
    for candidate in candidates:
        known = _recognise(candidate, assignment)
        if known != "plain" and layout in ("auto", known):
            return _handed_in(known, _SORTS[known](candidate, assignment), download)
    if layout not in ("auto", "plain"):  # demanded, though it explains less than half
        return _handed_in(layout, _SORTS[layout](members, assignment), download)
    if download.is_dir():
        return _plain_folder(download, assignment)
    return _handed_in("plain", _plain(_demand_class(members, assignment), assignment), download)


def _handed_in(layout: str, found: Sorted, download: Path) -> HandedIn:
    entries, left_out = entries_of(found.parts, download)
    unassigned = [*found.unassigned, *left_out]
    if not entries:
        reason = f"; for one, {unassigned[0]}" if unassigned else ""
        raise GraderError(
            f"{download} holds no submission that could be a download from {layout}{reason};"
            " choose another --layout"
        )
    return HandedIn(layout=layout, entries=entries, ignored=[], unassigned=unassigned)


def _recognise(members: Sequence[Member], assignment: Assignment) -> str:
    """Return the layout that explains at least half of the names at the top."""
    names = {member.name for member in members}
    if METADATA in names:
        return "gradescope"
    submitted = {name.partition("/")[2] for name in names if name.startswith("submitted/")}
    theirs = submitted or names
    stamped = {top(name) for name in theirs if re.fullmatch(f"[^/]+/[^/]+/{TIMESTAMP}", name)}
    if stamped and 2 * len(stamped) >= len({top(name) for name in theirs}):
        return "nbgrader"
    left = {name: len(sort(members, assignment).unassigned) for name, sort in _BY_NAME.items()}
    best = min(left, key=lambda name: left[name])
    return best if names and 2 * left[best] <= len({top(name) for name in names}) else "plain"


def _plain_folder(folder: Path, assignment: Assignment) -> HandedIn:
    return HandedIn(
        layout="plain",
        entries=find_submissions(folder, assignment),
        ignored=find_ignored(folder, assignment),
        unassigned=[],
    )


def _demand_class(members: list[Member], assignment: Assignment) -> list[Member]:
    """Return the members of a zip, without the folder around all of them.

    That folder must not be a student's own, of whom there may be only one.
    """
    inner = unwrapped(members)
    if not _holds_declared(inner, assignment):
        return inner
    if inner is members or _holds_declared(members, assignment):
        raise GraderError(
            "the zip is itself one submission; name a zip, or a folder, with one for each student"
        )
    return members


def _holds_declared(members: Sequence[Member], assignment: Assignment) -> bool:
    return any(member.name in (*assignment.files, RELEASED) for member in members)


def _plain(members: Sequence[Member], _assignment: Assignment) -> Sorted:
    parts, unassigned, students = [], dict[str, None](), dict[str, str]()
    for member in members:
        name, below = top(member.name), member.name.partition("/")[2]
        suffix = ""
        if not below and member.kind is Kind.FILE:
            suffix = next((s for s in (*SUFFIXES, SUFFIX) if name.lower().endswith(s)), "")
            if not suffix:
                unassigned[f"{shown(name)}: no folder, no archive and no notebook"] = None
                continue
        student = name[: len(name) - len(suffix)]
        if students.setdefault(student, name) != name:
            raise GraderError(
                f"{shown(students[student])!r} and {shown(name)!r} are one student's; remove one"
            )
        parts.append(Part(Label(student=student), replace(member, name=name if suffix else below)))
    return Sorted(parts, list(unassigned))
