"""The results.json of a submission that could not be graded, which is never its fault."""

from datetime import UTC, datetime
from typing import Final

from grader.exports.gradescope import gradescope
from grader.exports.view import view
from grader.results import Grade, Status

_SORRY: Final = (
    "The autograder could not grade this submission. That is not your fault:"
    " please tell your instructor."
)


def failure(assignment: str, max_score: float, reason: str) -> str:
    """Return results that say so, and why.

    Parameters
    ----------
    reason : str
        For the student and the instructor; it must quote nothing hidden.
    """
    grade = Grade(
        assignment=assignment,
        student="",
        status=Status.BROKEN,
        submission_sha256="",
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        environment={},
        max_score=max_score,
        messages=(_SORRY, f"The reason: {reason}"),
    )
    return gradescope(view(grade, show_hidden=True))
