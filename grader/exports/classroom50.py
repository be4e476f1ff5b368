"""Classroom 50's result.json, schema `classroom50/result/v1`.

Points are whole numbers there, so halves are rounded up, the score's and the
maximum's alike. Its runner says in environment variables whose submission it is.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from grader.errors import GraderError
from grader.exports.view import Shown, View
from grader.results import Outcome

_FIELDS: Final = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "owner": "USERNAME",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}
_SUBMITTED: Final = re.compile(r"submit/(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\dZ)")


def classroom50(view: View, environment: Mapping[str, str]) -> str:
    """Return the result file of one submission.

    Raises
    ------
    GraderError
        If a variable that Classroom 50's runner sets is missing.
    """
    missing = [name for name in _FIELDS.values() if not environment.get(name)]
    if missing:
        raise GraderError(
            f"the environment has no {', '.join(missing)}, which Classroom 50's runner sets;"
            " export classroom50 within its autograder.py"
        )
    fields = {field: environment[name] for field, name in _FIELDS.items()}
    graded_at = datetime.fromisoformat(view.graded_at).astimezone(UTC)
    graded = graded_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    result = {
        "schema": "classroom50/result/v1",
        **fields,
        "assignment_type": environment.get("ASSIGNMENT_TYPE") or "individual",
        "datetime": _submitted(fields["submission"]) or graded,
        "graded_at": graded,
        "score": _whole(view.score),
        "max-score": _whole(view.max_score),
        "tests": [_test(test) for test in view.tests],
    }
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def _submitted(tag: str) -> str:
    """Return when the submission was tagged, which no later grading changes; or ''."""
    match = _SUBMITTED.match(tag)
    return f"{match[1]}{match[2]}:{match[3]}:{match[4]}" if match else ""


def _test(test: Shown) -> dict[str, Any]:
    # There is no third state, and no room for a reason but in the name.
    reason = f" ({test.text})" if test.outcome is Outcome.NOT_RUN else ""
    return {
        "test-name": f"{test.task}: {test.name}{reason}",
        "passed": not test.outcome.is_wrong,
        "score": _whole(test.score),
        "max-score": _whole(test.points),
    }


def _whole(points: float) -> int:
    return int(points + 0.5)
