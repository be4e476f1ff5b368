"""CTRF, the Common Test Report Format 0.0: one JSON object that many CI tools show."""

import json
from collections import Counter
from datetime import datetime
from typing import Any, Final

import grader
from grader.exports.view import Shown, View
from grader.results import Outcome

_STATUS: Final = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.TIMEOUT: "failed",
    Outcome.CRASHED: "failed",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_RUN: "skipped",
    Outcome.BROKEN: "other",
}


def ctrf(view: View) -> str:
    """Return the report of one submission."""
    stop = round(1000 * datetime.fromisoformat(view.graded_at).timestamp())
    start = stop - _milliseconds(view.seconds)
    statuses = Counter(_STATUS[test.outcome] for test in view.tests)
    counted = ("passed", "failed", "skipped", "pending", "other")
    report = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "generatedBy": f"deltagrade {grader.__version__}",
        "timestamp": view.graded_at,
        "results": {
            "tool": {"name": "deltagrade", "version": grader.__version__},
            "summary": {
                "tests": len(view.tests),
                **{status: statuses[status] for status in counted},
                "start": start,
                "stop": stop,
                "extra": {
                    "assignment": view.assignment,
                    "student": view.student,
                    "score": view.score,
                    "max_score": view.max_score,
                    "messages": list(view.messages),
                },
            },
            "tests": [_test(view, test) for test in view.tests],
        },
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def _test(view: View, test: Shown) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": test.name,
        "status": _STATUS[test.outcome],
        "duration": _milliseconds(test.seconds),
        "suite": [view.assignment, test.task],
        "rawStatus": test.outcome,
        "extra": {"score": test.score, "points": test.points},
    }
    if test.explanation:
        entry["message"] = test.explanation
    return entry


def _milliseconds(seconds: float) -> int:
    return round(1000 * seconds)
