"""Grade a class on an assignment that is nbgrader's own, and record it as ever.

    grader grade ps1 COURSE_DIR --layout nbgrader --out graded/

`COURSE_DIR/source/ps1` says what is tested, `COURSE_DIR/submitted` who handed in what.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from grader.classroom import ClassReport
from grader.errors import GraderError, SubmissionRejectedError
from grader.nbgrader.session import NotebookSession
from grader.nbgrader.source import Source, read_source
from grader.output import open_output
from grader.parallel import as_done
from grader.provenance import Terms
from grader.results import Grade, Result, Status, total
from grader.sandbox.tier import Tier
from grader.sandbox.workers import SandboxError
from grader.servers import demand_tier
from grader.submissions.intake import Entry, read_submission
from grader.submissions.layouts import find_class

TRUST: Final = "tests and answers shared a process, as in nbgrader"


def grade_notebooks(
    folder: Path,
    submissions: Path,
    out: Path,
    *,
    jobs: int,
    require: Tier,
    progress: Callable[[int, int], None],
    times: Path | None = None,
) -> ClassReport:
    """Grade what was handed in for the assignment in source/<name>/.

    Raises
    ------
    GraderError
        If the class cannot be graded.
    """
    began = time.monotonic()
    if out.resolve().is_relative_to(submissions.resolve()):
        raise GraderError(f"{out} lies among the submissions; choose another folder with --out")
    source = read_source(folder)
    handed_in = find_class(submissions, source.assignment, "nbgrader", times)
    work = _Work(source, _terms(source))
    with open_output(out, source.assignment) as output, NotebookSession(source) as session:
        demand_tier(session.tier, require, session.explanation)
        grades = {}
        for grade, mark in work.grade_all(session, handed_in.entries, jobs):
            grades[grade.student] = output.record(grade, mark)
            progress(len(grades), len(handed_in.entries))
        in_order = tuple(grades[entry.student] for entry in handed_in.entries)
        output.write_class(in_order, handed_in.unassigned)
    return ClassReport(
        assignment=source.assignment.id,
        grades=in_order,
        graded=len(in_order),
        cached=0,
        ignored=tuple(handed_in.ignored),
        layout=handed_in.layout,
        unassigned=tuple(handed_in.unassigned),
        seconds=time.monotonic() - began,
    )


def _terms(source: Source) -> Terms:
    return Terms(
        assignment=source.assignment,
        assignment_sha256=source.sha256,
        hints_sha256="",
        dataset=source.assignment.dataset,
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What all submissions are graded by."""

    source: Source
    terms: Terms

    def grade_all(
        self, session: NotebookSession, entries: Sequence[Entry], jobs: int
    ) -> Iterator[tuple[Grade, str]]:
        """Yield each grade with its fingerprint, as soon as it is there."""
        calls = (partial(self._grade, session, entry) for entry in entries)
        yield from as_done(calls, jobs=jobs, abandon=session.close)

    def _grade(self, session: NotebookSession, entry: Entry) -> tuple[Grade, str]:
        submission = read_submission(entry, self.source.assignment)
        results: tuple[Result, ...] = ()
        messages, status = [*submission.notes, *self._by_hand()], Status.GRADED
        if submission.rejected:
            status, messages = Status.REJECTED, [submission.rejected, *messages]
        else:
            try:
                results = session.examine(submission.sources)
            except SubmissionRejectedError as error:
                status, messages = Status.REJECTED, [str(error), *messages]
            except SandboxError as error:
                status, messages = Status.BROKEN, [str(error), *messages]
        graded = self.terms.grade(
            submission,
            status,
            str(session.tier),
            max_score=total(test.points for test in self.source.tests),
            results=results,
            messages=messages,
        )
        explained = replace(
            graded,
            environment={**graded.environment, "trust": TRUST},
            submitted_at=entry.submitted.isoformat() if entry.submitted else "",
        )
        return explained, self.terms.fingerprint(submission)

    def _by_hand(self) -> list[str]:
        cells = [f"{name} ({points:g})" for name, points in self.source.by_hand.items()]
        return [f"graded by hand, and not in this score: {', '.join(cells)}"] if cells else []
