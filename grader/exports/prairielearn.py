"""PrairieLearn's results.json for externally graded questions."""

import json
from typing import Any, Final

from grader.exports.view import Shown, View, fit
from grader.results import Outcome, Status

_LIMIT: Final = 1_000_000  # bytes


def prairielearn(view: View) -> str:
    """Return the results file of one submission.

    What could not be read, or what we failed to judge, is "not gradable": it costs
    the student no attempt.
    """
    return fit(_results, view, _LIMIT)


def _results(view: View) -> str:
    if view.status is not Status.GRADED:
        ours = [test.text for test in view.tests if test.outcome is Outcome.BROKEN]
        errors = list(dict.fromkeys([*view.messages, *ours]))
        return _json({"gradable": False, "format_errors": errors})
    share = view.score / view.max_score if view.max_score else 0.0
    return _json(
        {
            "gradable": True,
            "score": min(1.0, max(0.0, share)),
            "message": "\n".join([view.points, *view.messages]),
            "tests": [_test(test) for test in view.tests],
        }
    )


def _test(test: Shown) -> dict[str, Any]:
    return {
        "name": f"{test.task}: {test.name}",
        "points": test.score,
        "max_points": test.points,
        "message": test.explanation,
    }


def _json(results: dict[str, Any]) -> str:
    return json.dumps(results, indent=1, ensure_ascii=False) + "\n"
