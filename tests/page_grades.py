"""Grades to make pages of: a class as it might be, and a student who writes anything."""

import random
from collections.abc import Sequence
from pathlib import Path

from grader.course import Assignment, Limits, Task
from grader.feedback import Feedback
from grader.results import Grade, Outcome, Result, Status, Visibility

HOSTILE = (
    "<script>alert(1)</script></style></pre> [click](https://evil.example) ![x](https://evil.example/x.png)"
    ' "><img src=x onerror=alert(1)> {{ 7*7 }} `code` ```` \x1b[31mred\x1b]0;title\x07'
    "\n::error file=x::command\n\N{RIGHT-TO-LEFT OVERRIDE}gnp.txt\x00\x07 @everyone & </title>"
)
MISMATCH = (
    "padded differs from what is expected (3 of 4 elements)\n"
    "  worst: padded[0, 1] is 4, expected 0\n"
    "  tolerance: 1e-09 + 1e-09 * |expected|\n"
    "  got:      [[4. 4.]\n"
    "             [4. 0.]]\n"
    "  expected: [[0. 0.]\n"
    "             [0. 0.]]"
)
KNOWN = "You padded with the edge instead of zeros."


def assignment(feedback: Feedback = Feedback()) -> Assignment:  # noqa: B008  (it is frozen)
    """Return the description of an assignment of two tasks."""
    tasks = [
        Task(name=name, file="images.py", points=50.0, requires=(), banned=())
        for name in ("pad", "blur")
    ]
    return Assignment(
        id="a1",
        title="Padding & blurring",
        dataset="digits",
        packages=("numpy",),
        limits=Limits(test_seconds=1.0, submission_seconds=10.0, memory_mb=512),
        tasks=tuple(tasks),
        folder=Path("nowhere"),
        feedback=feedback,
    )


def result(task: str, name: str, outcome: Outcome = Outcome.PASSED, **changes: object) -> Result:
    """Return the result of one test."""
    fields = {
        "test": f"test_{task}.py::{name}", "task": task, "title": f"Title of {name}.",
        "points": 10.0, "visibility": Visibility.PUBLIC, "outcome": outcome, "seconds": 0.25,
    }  # fmt: skip
    return Result(**fields | changes)


def grade(student: str, results: Sequence[Result] = (), **changes: object) -> Grade:
    """Return the grade of one student."""
    fields = {
        "assignment": "a1", "student": student, "status": Status.GRADED,
        "submission_sha256": "ab" * 32, "graded_at": "2026-11-24T08:58:00+00:00",
        "environment": {"sandbox": "full", "dataset": "digits", "python": "3.11.7"},
        "max_score": 100.0, "results": tuple(results),
    }  # fmt: skip
    return Grade(**fields | changes)


def large_class(students: int, tests: int = 40) -> list[Grade]:
    """Return a class in which most things that can happen do."""
    draw = random.Random(1)  # noqa: S311  (nothing secret)
    return [
        grade(f"student-{number:04}", [_drawn(draw, test, tests) for test in range(tests)])
        for number in range(students)
    ]


def _drawn(draw: random.Random, test: int, tests: int) -> Result:
    task = ("pad", "blur")[test % 2]
    hidden = Visibility.HIDDEN if test % 4 == 3 else Visibility.PUBLIC
    facts: dict[str, object] = {"points": 100 / tests, "visibility": hidden}
    outcome = draw.choices(
        [Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED, Outcome.TIMEOUT], [12, 4, 1, 1]
    )[0]
    if outcome is Outcome.FAILED:
        facts |= {"feedback": MISMATCH, "fingerprint": f"{draw.randrange(9):016x}"}
        if draw.random() < 0.3:
            facts |= {"misconception": f"mistake-{draw.randrange(12)}", "hint": KNOWN}
    elif outcome is not Outcome.PASSED:
        facts |= {"feedback": f"{task} builds on pad, which does not pass its own tests yet"}
    if test == 0:
        facts |= {"accuracy": draw.uniform(0.8, 0.93), "seconds": draw.uniform(0.5, 4.0)}
    return result(task, f"test_{test}", outcome, **facts)
