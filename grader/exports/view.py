"""A grade as its student may read it: what every export for students is made from.

A hidden test is hidden because its inputs and answers give the task away. Of such
a test an export says the title, the outcome and, when the answer was that of a known
mistake, the author's hint about it. It says nothing that the test itself wrote, and
nothing that the student's code said during it, which could carry the inputs out.

Nor does it quote a fault of our own: a traceback of ours may hold an answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from grader.errors import GraderError
from grader.exports.texts import cut, one_line, readable
from grader.results import Grade, Outcome, Result, Status, Visibility, total

_HIDDEN: Final = {
    Outcome.PASSED: "",
    Outcome.FAILED: "This hidden test does not pass.",
    Outcome.TIMEOUT: "Your code ran out of time in this hidden test.",
    Outcome.CRASHED: "Your code ended its process in this hidden test.",
    Outcome.SKIPPED: "This hidden test builds on a task that does not pass its own tests yet.",
}
_BROKEN: Final = (
    "The grader could not judge this. That is not your fault; your instructor can see the reason."
)
_LENGTHS: Final = (10_000, 2_000, 500, 100, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One test, as the reader may see it; every text is readable."""

    name: str  # one line: the test's title
    task: str
    test: str  # "test_padding.py::test_corners"; "" when hidden
    hidden: bool
    outcome: Outcome
    score: float
    points: float
    seconds: float
    text: str  # what is wrong; "" when nothing is
    hint: str

    @property
    def passed(self) -> bool:
        """Whether the test earns all of its points."""
        return self.outcome is Outcome.PASSED

    @property
    def explanation(self) -> str:
        """What is wrong, and the hint."""
        return "\n".join(filter(None, [self.text, self.hint and f"hint: {self.hint}"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One grade, as the reader may see it. There is always a test in it."""

    assignment: str
    student: str
    status: Status
    score: float  # that counts
    raw_score: float  # that the tests gave
    max_score: float
    graded_at: str
    reveals_hidden: bool
    tests: tuple[Shown, ...]
    messages: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long the tests took."""
        return sum(test.seconds for test in self.tests)

    @property
    def points(self) -> str:
        """The score in words."""
        raw = f" ({self.raw_score:g} from the tests)" if self.raw_score != self.score else ""
        return f"{self.score:g} of {self.max_score:g} points{raw}"


def view(grade: Grade, *, show_hidden: bool) -> View:
    """Return what the reader of an export may see.

    Parameters
    ----------
    show_hidden : bool
        Quote hidden tests and our own faults too: for instructors.
    """
    broken = grade.status is Status.BROKEN and not show_hidden
    messages = () if broken else tuple(map(one_line, grade.messages))
    messages += tuple(map(one_line, grade.adjustments))
    shown = View(
        assignment=one_line(grade.assignment),
        student=one_line(grade.student),
        status=grade.status,
        score=grade.final_score,
        raw_score=grade.score,
        max_score=grade.max_score,
        graded_at=grade.graded_at,
        reveals_hidden=show_hidden,
        tests=tuple(_shown(result, show_hidden=show_hidden) for result in grade.results),
        messages=messages,
    )
    return shown if shown.tests else replace(shown, tests=(_unread(shown),))


def fit(write: Callable[[View], str], shown: View, limit: int) -> str:
    """Write a view, with its texts as long as the format's limit lets them be.

    Parameters
    ----------
    write : callable
        Writes a view in some format.
    limit : int
        In bytes of UTF-8.

    Raises
    ------
    GraderError
        If it is too long even without the texts.
    """
    for longest in _LENGTHS:
        tests = [
            replace(test, text=cut(test.text, longest), hint=cut(test.hint, longest))
            for test in shown.tests
        ]
        text = write(replace(shown, tests=tuple(tests)))
        if len(text.encode()) <= limit:
            return text
    raise GraderError(
        f"the result of {shown.student} has {len(shown.tests)} tests, too many for the"
        f" {limit} bytes that this format allows; export it as ctrf or junit"
    )


def _shown(result: Result, *, show_hidden: bool) -> Shown:
    hidden = result.visibility is Visibility.HIDDEN
    text, hint = result.feedback, result.hint
    if not show_hidden and result.outcome is Outcome.BROKEN:
        text, hint = _BROKEN, ""
    elif not show_hidden and hidden and result.outcome is not Outcome.NOT_RUN:
        text, hint = _HIDDEN[result.outcome], hint if result.misconception else ""
    return Shown(
        name=one_line(result.title) or "A test without a title.",
        task=one_line(result.task),
        test="" if hidden and not show_hidden else one_line(result.test),
        hidden=hidden,
        outcome=result.outcome,
        score=total([result.score]),
        points=result.points,
        seconds=result.seconds,
        text=readable(text),
        hint=readable(hint),
    )


def _unread(shown: View) -> Shown:
    """Return the one test of a submission that could not be tested.

    Without any test, readers of reports conclude that nothing is wrong.
    """
    ours = shown.status is Status.BROKEN
    return Shown(
        name="The submission can be graded." if ours else "The submission can be read.",
        task=shown.assignment,
        test="",
        hidden=False,
        outcome=Outcome.BROKEN if ours else Outcome.FAILED,
        score=0.0,
        points=shown.max_score,
        seconds=0.0,
        text="\n".join(shown.messages) or _BROKEN,
        hint="",
    )
