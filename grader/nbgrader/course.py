"""The folders of a course of nbgrader: source/, release/, submitted/ and the rest."""

from pathlib import Path
from typing import Final

from grader.course import DESCRIPTION
from grader.errors import GraderError

_LAYOUT: Final = "nbgrader"
_SIGNS: Final = ("nbgrader_config.py", "gradebook.db", "source")


def find_source(course: Path, assignment: str, layout: str) -> Path | None:
    """Return where the instructor's notebooks are, if the assignment is nbgrader's own.

    One that `grader release --nbgrader` wrote is ours, and is graded as ours.
    """
    folder = course / "source" / assignment
    if layout != _LAYOUT or not folder.is_dir() or (folder / DESCRIPTION).exists():
        return None
    return folder


def submitted(course: Path, layout: str) -> Path:
    """Return the folder with what was handed in: of a whole course, only that is looked at."""
    inside = course / "submitted"
    is_course = inside.is_dir() and any((course / sign).exists() for sign in _SIGNS)
    return inside if layout in (_LAYOUT, "auto") and is_course else course


def only_assignment(course: Path, layout: str) -> str:
    """Return the name of a course's assignment, where nobody said which.

    Raises
    ------
    GraderError
        If there is not exactly one, or this is no course of nbgrader's.
    """
    names = sorted(path.name for path in (course / "source").glob("*/") if path.is_dir())
    if layout == _LAYOUT and len(names) == 1:
        return names[0]
    there = f"; {course} has {', '.join(names)}" if names else ""
    raise GraderError(f"say which assignment, and then the folder with the submissions{there}")
