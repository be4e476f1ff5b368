"""Results as text, for a student's terminal and an instructor's."""

import shutil
import statistics
import textwrap
from collections.abc import Callable, Iterable, Sequence

from grader.cuda import CUDA_TIER
from grader.misconceptions import Occurrence
from grader.results import Grade, Outcome, Result, Status, reason_not_run, total

OUTCOMES = {  # in the words that people read
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.TIMEOUT: "out of time",
    Outcome.CRASHED: "crashed",
    Outcome.SKIPPED: "waiting",
    Outcome.BROKEN: "broken",
    Outcome.NOT_RUN: "not run",
}
_WIDEST = 92
_MOST_COMMON = 8  # known mistakes that are shown
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
    tasks = _by_task(results)
    width = max([len("total"), *map(len, tasks)])
    lines = [
        f"  {task:<{width}}  {_sum(tests)}   {_share(tests, paint)}"
        for task, tests in tasks.items()
    ]
    everything = [result for tests in tasks.values() for result in tests]
    return "\n".join([*lines, f"  {'total':<{width}}  {_sum(everything)}".rstrip()])


def failures(results: Iterable[Result], paint: Paint = plain) -> str:
    """Return what is wrong, task by task, in the order in which to mend it.

    What only waits for another task gets one line: mending that one comes first.
    """
    sections = []
    for task, tests in _by_task(results).items():
        wrong = [result for result in tests if result.outcome.is_wrong]
        if not wrong or is_stub(task, tests):
            continue
        ours = [result for result in wrong if result.outcome is not Outcome.SKIPPED]
        shown = _failures(ours, paint)
        if len(ours) < len(wrong):
            waiting = next(r for r in wrong if r.outcome is Outcome.SKIPPED)
            shown.append(f"  {paint('waiting', 'yellow')}: {waiting.feedback.splitlines()[0]}")
        sections.append("\n".join([paint(task, "bold"), *shown]))
    return "\n\n".join(sections)


def practice_report(
    title: str, results: Sequence[Result], paint: Paint = plain, notes: Sequence[str] = ()
) -> str:
    """Return what `grader test` prints."""
    noted = "\n".join(paint(f"note: {note}", "yellow") for note in notes)
    parts = [paint(title, "bold"), failures(results, paint), noted, points_table(results, paint)]
    advice = next_step(results)
    last = advice or "All of these pass. Hidden tests will try your functions on other inputs."
    return "\n\n".join([*filter(None, parts), last])


def next_step(results: Sequence[Result]) -> str:
    """Return what to do next in a sentence; nothing if every test passes."""
    unfinished = [
        (task, tests)
        for task, tests in _by_task(results).items()
        if any(result.outcome.is_wrong for result in tests)
    ]
    if not unfinished:
        return ""
    task, tests = unfinished[0]
    return f"Next: write {task}." if is_stub(task, tests) else f"Next: mend {task}."


def is_stub(task: str, tests: Iterable[Result]) -> bool:
    """Whether all that is wrong with a task is that nobody has written it."""
    return all(result.feedback.startswith(f"{task} is not written yet") for result in tests)


def class_table(grades: Sequence[Grade], paint: Paint = plain) -> str:
    """Return one line for each student, and the class at a glance."""
    width = max([7, *(len(grade.student) for grade in grades)])
    lines = [paint(f"{'student':<{width}}   score  status    remarks", "bold")]
    for grade in grades:
        score = grade.final_score
        colour = "green" if score == grade.max_score else "yellow"
        status = paint(f"{grade.status:<8}", colour if grade.status is Status.GRADED else "red")
        line = f"{grade.student:<{width}}  {score:6.1f}  {status}  {remarks(grade)}"
        lines.append(line.rstrip())
    scores = [grade.final_score for grade in grades]
    if absent := reason_not_run(result for grade in grades for result in grade.results):
        lines.append(f"\n{CUDA_TIER}: {absent}")
    lines.append(
        f"\n{_counted(len(grades), 'student')}: mean {statistics.fmean(scores):.1f},"
        f" median {statistics.median(scores):.1f} of {grades[0].max_score:g} points"
    )
    return "\n".join(lines)


def misconception_table(occurrences: Sequence[Occurrence], paint: Paint = plain) -> str:
    """Return which known mistakes a class made, in which task, the most common first."""
    width = max(len(each.task) for each in occurrences)
    rows = [
        f"{len(o.students):>8}  {o.task:<{width}}  {o.name}" for o in occurrences[:_MOST_COMMON]
    ]
    heading = paint(f"{'students':>8}  {'task':<{width}}  known mistake", "bold")
    left = len(occurrences) - len(rows)
    return "\n".join(
        [heading, *rows, *([f"{left:>8}  more: --json lists them all"] if left else [])]
    )


def _by_task(results: Iterable[Result]) -> dict[str, list[Result]]:
    tasks: dict[str, list[Result]] = {}
    for result in results:
        tasks.setdefault(result.task, []).append(result)
    return tasks


def _sum(tests: Sequence[Result]) -> str:
    score, points = total(r.score for r in tests), total(r.points for r in tests)
    return f"{score:>5g} / {points:<4g}" if points else f"{'':12}"


def _share(tests: Sequence[Result], paint: Paint) -> str:
    absent = [result for result in tests if result.outcome is Outcome.NOT_RUN]
    if len(absent) == len(tests):
        return paint(absent[0].feedback, "yellow")
    passed = sum(result.outcome is Outcome.PASSED for result in tests)
    colour = "green" if passed == len(tests) else "yellow" if passed else "red"
    return paint(f"{passed} of {_counted(len(tests), 'test')} passed", colour)


def _counted(number: float, noun: str) -> str:
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"


def _failures(results: Sequence[Result], paint: Paint) -> list[str]:
    """Describe each failure; what is wrong with several tests alike is said once."""
    alike: dict[str, list[Result]] = {}
    for result in results:
        alike.setdefault(result.feedback, []).append(result)
    shown = []
    for first, *others in alike.values():
        more = f"\n    and {_counted(len(others), 'more test')} alike" if others else ""
        shown.append(_failure(first, paint) + more)
    return shown


def _failure(result: Result, paint: Paint) -> str:
    word = paint(OUTCOMES[result.outcome], "red")
    points = _counted(result.points, "point")
    earned = f"{result.score:g} of {points}" if result.score else points
    name = result.test.partition("::")[2]
    lines = [f"  {word}: {result.title}  ({earned}, {name})"]
    lines += [f"    {line}" for line in result.feedback.splitlines()]
    if result.hint:
        lines += textwrap.wrap(
            f"hint: {result.hint}", _width(), initial_indent="    ", subsequent_indent="          "
        )
    return "\n".join(lines)


def _width() -> int:
    return min(_WIDEST, shutil.get_terminal_size().columns)


def remarks(grade: Grade) -> str:
    """Say in a few words why a grade is not full."""
    broken = [r.feedback for r in grade.results if r.outcome is Outcome.BROKEN]
    if grade.status is not Status.GRADED:
        return next(iter([*broken, *reversed(grade.messages), *grade.adjustments]), "")
    order = [Outcome.FAILED, Outcome.TIMEOUT, Outcome.CRASHED, Outcome.SKIPPED]
    counts = [(o, sum(r.outcome is o for r in grade.results)) for o in order]
    counted = ", ".join(f"{count} {OUTCOMES[outcome]}" for outcome, count in counts if count)
    return "; ".join(filter(None, [counted, *grade.messages, *grade.adjustments]))
