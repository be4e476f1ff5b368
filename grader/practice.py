"""A student's own run: the public tests, here or in the sandbox.

By default the tests and the student's files share one process: the first answer
comes at once and a debugger works. With `isolated` they run exactly as in a
grade.
"""

import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest

from grader import data
from grader.course import Assignment, enclosing_assignment, read_assignment
from grader.errors import GraderError
from grader.misconceptions import PRACTICE_SEED
from grader.plugin import (
    ASSIGNMENTS,
    CUDA,
    DATASET,
    EXAMINATIONS,
    PLUGINS,
    TEST,
    TESTS,
    open_locally,
    write_no_tracebacks,
)
from grader.provenance import Terms
from grader.results import Grade, Result, Status, total
from grader.session import Session
from grader.submissions.intake import Entry, Submission, read_submission


def find_own_assignment(folder: Path) -> Assignment:
    """Return the assignment that a student's folder is part of."""
    if not folder.is_dir():
        raise GraderError(f"there is no folder {folder}; name your assignment's, or cd into it")
    found = enclosing_assignment(folder)
    if found is None:
        raise GraderError(f"no assignment.toml in or above {folder}; cd into your assignment")
    if not (found / "tests").is_dir():
        raise GraderError(f"{found / 'tests'} is missing; take it from the handout again")
    return read_assignment(found)


def practise_here(
    assignment: Assignment,
    *,
    select: str,
    pictures: Path | None,
    device: str = "",
    tasks: Collection[str] = (),
) -> Grade:
    """Run the public tests in this process; the grade is out of their points.

    Parameters
    ----------
    select : str
        Run only the tests that this `-k` expression matches; "" matches all.
    pictures : Path or None
        Where to save a picture of each image that is wrong.
    device : str
        The GPU on which to run the CUDA tier too.
    tasks : collection of str
        Run only the tests of these tasks; none means all.

    Raises
    ------
    GraderError
        If the tests cannot be collected, or none matches.
    """
    submission = _own(assignment)
    _make_room(pictures)
    dataset, note = data.choose_locally(assignment.dataset)
    listener = _Listener(
        dataset, submission.sources, tasks=tasks, pictures=pictures, cuda=bool(device)
    )
    _run_here(assignment, listener, ["-k", select] if select else [])
    if not listener.results:
        raise _nothing_matches(assignment, select)
    return _grade(
        Terms.of(assignment, dataset, device), submission, listener.results, "not used", note
    )


def examine_here(
    assignment: Assignment, sources: Mapping[str, bytes], tasks: Collection[str]
) -> tuple[tuple[Result, ...], str]:
    """Run the public tests of some tasks in this process, and say what there is to note.

    Parameters
    ----------
    sources : mapping of str to bytes
        The submission's files, wherever they come from.
    tasks : collection of str
        The names of the tasks.

    Raises
    ------
    GraderError
        If the tests cannot be collected.
    """
    dataset, note = data.choose_locally(assignment.dataset)
    listener = _Listener(dataset, sources, tasks=tasks)
    # A notebook's output is no file that could be duplicated.
    _run_here(assignment, listener, ["--capture=sys"])
    return listener.results, note


def _run_here(assignment: Assignment, listener: "_Listener", more: list[str]) -> None:
    folder = assignment.folder
    options = [
        "-c", os.devnull, f"--rootdir={folder}", "--import-mode=importlib",
        f"--confcutdir={folder / 'tests'}", *PLUGINS, str(folder / "tests"),
    ]  # fmt: skip
    os.environ.pop("PYTEST_ADDOPTS", None)  # whoever wants their own options runs pytest
    code = pytest.main(options + more, plugins=[listener])
    if listener.problems:
        raise GraderError("the tests cannot be read:\n" + "\n".join(listener.problems))
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        raise GraderError("pytest could not run the tests; it says above why")


def practise_isolated(
    assignment: Assignment, *, select: str, pictures: Path | None, device: str = ""
) -> Grade:
    """Run the public tests as the grader will, with the files in the sandbox."""
    submission = _own(assignment)
    _make_room(pictures)
    dataset, note = data.choose_locally(assignment.dataset)
    terms = Terms.of(assignment, dataset, device)
    with Session(
        assignment,
        tests=("tests",),
        dataset=dataset,
        select=select,
        pictures=pictures,
        cuda=bool(device),
    ) as session:
        if not session.tests:
            raise _nothing_matches(assignment, select)
        results = session.examine(submission.sources, seed=PRACTICE_SEED)
        return _grade(terms, submission, results, session.tier, note)


def if_data_was_used(note: str, results: Iterable[Result]) -> list[str]:
    """Return a note on the data, if there is one; most tests use none, and then it is idle."""
    return [note] if note and any(result.accuracy is not None for result in results) else []


def _own(assignment: Assignment) -> Submission:
    submission = read_submission(Entry("you", assignment.folder), assignment)
    if submission.rejected:
        raise GraderError(f"a grader would reject this: {submission.rejected}")
    return submission


def _nothing_matches(assignment: Assignment, select: str) -> GraderError:
    if not select:
        return GraderError(f"{assignment.id} has no public tests with points in its tests/")
    return GraderError(f"no public test of {assignment.id} matches {select!r}; try a task's name")


def _make_room(pictures: Path | None) -> None:
    """Make the folder for pictures before anything is run for them."""
    if pictures is None:
        return
    try:
        pictures.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=pictures).close()
    except OSError as error:
        raise GraderError(
            f"cannot write to {pictures} ({error.strerror}); choose another"
        ) from error


def _grade(
    terms: Terms, submission: Submission, results: tuple[Result, ...], sandbox: str, note: str
) -> Grade:
    return terms.grade(
        submission,
        Status.GRADED,
        sandbox,
        max_score=total(result.points for result in results),
        results=results,
        messages=if_data_was_used(note, results),
    )


class _Listener:
    """A pytest plugin that takes the results when the run is over."""

    def __init__(
        self,
        dataset: str,
        sources: Mapping[str, bytes],
        *,
        tasks: Collection[str] = (),  # all of them
        pictures: Path | None = None,
        cuda: bool = False,
    ) -> None:
        self.results: tuple[Result, ...] = ()
        self.problems: list[str] = []
        self._dataset = dataset
        self._sources = sources
        self._tasks = tasks
        self._pictures = pictures
        self._cuda = cuda

    def pytest_configure(self, config: pytest.Config) -> None:
        """Leave the report to us."""
        write_no_tracebacks(config)
        config.stash[DATASET] = self._dataset
        config.stash[CUDA] = self._cuda

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be read."""
        if report.failed:
            lines = report.longreprtext.splitlines()
            said = [line for line in lines if line.startswith("E ")]  # not pytest's own frames
            self.problems.append("\n".join([report.nodeid, *(said or lines)]))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the tests of the tasks that are asked for, and open their examination."""
        stash = session.config.stash
        if self._tasks:
            tested = [item for item in session.items if TEST in item.stash]
            session.items[:] = [i for i in tested if i.stash[TEST].task in self._tasks]
        for folder, tests in stash[TESTS].items():
            chosen = [test for test in tests if not self._tasks or test.task in self._tasks]
            assignment = stash[ASSIGNMENTS][folder]
            stash[EXAMINATIONS][folder] = open_locally(assignment, chosen, self._sources)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Take the results."""
        for examination in session.config.stash[EXAMINATIONS].values():
            self.results += examination.results()
            if self._pictures is not None:
                examination.save_pictures(self._pictures)
