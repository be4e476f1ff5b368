"""Grade a class: decide what must be graded, grade it side by side, record it.

A submission is graded again only when something that decides its grade has
changed: its files, the assignment, the grader or the dataset. So a run that was
interrupted, even by kill -9, is resumed by running the same command again.
"""

import contextlib
import fcntl
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from grader import data
from grader.course import Assignment
from grader.errors import GraderError
from grader.files import write_atomically
from grader.gradebook import Gradebook
from grader.misconceptions import Occurrence, count_misconceptions
from grader.pages.writer import Pages
from grader.provenance import Terms
from grader.reports.table import grades_csv
from grader.results import Grade, Outcome, Result, Status, Test, total
from grader.sandbox.tier import Tier
from grader.session import ExaminerError, Session
from grader.submissions.intake import (
    Entry,
    find_ignored,
    find_submissions,
    read_submission,
)  # fmt: skip

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
                    "max_score": grade.max_score,
                }
                for grade in self.grades
            ],
            "misconceptions": [asdict(each) for each in self.misconceptions],
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

    Raises
    ------
    GraderError
        If the class cannot be graded; grades already recorded are kept.
    """
    began = time.monotonic()
    if out.resolve().is_relative_to(submissions.resolve()):
        raise GraderError(f"{out} lies among the submissions; choose another folder with --out")
    data.load(dataset)  # an unknown or damaged dataset stops us here
    entries = find_submissions(submissions, assignment)
    terms = Terms.of(assignment, dataset)
    pages = Pages(out, assignment)
    with _output_folder(out), Gradebook(out / "gradebook.db") as gradebook:
        known = {} if force else gradebook.latest(assignment.id)
        done: dict[str, Grade] = {}
        to_grade: list[Entry] = []
        for entry in entries:
            mark = terms.fingerprint(read_submission(entry, assignment))
            previous = known.get(entry.student)
            if previous and previous.fingerprint == mark and _still_good(previous.grade, require):
                done[entry.student] = previous.grade
                _write_result(out, pages, previous.grade)
            else:
                to_grade.append(entry)
        cached = len(done)
        progress(cached, len(entries))
        for grade, mark in _grade_all(terms, to_grade, jobs=jobs, require=require):
            gradebook.record(grade, mark)
            _write_result(out, pages, grade)
            done[grade.student] = grade
            progress(len(done), len(entries))
        grades = tuple(done[entry.student] for entry in entries)
        _write_class(out, pages, grades)
    return ClassReport(
        assignment=assignment.id,
        grades=grades,
        graded=len(to_grade),
        cached=cached,
        ignored=tuple(find_ignored(submissions, assignment)),
        seconds=time.monotonic() - began,
    )


def _still_good(grade: Grade, require: Tier) -> bool:
    if grade.status is Status.GRADED:
        return Tier(grade.environment["sandbox"]).at_least(require)
    return grade.status is Status.REJECTED


def _grade_all(
    terms: Terms, entries: list[Entry], *, jobs: int, require: Tier
) -> Iterator[tuple[Grade, str]]:
    """Yield each grade with its fingerprint, as soon as it is there."""
    if not entries:
        return
    with Session(terms.assignment, tests=TESTS, dataset=terms.dataset) as session:
        _check_tier(session, require)
        demand_points(session.assignment, session.tests)
        with ThreadPoolExecutor(jobs) as pool:
            futures = [pool.submit(_grade_one, session, terms, entry) for entry in entries]
            try:
                for future in as_completed(futures):
                    yield future.result()
            except BaseException:  # Ctrl-C, a full disk: stop at once what is still running
                pool.shutdown(wait=False, cancel_futures=True)
                session.close()
                raise


def _grade_one(session: Session, terms: Terms, entry: Entry) -> tuple[Grade, str]:
    submission = read_submission(entry, terms.assignment)
    results: tuple[Result, ...] = ()
    messages, sandbox = list(submission.notes), str(session.tier)
    if submission.rejected:
        status, sandbox = Status.REJECTED, "not used"
        messages.append(submission.rejected)
    else:
        try:
            results = session.examine(submission.sources, seed=terms.seed)
        except ExaminerError as error:
            messages.append(str(error))
        broken = not results or any(result.outcome is Outcome.BROKEN for result in results)
        status = Status.BROKEN if broken else Status.GRADED
    grade = terms.grade(
        submission, status, sandbox, max_score=MAX_SCORE, results=results, messages=messages
    )
    return grade, terms.fingerprint(submission)


def _check_tier(session: Session, require: Tier) -> None:
    if not session.tier.at_least(require):
        raise GraderError(
            f"this machine isolates submissions only at tier {session.tier}, not {require}:"
            f" {session.explanation}; if you trust every submission, say"
            f" --require-sandbox {session.tier}"
        )


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


@contextlib.contextmanager
def _output_folder(out: Path) -> Iterator[None]:
    """Make the folder, and keep other graders out of it."""
    try:
        for name in ("results", "feedback"):
            (out / name).mkdir(parents=True, exist_ok=True)
        lock = (out / ".lock").open("w")
    except OSError as error:
        raise GraderError(
            f"cannot write to {out} ({error.strerror}); choose another folder with --out"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GraderError(f"another grader is writing to {out}; wait, or use --out") from None
        yield


def _write_result(out: Path, pages: Pages, grade: Grade) -> None:
    content = json.dumps(grade.to_json(), indent=1, ensure_ascii=False) + "\n"
    write_atomically(out / "results" / f"{grade.student}.json", content)
    pages.write_student(grade, content)


def _write_class(out: Path, pages: Pages, grades: tuple[Grade, ...]) -> None:
    write_atomically(out / "grades.csv", grades_csv(grades))
    pages.write_class(grades)
