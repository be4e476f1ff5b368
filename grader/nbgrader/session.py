"""Grade notebooks of an assignment that is nbgrader's own: each in one confined worker.

Theory of operation. A worker of the ordinary sandbox gets `runner.py` in place of a
submission, and is asked to run one cell after the other: the student's as they were
handed in, and the instructor's tests as they stand in source/. After each it says what
became of the cell, and a cell of tests earns its points by nbgrader's rules.

Trust: less than elsewhere. Tests and answers share one process here, because the tests
of a notebook use whatever names the answers have defined; so a submission that sets out
to can read a running test, and forge what it says. nbgrader is no different in that.
What it says is read strictly all the same, and whatever does not come, comes late or is
no number between 0 and the points earns nothing. Files, network and other processes
are out of reach as always.
"""

import contextlib
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

from grader import servers
from grader.course import Limits
from grader.errors import DeadlineError
from grader.nbgrader.handed_in import Step, lay_out
from grader.nbgrader.source import Source, SourceNotebook
from grader.raised import claimed_text, clean
from grader.results import Outcome, Result, Test
from grader.sandbox.privileges import refuse_inspection
from grader.sandbox.tier import Tier, explain, tier_of
from grader.sandbox.workers import Worker, WorkerEndedError
from grader.submissions.magics import without_magics

_RUNNER: Final = "deltagrade_cells"
_TEXT: Final = Path(__file__).with_name("runner.py").read_bytes()
_GRACE_SECONDS: Final = 2.0  # after which a cell that could not be interrupted is killed
_LONGEST: Final = 1000


class NotebookSession:
    """A worker zygote that is ready for the notebooks of one assignment."""

    def __init__(self, source: Source) -> None:
        self.tier = Tier.NONE
        self.explanation = ""  # of the tier
        self._source = source
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Start it, and learn what isolation there is."""
        refuse_inspection()  # this process has read every submission
        limits = self._source.assignment.limits
        with contextlib.ExitStack() as undo:
            undo.callback(self._cleanup.close)
            self._workers = servers.start_zygote(
                self._source.assignment.packages,
                memory_bytes=limits.memory_mb * 2**20,
                cpu_seconds=math.ceil(limits.submission_seconds) + 1,
                hidden=self._source.assignment.folder / self._source.notebooks[0].file,
            )
            self._cleanup.callback(self._workers.close)
            attestation = servers.attest(self._workers)
            self.tier, self.explanation = tier_of(attestation), explain(attestation)
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote, and whatever it has started."""
        self._cleanup.close()

    def examine(self, handed_in: Mapping[str, bytes]) -> tuple[Result, ...]:
        """Return a result for each cell of tests, whatever happens.

        Raises
        ------
        SubmissionRejectedError
            If one of the files is no notebook.
        """
        found: dict[str, Result] = {}
        for notebook in self._source.notebooks:
            content = handed_in.get(notebook.file)
            if content is not None:
                found |= {result.test: result for result in self._run(notebook, content)}
        return tuple(
            found.get(test.test) or self._missing(test, handed_in) for test in self._source.tests
        )

    @staticmethod
    def _missing(test: Test, handed_in: Mapping[str, bytes]) -> Result:
        file = test.test.partition("::")[0]
        what = "this cell" if file in handed_in else file
        return Result.of(test, Outcome.FAILED, feedback=f"{what} is missing from the submission")

    def _run(self, notebook: SourceNotebook, content: bytes) -> Iterator[Result]:
        """Run a notebook, and yield what its cells of tests come to."""
        steps = lay_out(notebook, content)
        sources = {**self._source.modules, f"{_RUNNER}.py": _TEXT}
        worker = Worker(self._workers.control, sources, self.tier)
        run = _Run(worker, self._source.assignment.limits)
        with contextlib.closing(worker):
            for step in steps:
                result = run.step(step)
                if result is not None:
                    yield result


class _Run:
    """A notebook that is being run, until its process ends."""

    def __init__(self, worker: Worker, limits: Limits) -> None:
        self._worker = worker
        self._cell_seconds = limits.test_seconds
        self._deadline = time.monotonic() + limits.submission_seconds
        self._over: tuple[Outcome, str] | None = None  # why nothing more can be run

    def step(self, step: Step) -> Result | None:
        """Run one cell; return the result, if it decides a test."""
        began = time.monotonic()
        outcome, feedback, share = self._over_or(step)
        if step.test is None:
            return None
        return Result.of(
            step.test,
            outcome,
            feedback=feedback,
            share=0.0 if outcome is Outcome.PASSED else share,
            seconds=time.monotonic() - began,
        )

    def _over_or(self, step: Step) -> tuple[Outcome, str, float]:
        if self._over is None:
            answer = self._ask(step)
            if answer is not None:
                return judge(answer, step.test.points if step.test else 0.0)
        outcome, feedback = self._over or (Outcome.CRASHED, "")
        return outcome, feedback, 0.0

    def _ask(self, step: Step) -> Mapping[str, Any] | None:
        """Return what the worker says about a cell; None if there is no worker any more."""
        seconds = min(self._cell_seconds, max(0.0, self._deadline - time.monotonic()))
        try:
            reply = self._worker.call(
                _RUNNER,
                "run",
                [*_texts(step), step.title, seconds],
                {},
                observe=False,
                deadline=time.monotonic() + seconds + _GRACE_SECONDS,
            )
        except DeadlineError:
            self._over = Outcome.TIMEOUT, f"{step.title} was still running when its time was up"
            return None
        except WorkerEndedError as error:
            self._over = Outcome.CRASHED, f"{step.title} {error}"
            return None
        return reply


def _texts(step: Step) -> list[bytes]:
    """Return a cell as it is and without its magics; as bytes, which may be long."""
    return [step.source.encode(), without_magics(step.source).code.encode()]


def judge(reply: Mapping[str, Any], points: float) -> tuple[Outcome, str, float]:
    """Return the outcome, what to say, and the share of the points, by nbgrader's rules.

    Two of its rules are not kept: there a last value of NaN, or below 0, earns everything.
    """
    answer = reply.get("value")
    if type(answer) is not dict:
        return Outcome.FAILED, "the submission interfered with the grader's cells", 0.0
    if answer.get("late") is not False:
        return Outcome.TIMEOUT, "this cell was still running when its time was up", 0.0
    for part, meaning in (("error", ""), ("stderr", "it wrote to stderr: ")):
        said = answer.get(part)
        if type(said) is not str or said:
            return Outcome.FAILED, meaning + claimed_text(said)[:_LONGEST], 0.0
    value = points if answer.get("value") is None else answer["value"]
    if type(value) is not float or not 0 <= value <= points:
        said = clean(repr(value)[:_LONGEST])
        return Outcome.FAILED, f"its last value is {said}, which is not from 0 to {points:g}", 0.0
    if value == points:
        return Outcome.PASSED, "", 1.0
    return Outcome.FAILED, f"it gave {value:g} of {points:g} points", value / points
