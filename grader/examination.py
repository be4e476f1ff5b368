"""Judge tests: turn what pytest reports about a test into a `Result`.

One `Examination` is one submission against the collected tests. It is used by
the plugin in a student's own run and by the examiner in a grade, so that both
give the same verdict in the same words.

Fail closed: a result exists only for a test that was seen to pass, or to fail.
Whatever was skipped, never reported or cut short scores 0 of a fixed total.
"""

import math
import time
import traceback
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from grader.alarm import TimeUp
from grader.checks.failure import CheckFailure
from grader.checks.measured import forget_accuracy, measured_accuracy
from grader.checks.shown import forget_pictures
from grader.checks.source import banned_uses, foreign_imports
from grader.course import Assignment
from grader.crossing import NotDataError
from grader.drawing.album import Album
from grader.errors import GraderError, UnusableError
from grader.fingerprints import fingerprint
from grader.misconceptions import PRACTICE_SEED, Misconceptions
from grader.results import Outcome, Result, Test, Visibility
from grader.sandbox.workers import SandboxError
from grader.student import LocalModules, Student

_OUR_FAULT: Final = (GraderError, SandboxError, NotDataError, TimeUp)
_IMPATIENCE: Final = 6.0  # a task that ran out of time once gets a sixth of the limit from then on
_SHORTEST_SECONDS: Final = 0.5
_SECOND_TRIES: Final = 3
_SECOND_PATIENCE: Final = 4.0
_LONGEST_FEEDBACK: Final = 1000  # of what a student's code says or prints
_LONGEST_MESSAGE: Final = 4000


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a test came to, before it is known what the other tests came to."""

    outcome: Outcome
    feedback: str = ""
    hint: str = ""
    share: float = 0.0
    fingerprint: str = ""


class Examination:
    """One submission against the collected tests."""

    def __init__(
        self,
        assignment: Assignment,
        student: Student,
        tests: Iterable[Test],
        *,
        reference: LocalModules | None,
        known: Misconceptions,
        seed: int = PRACTICE_SEED,
        deadline: float = math.inf,
        pictures: bool = False,
    ) -> None:
        self.assignment = assignment
        self.student = student
        self.reference = reference
        self._tests = {test.test: test for test in tests}
        self._known = known
        self._seed = seed
        self._objections: dict[tuple[str, tuple[str, ...]], tuple[str, str] | None] = {}
        self._tried_again: set[str] = set()
        self._certain: set[str] = set()  # tests whose failure no other task can have caused
        self._album = Album(keep_images=pictures)
        self._results: dict[str, Result] = {}
        self._deadline = deadline  # for all tests together

    def seed(self, test: Test) -> list[int]:
        """Return the seed of one test's random numbers: another for each test."""
        return [self._seed, zlib.crc32(test.test.encode())]

    def begin(self, test: Test) -> float:
        """Start a test; return how many seconds it may take.

        Raises
        ------
        CheckFailure
            If the task's file imports or uses what it must not.
        """
        seconds = min(self._allowance(test), max(0.0, self._deadline - time.monotonic()))
        self.student.begin(time.monotonic() + seconds)
        forget_accuracy()
        forget_pictures()
        self._check_source(test)
        return seconds

    def out_of_time(self) -> bool:
        """Whether the submission has used up its time as a whole."""
        return time.monotonic() >= self._deadline

    def record(self, test: Test, report: pytest.TestReport, error: BaseException | None) -> None:
        """Note what one phase of a test (setup, call, teardown) came to."""
        if report.when != "call" and error is None:
            return
        verdict = self._judge(test, report, error)
        if verdict.outcome is not Outcome.PASSED:
            verdict = replace(verdict, feedback=verdict.feedback + self._printed(test, report))
        self._results[test.test] = Result.of(
            test,
            verdict.outcome,
            seconds=report.duration,
            feedback=verdict.feedback,
            hint=verdict.hint,
            share=verdict.share,
            fingerprint=verdict.fingerprint,
            accuracy=measured_accuracy(),
            pictures=self._album.add(test.test, error),
        )

    def deserves_another_try(self, test: Test) -> bool:
        """Whether a test ran out of time because others kept the processor busy.

        A grade must not depend on who is graded next door. The second try gets
        more time; what sleeps, and so uses no processor either, gets few of them.
        """
        late = self._results[test.test].outcome is Outcome.TIMEOUT and self.student.starved
        if not late or test.test in self._tried_again or len(self._tried_again) >= _SECOND_TRIES:
            return False
        self._tried_again.add(test.test)
        return not self.out_of_time()

    def record_not_run(self, test: Test, reason: str) -> None:
        """Note that what a test needs is not there, for nobody's fault."""
        self._results[test.test] = Result.of(test, Outcome.NOT_RUN, feedback=reason)

    def record_too_late(self, test: Test) -> None:
        """Note that the submission's time was up before the test began."""
        seconds = self.assignment.limits.submission_seconds
        self._results[test.test] = Result.of(
            test, Outcome.TIMEOUT, feedback=f"not run: all tests together may take {seconds:g} s"
        )

    def results(self) -> tuple[Result, ...]:
        """Return one result for each test, whatever happened."""
        missing = {
            name: Result.of(test, Outcome.FAILED, feedback="this test never reported a result")
            for name, test in self._tests.items()
        }
        found = missing | self._results
        working = {task.name for task in self.assignment.tasks} - {
            result.task for result in found.values() if result.outcome.is_wrong
        }
        order = self.assignment.task_order
        in_order = sorted(found.values(), key=lambda result: order.index(result.task))
        blamed = [self._blame(result, working) for result in in_order]
        return self._known.recognise(blamed, self._seed)

    def save_pictures(self, folder: Path) -> None:
        """Draw got, expected and difference for each image that was wrong, as PNG files."""
        self._album.save(folder)

    def _judge(
        self, test: Test, report: pytest.TestReport, error: BaseException | None
    ) -> _Verdict:
        if self.student.incident is not None:
            late = f"{test.task} was still running when its time was up"
            return _Verdict(self.student.incident, self.student.explain(error) or late)
        if error is None and report.passed:
            return _Verdict(Outcome.PASSED)
        if isinstance(error, CheckFailure):
            message = error.message[:_LONGEST_MESSAGE]
            mark = fingerprint(test.test, error.answer) if error.answer else ""
            return _Verdict(Outcome.FAILED, message, error.hint, error.share, mark)
        if isinstance(error, UnusableError):
            self._certain.add(test.test)
        feedback = self._stub_sentence(test, error) or self.student.explain(error)
        if feedback:
            return _Verdict(Outcome.FAILED, feedback)
        if isinstance(error, _OUR_FAULT) or report.when != "call" or self._in_reference(error):
            return _Verdict(Outcome.BROKEN, f"not the student's fault: {_short(error)}")
        return _Verdict(Outcome.FAILED, _about_the_test(test, report, error))

    def _stub_sentence(self, test: Test, error: BaseException | None) -> str:
        if not isinstance(error, NotImplementedError):
            return ""
        name = str(error) or test.task
        if name.partition(".")[0] == test.task:
            self._certain.add(test.test)
        known = name.partition(".")[0] in {task.name for task in self.assignment.tasks}
        return f"{name} is not written yet" if known else ""

    def _in_reference(self, error: BaseException | None) -> bool:
        if error is None:
            return False
        files = (frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__))
        return any(Path(file).parent == self.assignment.folder for file in files)

    def _check_source(self, test: Test) -> None:
        task = self.assignment.task(test.task)
        terms = task.file, task.banned
        if terms not in self._objections:
            self._objections[terms] = self._objection(*terms)
        if objection := self._objections[terms]:
            self._certain.add(test.test)
            raise CheckFailure(*objection)

    def _objection(self, file: str, banned: Sequence[str]) -> tuple[str, str] | None:
        """Return what is wrong with a file before it runs, and a hint."""
        source = self.student.source(file) or b""
        own = [file.removesuffix(".py") for file in self.assignment.modules]
        packages = self.assignment.packages
        for use in foreign_imports(source, [*packages, *own], file):
            return f"{file}, line {use.line} imports {use.name}", (
                f"Allowed are {', '.join(packages)}, Python's standard library and the files that"
                " are handed in. Move what you need into one of them; keep plots in a file that"
                " none of them imports."
            )
        for use in banned_uses(source, banned, file):
            hint = f"The task is to write this by hand, without {use.name}."
            return f"{file}, line {use.line} uses {use.name}", hint
        return None

    def _allowance(self, test: Test) -> float:
        """Return the seconds for one test; less once its task has run out of time.

        An endless loop would otherwise cost the full limit in every test that
        meets it. What is left is still many times what a right answer takes.
        """
        seconds = self.assignment.limits.test_seconds
        suspects = {test.task, *self._builds_on(test.task)}
        others = (r for r in self._results.values() if r.test != test.test)
        if suspects & {r.task for r in others if r.outcome is Outcome.TIMEOUT}:
            seconds = max(_SHORTEST_SECONDS, seconds / _IMPATIENCE)
        return seconds * _SECOND_PATIENCE if test.test in self._tried_again else seconds

    def _builds_on(self, task: str) -> list[str]:
        """Return the tasks that `task` requires, and those that they require, nearest first."""
        found: dict[str, None] = {}
        queue = list(self.assignment.task(task).requires)
        while queue:
            name = queue.pop(0)
            if name not in found:
                found[name] = None
                queue += self.assignment.task(name).requires
        return list(found)

    def _blame(self, result: Result, working: set[str]) -> Result:
        """Point from a failure to the unfinished tasks that it builds on.

        Such a test was run all the same: whoever solved the task in another way
        keeps its points.
        """
        excused = result.outcome is Outcome.BROKEN or not result.outcome.is_wrong
        if excused or result.test in self._certain:
            return result
        suspects = [name for name in self._builds_on(result.task) if name not in working]
        # The suspects that do not wait for others themselves: that is where to begin.
        roots = [name for name in suspects if not set(self._builds_on(name)) & set(suspects)]
        if not roots:
            return result
        fails = "does not pass its" if len(roots) == 1 else "do not pass their"
        advice = f"{result.task} builds on {' and '.join(roots)}, which {fails} own tests yet"
        return replace(result, outcome=Outcome.SKIPPED, feedback=f"{advice}\n{result.feedback}")

    def _printed(self, test: Test, report: pytest.TestReport) -> str:
        captured = report.capstdout + report.capstderr
        printed = (self.student.printed() or captured).strip()[:_LONGEST_FEEDBACK]
        # What a hidden test made the code print could carry its inputs out.
        if not printed or test.visibility is Visibility.HIDDEN:
            return ""
        return "\n  printed: " + printed.replace("\n", "\n           ")


def _about_the_test(test: Test, report: pytest.TestReport, error: BaseException | None) -> str:
    """Say what happened in the test's own lines, which is where a strange value shows."""
    if report.skipped or error is None:
        return f"the test was {report.outcome}, which earns nothing"
    if isinstance(error, AssertionError):
        # Below its first line pytest describes our own objects.
        return (str(error).splitlines() or ["a plain assert failed"])[0][:_LONGEST_FEEDBACK]
    return f"what {test.task} returned cannot be used ({_short(error)})"


def _short(error: BaseException | None) -> str:
    text = f"{type(error).__name__}: {error}"[:_LONGEST_FEEDBACK]
    return text.splitlines()[0]
