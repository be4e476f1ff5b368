"""Grade a class: decide what must be graded, grade it side by side, record it.

A submission is graded again only when something that decides its grade has
changed: its files, the assignment, the grader or the dataset. So a run that was
interrupted, even by kill -9, is resumed by running the same command again.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from grader import data
from grader.course import Assignment
from grader.errors import GraderError
from grader.gradebook import Entry as Earlier
from grader.misconceptions import Occurrence, count_misconceptions
from grader.output import open_output
from grader.parallel import as_done
from grader.provenance import Terms
from grader.results import Grade, Outcome, Result, Status, Test, reason_not_run, total
from grader.sandbox.tier import Tier
from grader.servers import demand_tier
from grader.session import ExaminerError, Session
from grader.shards import Manifest, Shard
from grader.submissions.intake import Entry, read_submission
from grader.submissions.layouts import find_class

MAX_SCORE: Final = 100.0
CLASS_SCHEMA: Final = "deltagrade/class/v1"
TESTS: Final = ("tests", "hidden_tests")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReport:
    """What came of grading a class."""

    assignment: str
    grades: tuple[Grade, ...]  # sorted by student
    graded: int  # in this run
    cached: int  # unchanged since an earlier one
    ignored: tuple[str, ...]  # names in the folder that are no submission
    layout: str = "plain"  # of the download
    unassigned: tuple[str, ...] = ()  # what could not be assigned to a student, and why
    seconds: float

    @property
    def misconceptions(self) -> tuple[Occurrence, ...]:
        """The known mistakes of the class, the most common first."""
        return count_misconceptions(self.grades)

    def to_json(self) -> dict[str, Any]:
        """Return the report, schema `deltagrade/class/v1`."""
        return {
            "schema": CLASS_SCHEMA,
            "assignment": self.assignment,
            "graded": self.graded,
            "cached": self.cached,
            "students": [
                {
                    "student": grade.student,
                    "status": grade.status,
                    "score": grade.score,
                    "final_score": grade.final_score,
                    "max_score": grade.max_score,
                }
                for grade in self.grades
            ],
            "layout": self.layout,
            "unassigned": list(self.unassigned),
            "misconceptions": [asdict(each) for each in self.misconceptions],
            "cuda": reason_not_run(r for grade in self.grades for r in grade.results),
            "seconds": round(self.seconds, 3),
        }


def grade_class(
    assignment: Assignment,
    submissions: Path,
    out: Path,
    *,
    jobs: int,
    dataset: str,
    require: Tier,
    force: bool,
    progress: Callable[[int, int], None],
    shard: Shard | None = None,
    layout: str = "auto",
    times: Path | None = None,
    device: str = "",
) -> ClassReport:
    """Grade the submissions in a folder; record and return the grades.

    Parameters
    ----------
    jobs : int
        How many submissions to grade at the same time.
    require : Tier
        Grade nothing in a weaker sandbox than this.
    force : bool
        Grade everything again, changed or not.
    progress : callable
        Called with the number of submissions done and the number of all.
    shard : Shard, optional
        Grade only this part of the class.
    layout : str
        How the submissions are laid out: one of `grader.submissions.LAYOUTS`.
    times : Path, optional
        A CSV file that says when each student handed in.
    device : str
        The GPU on which to run the CUDA tier too.

    Raises
    ------
    GraderError
        If the class cannot be graded; grades already recorded are kept.
    """
    began = time.monotonic()
    if out.resolve().is_relative_to(submissions.resolve()):
        raise GraderError(f"{out} lies among the submissions; choose another folder with --out")
    data.load(dataset)  # an unknown or damaged dataset stops us here
    handed_in = find_class(submissions, assignment, layout, times)
    entries = shard.share(handed_in.entries) if shard else handed_in.entries
    terms = Terms.of(assignment, dataset, device)
    with open_output(out, assignment) as output:
        known = output.known()
        done: dict[str, Grade] = {}
        marks: dict[str, str] = {}
        to_grade: list[Entry] = []
        for entry in entries:
            mark = terms.fingerprint(read_submission(entry, assignment))
            previous = known.get(entry.student)
            if previous and not force and _is_current(previous, mark, require):
                grade = _timed(previous.grade, entry, previous)
                changed = grade != previous.grade
                done[entry.student] = output.record(grade, mark) if changed else output.write(grade)
                marks[entry.student] = mark
            else:
                to_grade.append(entry)
        cached, by_student = len(done), {entry.student: entry for entry in to_grade}
        progress(cached, len(entries))
        for grade, mark in _grade_all(terms, to_grade, jobs=jobs, require=require):
            timed = _timed(grade, by_student[grade.student], known.get(grade.student))
            done[grade.student], marks[grade.student] = output.record(timed, mark), mark
            progress(len(done), len(entries))
        grades = tuple(done[entry.student] for entry in entries)
        output.write_class(grades, handed_in.unassigned)
        if shard:
            Manifest.of(shard, terms, marks).write(out)
    return ClassReport(
        assignment=assignment.id,
        grades=grades,
        graded=len(to_grade),
        cached=cached,
        ignored=tuple(handed_in.ignored),
        layout=handed_in.layout,
        unassigned=tuple(handed_in.unassigned),
        seconds=time.monotonic() - began,
    )


def _timed(grade: Grade, entry: Entry, earlier: Earlier | None) -> Grade:
    """Say when it was handed in: as we know now, or as we knew of the same files before."""
    if entry.submitted:
        return replace(grade, submitted_at=entry.submitted.isoformat())
    if earlier and earlier.grade.submission_sha256 == grade.submission_sha256:
        return replace(grade, submitted_at=earlier.grade.submitted_at)
    return grade


def _is_current(earlier: Earlier, mark: str, require: Tier) -> bool:
    grade = earlier.grade
    if earlier.fingerprint != mark:
        return False
    if grade.status is Status.GRADED:
        return Tier(grade.environment["sandbox"]).at_least(require)
    return grade.status is Status.REJECTED


def _grade_all(
    terms: Terms, entries: list[Entry], *, jobs: int, require: Tier
) -> Iterator[tuple[Grade, str]]:
    """Yield each grade with its fingerprint, as soon as it is there."""
    if not entries:
        return
    with Session(
        terms.assignment, tests=TESTS, dataset=terms.dataset, cuda=bool(terms.device)
    ) as session:
        demand_tier(session.tier, require, session.explanation)
        demand_points(session.assignment, session.tests)
        calls = (partial(_grade_one, session, terms, entry) for entry in entries)
        yield from as_done(calls, jobs=jobs, abandon=session.close)


def grade_one(terms: Terms, entry: Entry, *, require: Tier) -> Grade:
    """Grade one submission, and record it nowhere.

    Raises
    ------
    GraderError
        If it cannot be graded.
    """
    ((grade, _),) = _grade_all(terms, [entry], jobs=1, require=require)
    return grade


def _grade_one(session: Session, terms: Terms, entry: Entry) -> tuple[Grade, str]:
    submission = read_submission(entry, terms.assignment)
    results: tuple[Result, ...] = ()
    flags: tuple[str, ...] = ()
    messages, sandbox = list(submission.notes), str(session.tier)
    if submission.rejected:
        status, sandbox = Status.REJECTED, "not used"
        messages.append(submission.rejected)
    else:
        try:
            examined = session.examine_and_flag(submission.sources, seed=terms.seed)
            results, flags = examined.results, examined.flags
        except ExaminerError as error:
            messages.append(str(error))
        broken = not results or any(result.outcome is Outcome.BROKEN for result in results)
        status = Status.BROKEN if broken else Status.GRADED
    grade = terms.grade(
        submission, status, sandbox,
        max_score=MAX_SCORE, results=results, messages=messages, flags=flags,
    )  # fmt: skip
    return grade, terms.fingerprint(submission)


def demand_points(assignment: Assignment, tests: Sequence[Test]) -> None:
    """Refuse tests that do not add up to what the assignment says."""
    for task in assignment.tasks:
        points = total(test.points for test in tests if test.task == task.name)
        if points != task.points:
            raise GraderError(
                f"{assignment.id}: the tests of {task.name} are worth {points:g} points,"
                f" assignment.toml says {task.points:g}; correct one of them"
            )
    points = total(task.points for task in assignment.tasks)
    if points != MAX_SCORE:
        raise GraderError(f"{assignment.id}: the tasks are worth {points:g} points, not 100")
