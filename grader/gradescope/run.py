"""What `run_autograder` runs: grade one submission, and write results.json whatever happens.

Trust: the submission is the student's. The folder around it is Gradescope's, and so
is submission_metadata.json, in which a student chooses no more than a name.
"""

import json
import sys
import traceback
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from grader import data
from grader.adjustments import Decisions, adjusted
from grader.classroom import MAX_SCORE, grade_one
from grader.course import Assignment, read_assignment
from grader.errors import GraderError
from grader.exports.gradescope import gradescope
from grader.exports.texts import one_line
from grader.exports.view import view
from grader.gradescope.failure import failure
from grader.provenance import Terms
from grader.sandbox.tier import Tier
from grader.submissions.download import list_download
from grader.submissions.intake import Entry
from grader.submissions.times import parse_moment

_STUDENT: Final = "submission"  # its name is Gradescope's affair


def main(root: Path, name: str) -> int:
    """Grade the submission in a tree laid out as Gradescope's; return 0."""
    try:
        text = results(root, read_assignment(root / "source" / "reference" / name))
    except GraderError as error:
        # Only its first line is a sentence; what follows may quote a hidden test.
        print(f"grader: {error}", file=sys.stderr)
        text = failure(name, MAX_SCORE, one_line(str(error).partition("\n")[0], 500))
    except Exception as error:
        traceback.print_exc()
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        text = failure(name, MAX_SCORE, f"the grader itself failed ({reason})")
    target = root / "results" / "results.json"
    try:
        replace_in_place(target, text)
    except OSError as error:
        reason = f"its results cannot be written ({error.strerror})"
        replace_in_place(target, failure(name, MAX_SCORE, reason))
    return 0


def results(root: Path, assignment: Assignment) -> str:
    """Return the content of results.json.

    Raises
    ------
    GraderError
        If the submission cannot be graded here.
    """
    data.load(assignment.dataset)
    folder = root / "submission"
    entry = Entry(
        _STUDENT, folder, members=tuple(list_download(folder)) if folder.is_dir() else None
    )
    grade = grade_one(Terms.of(assignment, assignment.dataset), entry, require=Tier.REDUCED)
    metadata = _metadata(root / "submission_metadata.json")
    submitted = _moment(metadata.get("created_at"))
    if submitted:
        grade = replace(grade, submitted_at=submitted.isoformat())
    decisions = Decisions(extension=_extension(metadata))
    return gradescope(view(adjusted(grade, assignment.late, decisions), show_hidden=False))


def replace_in_place(path: Path, text: str) -> None:
    """Replace a file's content without needing room beyond what the file takes already.

    A new file beside it, to be renamed, would need room that a full disk has not.
    """
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(text.encode())
        file.truncate()


def _metadata(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _extension(metadata: dict[str, Any]) -> datetime | None:
    """Return the student's own due date, if Gradescope knows another than the class's."""
    everybody = _due(metadata)
    users = metadata.get("users")
    own = [_due(user) for user in users] if isinstance(users, list) else []
    later = [moment for moment in own if moment and everybody and moment > everybody]
    return max(later, default=None)


def _due(about: object) -> datetime | None:
    assignment = about.get("assignment") if isinstance(about, dict) else None
    return _moment(assignment.get("due_date")) if isinstance(assignment, dict) else None


def _moment(text: object) -> datetime | None:
    moment = parse_moment(text) if isinstance(text, str) else None
    return moment if moment and moment.tzinfo else None


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2]))
