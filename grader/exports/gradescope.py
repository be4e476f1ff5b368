"""Gradescope's results.json.

Gradescope hides a student's total as soon as one test is hidden. So every test is
visible here, and of a hidden one the student sees only what `view` lets through:
the total is there at once, and nothing is given away. With hidden tests revealed,
theirs become visible once the grades are published, and so does the total.
"""

import json
from typing import Any, Final

from grader.exports.view import Shown, View
from grader.results import Outcome

_FORMATS: Final = {
    "output_format": "text",
    "test_output_format": "text",
    "test_name_format": "text",
}


def gradescope(view: View) -> str:
    """Return the results file of one submission; all its texts are plain text."""
    results = {
        "score": view.score,
        "execution_time": round(view.seconds, 3),
        "output": "\n".join([view.points, *view.messages]),
        **_FORMATS,
        "visibility": "visible",
        # What the grader printed while it graded may quote hidden tests.
        "stdout_visibility": "hidden",
        "tests": [_test(view, test, number) for number, test in enumerate(view.tests, start=1)],
    }
    return json.dumps(results, indent=1, ensure_ascii=False) + "\n"


def _status(test: Shown) -> dict[str, str]:
    """Say whether a test passed; of one that was not run, nothing."""
    if test.outcome is Outcome.NOT_RUN:
        return {}
    return {"status": "passed" if test.passed else "failed"}


def _test(view: View, test: Shown, number: int) -> dict[str, Any]:
    secret = test.hidden and view.reveals_hidden
    return {
        "name": f"{test.task}: {test.name}",
        "number": str(number),
        "score": test.score,
        "max_score": test.points,
        **_status(test),
        "output": test.explanation,
        "visibility": "after_published" if secret else "visible",
    }
