"""Results as text, for a student's terminal and an instructor's."""

import statistics
from collections.abc import Callable, Iterable, Sequence

from grader.results import Grade, Outcome, Result, Status, total

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.TIMEOUT: "out of time",
    Outcome.CRASHED: "crashed",
    Outcome.SKIPPED: "waits",
    Outcome.BROKEN: "broken",
}
_COLOURS = {"bold": "1", "green": "32", "red": "31", "yellow": "33"}

Paint = Callable[[str, str], str]


def plain(text: str, _colour: str) -> str:
    """Leave a text without colour."""
    return text


def coloured(text: str, colour: str) -> str:
    """Put a text into a colour."""
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def points_table(results: Iterable[Result], paint: Paint = plain) -> str:
    """Return the points of each task, and their sum."""
    rows = []
    by_task = _by_task(results)
    for task, tests in by_task:
        score, points = total(r.score for r in tests), total(r.points for r in tests)
        colour = "green" if score == points else "red" if not score else "yellow"
        passed = sum(r.outcome is Outcome.PASSED for r in tests)
        rows.append((task, score, points, paint(f"{passed} of {len(tests)} tests pass", colour)))
    width = max([len(row[0]) for row in rows], default=5)
    lines = [f"  {task:<{width}}  {_points(s, p)}   {state}" for task, s, p, state in rows]
    everything = [r for _, tests in by_task for r in tests]
    score, points = total(r.score for r in everything), total(r.points for r in everything)
    return "\n".join([*lines, f"  {'total':<{width}}  {_points(score, points)}"])


def failures(results: Iterable[Result], paint: Paint = plain) -> str:
    """Return what is wrong, task by task, in the order in which to mend it."""
    sections = []
    for task, tests in _by_task(results):
        wrong = [r for r in tests if r.outcome is not Outcome.PASSED]
        if not wrong or _is_stub(task, wrong):
            continue
        sections += [paint(task, "bold"), *(_failure(result, paint) for result in wrong), ""]
    return "\n".join(sections).rstrip()


def practice_report(title: str, results: Sequence[Result], paint: Paint = plain) -> str:
    """Return what `grader test` prints."""
    parts = [paint(title, "bold"), ""]
    if wrong := failures(results, paint):
        parts += [wrong, ""]
    parts += [points_table(results, paint), ""]
    parts.append(_next_step(results))
    return "\n".join(parts)


def class_table(grades: Sequence[Grade], paint: Paint = plain) -> str:
    """Return one line for each student, and the class at a glance."""
    width = max([7, *(len(grade.student) for grade in grades)])
    lines = [paint(f"{'student':<{width}}   score  status    remarks", "bold")]
    for grade in grades:
        colour = "green" if grade.score == grade.max_score else "yellow"
        status = paint(f"{grade.status:<8}", colour if grade.status is Status.GRADED else "red")
        remarks = _remarks(grade)
        lines.append(f"{grade.student:<{width}}  {grade.score:6.1f}  {status}  {remarks}".rstrip())
    scores = [grade.score for grade in grades]
    lines.append(
        f"\n{len(grades)} students: mean {statistics.fmean(scores):.1f},"
        f" median {statistics.median(scores):.1f} of {grades[0].max_score:g} points"
    )
    return "\n".join(lines)


def _by_task(results: Iterable[Result]) -> list[tuple[str, list[Result]]]:
    ordered: dict[str, list[Result]] = {}
    for result in results:
        ordered.setdefault(result.task, []).append(result)
    return list(ordered.items())


def _points(score: float, points: float) -> str:
    return f"{score:>5g} / {points:<4g}"


def _is_stub(task: str, wrong: Sequence[Result]) -> bool:
    return all(result.feedback.startswith(f"{task} is not written yet") for result in wrong)


def _failure(result: Result, paint: Paint) -> str:
    word = paint(_WORDS[result.outcome], "yellow" if result.outcome is Outcome.SKIPPED else "red")
    lines = [f"  {word}: {result.title}  ({result.points:g} points)"]
    lines += [f"    {line}" for line in result.feedback.splitlines()]
    if result.hint:
        lines.append(f"    hint: {result.hint}")
    return "\n".join(lines)


def _next_step(results: Sequence[Result]) -> str:
    stubs = [task for task, tests in _by_task(results) if _is_stub(task, tests)]
    failing = [
        task
        for task, tests in _by_task(results)
        if task not in stubs and any(r.outcome is not Outcome.PASSED for r in tests)
    ]
    if failing:
        return f"Next: {failing[0]}."
    if stubs:
        more = f" {len(stubs)} tasks are not written yet." if len(stubs) > 1 else ""
        return f"Next: write {stubs[0]}.{more}"
    return "Every public test passes. Hidden tests will try your functions on other inputs."


def _remarks(grade: Grade) -> str:
    """Say in a few words why a grade is not full."""
    if grade.status is not Status.GRADED:
        return grade.messages[-1] if grade.messages else ""
    order = [Outcome.FAILED, Outcome.TIMEOUT, Outcome.CRASHED, Outcome.SKIPPED]
    counts = [(o, sum(r.outcome is o for r in grade.results)) for o in order]
    return ", ".join(f"{count} {_WORDS[outcome]}" for outcome, count in counts if count)
