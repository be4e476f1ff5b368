"""`grader ci`: what a student's repository shows after each push.

The public tests are run, and their result becomes a job summary, annotations, the
step's outputs and a page. At home it writes the same texts to files or to stdout.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from grader.course import Assignment
from grader.errors import GraderError
from grader.exports.classroom import classroom
from grader.exports.classroom50 import classroom50
from grader.exports.github import Place, annotations, summary
from grader.exports.texts import number
from grader.exports.view import Shown, view
from grader.files import make_folder, write_atomically
from grader.github.places import Places, repository_root
from grader.github.runner import add_summary, set_outputs, stopped_commands
from grader.github.trial import try_own, unread
from grader.pages.render import render
from grader.pages.student import student_page
from grader.practice import find_own_assignment
from grader.results import Grade, Status

_YOU: Final = "you"


def run_ci(
    folder: Path,
    *,
    summary_file: Path | None = None,
    annotations_file: Path | None = None,
    page: Path | None = None,
    classroom50_file: Path | None = None,
) -> int:
    """Run the public tests of a student's folder, and show what came of it.

    Parameters
    ----------
    summary_file : Path, optional
        For the job summary; otherwise it goes to the runner, or to stdout.
    annotations_file : Path, optional
        For the annotations; otherwise they go to stdout, where the runner reads them.
    page : Path, optional
        For the feedback as a page.
    classroom50_file : Path, optional
        For Classroom 50's result.json.

    Returns
    -------
    int
        0 if every test passes, 1 if one does not, 2 if they could not be run.

    Raises
    ------
    GraderError
        If something cannot be written.
    """
    student = os.environ.get("GITHUB_REPOSITORY") or _YOU
    assignment: Assignment | None = None
    try:
        assignment = find_own_assignment(folder)
    except GraderError as error:  # a student can delete any file, and must read so
        grade = unread(folder.resolve().name, student, str(error))
    else:
        with stopped_commands():
            grade = try_own(assignment, student)
    shown = view(grade, show_hidden=False)
    _show(summary(shown), summary_file, to_runner=True)
    _show(annotations(shown, _places(assignment)), annotations_file)
    set_outputs(
        {
            "points": number(shown.score),
            "max-points": number(shown.max_score),
            "result": classroom(shown),
        }
    )
    if page is not None and assignment is not None:
        _write(page, _page(grade, assignment))
    if classroom50_file is not None:
        _write(classroom50_file, classroom50(shown, os.environ))
    return _exit_code(grade)


def _places(assignment: Assignment | None) -> Callable[[Shown], Place | None]:
    if assignment is None:
        return lambda _: None
    return Places(assignment, repository_root(assignment.folder))


def _exit_code(grade: Grade) -> int:
    if grade.status is not Status.GRADED:
        return 2
    return 1 if any(result.outcome.is_wrong for result in grade.results) else 0


def _page(grade: Grade, assignment: Assignment) -> str:
    content = student_page(grade, assignment, reveal=False)
    return render("student.html", page=content, stamp="")


def _show(text: str, file: Path | None, *, to_runner: bool = False) -> None:
    """Write a text to the file that was named, or to where the runner looks for it."""
    if file is not None:
        _write(file, text)
    elif not (to_runner and add_summary(text)):
        sys.stdout.buffer.write(text.encode())  # as UTF-8, whatever a console's encoding is
        sys.stdout.flush()


def _write(path: Path, text: str) -> None:
    make_folder(path.parent)
    write_atomically(path, text)
