"""Grades to export: an ordinary one, one that could not be read, and a hostile one."""

from typing import Any

from grader.results import Grade, Outcome, Result, Status, Visibility

QUOTED = "result[2, 0] is 24, expected 12"  # what a hidden test's feedback quotes
HOSTILE = (
    "=cmd|' /C calc'!A0\n"
    "::set-output name=score::100\n"
    "  ::error::forged\n"
    "##[error]forged ]]> </pre></td><script>alert(1)</script> & <!-- \x1b[2J\x1b[31mred\x1b[0m\n"
    "@everyone | # Heading *bold* [link](javascript:alert(1)) `code` www.example.org\n"
    "\u202egnp.exe\u2066 \x00\x07\x08\x0b\x0c\x1f\x7f\x85\x9b31m\u2028\ufeff\ufffe\ud800 "
    "%0A::error::x\r"
)


def result(outcome: Outcome = Outcome.PASSED, **facts: Any) -> Result:
    """Return a result: of a public test of pad2d, 2 points, unless told otherwise."""
    hidden = facts.pop("hidden", False)
    defaults = {
        "test": "test_padding.py::test_corners",
        "task": "pad2d",
        "title": "Corners are padded.",
        "visibility": Visibility.HIDDEN if hidden else Visibility.PUBLIC,
        "points": 2.0,
        "outcome": outcome,
        "seconds": 0.25,
    }
    return Result(**defaults | facts)


def grade(*results: Result, **facts: Any) -> Grade:
    """Return ada's grade in a1, with these results; the maximum is theirs."""
    defaults = {
        "assignment": "a1",
        "student": "ada",
        "status": Status.GRADED,
        "submission_sha256": "0" * 64,
        "graded_at": "2026-10-01T12:00:00+00:00",
        "environment": {"sandbox": "full"},
        "max_score": sum(each.points for each in results) or 100.0,
        "results": results,
    }
    return Grade(**defaults | facts)


def ordinary(**facts: Any) -> Grade:
    """Return a grade with every outcome, two tasks, hidden and public tests: 5 of 16 points."""
    wrong = {"outcome": Outcome.FAILED, "hint": "Look at the corners."}
    return grade(
        result(),
        result(**wrong, title="Edges.", feedback="padded differs\n  worst: padded[0, 0] is 1"),
        result(**wrong, title="Sizes.", hidden=True, feedback=QUOTED),
        result(
            Outcome.FAILED, title="Modes.", hidden=True, feedback=QUOTED,
            hint="The mirror does not repeat the edge.", misconception="edge-repeated",
        ),
        result(Outcome.TIMEOUT, title="Large.", hidden=True, feedback=f"endless in {QUOTED}"),
        result(
            Outcome.CRASHED, task="flip", title="Flips.",
            feedback="flip raised ValueError: no\n  at flips.py, line 12: raise ValueError('no')",
        ),
        result(
            Outcome.SKIPPED, task="flip", title="Waits.",
            feedback="flip builds on pad2d, which does not pass its own tests yet\nmore of it",
        ),
        result(Outcome.FAILED, task="flip", title="Accuracy.", points=4.0, share=0.75),
        max_score=18.0,
        messages=("files missing: edges.py",),
        **facts,
    )  # fmt: skip


def rejected(**facts: Any) -> Grade:
    """Return the grade of a submission that could not be read."""
    messages = ("ada.zip: it is not a readable zip file; export it again",)
    return grade(status=Status.REJECTED, messages=messages, **facts)


def broken(**facts: Any) -> Grade:
    """Return the grade of a submission that we failed to judge; our reasons quote a secret."""
    return grade(
        result(),
        result(Outcome.BROKEN, title="Ours.", feedback=f"not the student's fault: {QUOTED}"),
        status=Status.BROKEN,
        messages=(f"the examiner died: {QUOTED}",),
        **facts,
    )


def hostile() -> Grade:
    """Return a grade in which every text attacks whoever shows it."""
    return grade(
        result(Outcome.FAILED, title=HOSTILE, task=HOSTILE, feedback=HOSTILE, hint=HOSTILE),
        result(Outcome.FAILED, title=HOSTILE, hidden=True, feedback=HOSTILE, hint=HOSTILE),
        student=HOSTILE,
        assignment=HOSTILE,
        messages=(HOSTILE,),
    )


EVERY = (ordinary, rejected, broken, hostile)
