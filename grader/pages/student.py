"""What a student reads about a grade, gathered for the page and for its Markdown.

What hidden tests let a student read is decided in `grader.exports.view`, for pages
and exports alike; here their pictures are left out as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.course import Assignment
from grader.exports.view import View, view
from grader.pages.cards import Card, Line, Pair, SharedHint, cards, line, share_hints
from grader.pages.words import facts, when
from grader.reports.terminal import OUTCOMES, is_stub, next_step
from grader.results import Grade, Outcome, Result, Status, Visibility, reason_not_run, total


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPart:
    """One task of a grade."""

    name: str
    score: float
    points: float
    count: int
    hints: tuple[SharedHint, ...]
    cards: tuple[Card, ...]
    passed: tuple[Line, ...]
    not_run: str  # why some tests were not run
    unwritten: bool
    like: str = ""  # the earlier task with which the same is wrong, and nothing else
    alike: str = ""  # what that is

    @property
    def share(self) -> float:
        """The part of the points that is earned."""
        return self.score / self.points if self.points else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentPage:
    """All that a student's page says."""

    assignment: str
    title: str
    student: str
    status: Status
    score: float  # that counts
    raw_score: float  # that the tests gave
    max_score: float
    summary: str  # of the tests, in words
    next_step: str
    tasks: tuple[TaskPart, ...]
    messages: tuple[str, ...]
    facts: Mapping[str, str]  # how the grade was made
    hides: bool  # whether hidden tests keep to themselves what they found

    @property
    def share(self) -> float:
        """The part of the points that is earned."""
        return self.score / self.max_score


def student_page(grade: Grade, assignment: Assignment, *, reveal: bool) -> StudentPage:
    """Gather what a student's page says.

    Parameters
    ----------
    reveal : bool
        Whether the student may read what hidden tests say.
    """
    shown = view(_revealed(grade) if reveal else grade, show_hidden=False)
    pairs = list(zip(shown.tests, grade.results, strict=False))  # without results there is one test
    return StudentPage(
        assignment=shown.assignment,
        title=assignment.title,
        student=shown.student,
        status=grade.status,
        score=shown.score,
        raw_score=shown.raw_score,
        max_score=grade.max_score,
        summary=_summary(grade.results),
        next_step=_advice(grade),
        tasks=_refer_back(_task(name, group) for name, group in _by_task(pairs).items()),
        messages=shown.messages or _why_untested(shown, grade),
        facts=_facts(grade),
        hides=not reveal and any(r.visibility is Visibility.HIDDEN for r in grade.results),
    )


def _revealed(grade: Grade) -> Grade:
    """Let hidden tests speak like public ones; faults of ours are still not quoted."""
    return replace(
        grade,
        results=tuple(replace(each, visibility=Visibility.PUBLIC) for each in grade.results),
    )


def _by_task(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    tasks: dict[str, list[Pair]] = {}
    for shown, result in pairs:
        tasks.setdefault(shown.task, []).append((shown, result))
    return tasks


def _task(name: str, pairs: Sequence[Pair]) -> TaskPart:
    results = [result for _, result in pairs]
    hints, wrong = share_hints(cards(pairs))
    return TaskPart(
        name=name,
        score=total(result.score for result in results),
        points=total(result.points for result in results),
        count=len(results),
        hints=hints,
        cards=wrong,
        passed=tuple(line(*pair) for pair in pairs if pair[0].passed),
        not_run=reason_not_run(results),
        unwritten=is_stub(name, results),
    )


def _refer_back(tasks: Iterable[TaskPart]) -> tuple[TaskPart, ...]:
    """Let a file that cannot be imported be explained with its first task only."""
    seen: dict[str, str] = {}  # what was said → with which task
    found = []
    for task in tasks:
        said = {card.message for card in task.cards if not card.all_hidden}
        like = alike = ""
        if len(said) == 1 and not task.passed:
            (message,) = said
            like, alike = seen.get(message.text, ""), message.headline
            seen.setdefault(message.text, task.name)
        found.append(replace(task, like=like, alike=alike))
    return tuple(found)


def _summary(results: Sequence[Result]) -> str:
    """Count the outcomes: "78 of 96 tests passed, 6 failed, 12 waiting"."""
    counts = {each: sum(result.outcome is each for result in results) for each in Outcome}
    rest = [
        f"{count} {OUTCOMES[outcome]}"
        for outcome, count in counts.items()
        if count and outcome is not Outcome.PASSED
    ]
    passed = f"{counts[Outcome.PASSED]} of {len(results)} tests passed"
    return ", ".join([passed, *rest]) if results else "No test was run."


def _advice(grade: Grade) -> str:
    if grade.status is Status.REJECTED:
        return "Next: hand in again, so that it can be read."
    if not grade.results:
        return "Your instructor has been told; there is nothing for you to do."
    return next_step(grade.results) or "All tests pass: there is nothing to mend."


def _why_untested(shown: View, grade: Grade) -> tuple[str, ...]:
    return () if grade.results else (shown.tests[0].text,)


def _facts(grade: Grade) -> dict[str, str]:
    known = facts(grade.environment)
    return {"on": when(grade.graded_at), **known, "files": grade.submission_sha256[:12]}
