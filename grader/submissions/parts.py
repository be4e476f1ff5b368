"""Put the files of a download together again, student by student.

A layout says of each file whose it is and of which attempt; here the latest
attempt of each student is chosen. Nobody is guessed: two students whose names a
file system takes for one are both left out, and listed.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from grader.submissions.archive import SUFFIXES
from grader.submissions.files import fold, shown
from grader.submissions.intake import Entry, is_usable_name
from grader.submissions.members import Kind, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a layout says about a file."""

    student: str
    attempt: float = 0.0  # later ones are larger
    order: int = 0  # of two files of one name in an attempt, the larger counts
    submitted: datetime | None = None  # without a time zone, if the platform names none
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One file of one attempt."""

    label: Label
    member: Member  # named as the student named it


class Sorted(NamedTuple):
    """What a layout makes of a download."""

    parts: list[Part]
    unassigned: list[str]  # what could not be assigned to a student, and why


def entries_of(parts: Iterable[Part], download: Path) -> tuple[list[Entry], list[str]]:
    """Return an entry for each student, and who cannot have one, with the reason."""
    students: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        students[unicodedata.normalize("NFC", part.label.student).strip()].append(part)
    alike = Counter(fold(student) for student in students)
    entries, left_out = [], []
    for student, theirs in sorted(students.items()):
        if not is_usable_name(student):
            left_out.append(f"{shown(student)!r} cannot be a student's name; rename it")
        elif alike[fold(student)] > 1:
            left_out.append(f"{student}: another student's name differs only by case; rename one")
        else:
            entries.append(_entry(student, theirs, download))
    return entries, left_out


def _entry(student: str, parts: list[Part], download: Path) -> Entry:
    attempts = {part.label.attempt for part in parts}
    chosen = [part for part in parts if part.label.attempt == max(attempts)]
    members, repeated = _latest_of_each_name(chosen)
    notes = [note for part in chosen for note in part.label.notes]
    if len(attempts) > 1:
        notes.append(f"the latest of {len(attempts)} attempts")
    notes += [f"the latest of several files named {shown(name)}" for name in repeated]
    return Entry(
        student,
        download / student,
        members=tuple(members),
        notes=tuple(dict.fromkeys(notes)),
        submitted=chosen[0].label.submitted,
    )


def _latest_of_each_name(parts: Iterable[Part]) -> tuple[list[Member], list[str]]:
    """Return the files that count, and the names of those that had to give way."""
    kept: dict[str | int, Part] = {}
    repeated = []
    for part in sorted(parts, key=lambda part: part.label.order):
        if _slot(part) in kept:
            repeated.append(part.member.name)
        kept[_slot(part)] = part
    return [part.member for part in kept.values()], repeated


def _slot(part: Part) -> str | int:
    """Return what only one file can fill: a name, or to be the archive.

    Where the platform tells no order, every file has a slot of its own.
    """
    if not part.label.order or part.member.kind is not Kind.FILE:
        return id(part)
    return "/archive" if part.member.name.lower().endswith(SUFFIXES) else part.member.name
