"""Run a student's tests again whenever a file is saved, from a warm process.

What takes time is importing: numpy, pytest, perhaps PyTorch. This process does it
once, and forks for each run. The child imports the student's files and the tests as
they are now, so nothing of an earlier run is left over, and sends back its results.
"""

import contextlib
import importlib
import io
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import pytest

from grader import data
from grader.course import Assignment, read_assignment
from grader.errors import GraderError
from grader.plugin import PLUGINS
from grader.practice import practise_here
from grader.results import Grade, total

_PAUSE: Final = 0.02  # seconds between two looks at the files

Stamps = dict[Path, tuple[int, int]]


def watch(assignment: Assignment, *, select: str, show: Callable[[Grade, str], None]) -> None:
    """Run the tests, and again those that a saved file affects, until Ctrl-C.

    Parameters
    ----------
    select : str
        Run only the tests that this `-k` expression matches.
    show : callable
        Called after each run with the grade, of all tests that were run so far, and
        a sentence about what was saved.

    Raises
    ------
    GraderError
        If there is no fork here; or in the first run, as `practise_here`.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise GraderError("--watch needs Linux or macOS (on Windows, use WSL)")
    for package in (*assignment.packages, "grader.checks"):
        importlib.import_module(package)
    _load_pytest()
    data.load(data.choose_locally(assignment.dataset)[0])
    before = _stamps(assignment.folder)  # what is saved during a run is seen after it
    grade = _run(assignment, select, ())
    show(grade, "")
    for changed in _changes(assignment.folder, before):
        affected = affected_tasks(assignment, changed)
        saved = ", ".join(sorted(path.name for path in changed))
        try:
            grade = _merged(grade, _run(read_assignment(assignment.folder), select, affected))
        except GraderError as error:
            show(grade, f"{saved} was saved, but {error}")
        else:
            show(grade, f"{saved} was saved: {', '.join(affected) or 'all tests'}")


def _load_pytest() -> None:
    """Have pytest import its own parts in this process, where there is nothing to test."""
    with tempfile.TemporaryDirectory() as empty, contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-c", os.devnull, f"--rootdir={empty}", *PLUGINS, empty])


def affected_tasks(assignment: Assignment, changed: Collection[Path]) -> tuple[str, ...]:
    """Return the tasks in the changed files and those that build on them.

    None means all: something else than a student's file was changed.
    """
    names = {path.name for path in changed if path.parent == assignment.folder}
    if len(names) < len(changed) or not names <= set(assignment.files):
        return ()
    affected = {task.name for task in assignment.tasks if task.file in names}
    while more := {
        task.name
        for task in assignment.tasks
        if task.name not in affected and affected & set(task.requires)
    }:
        affected |= more
    return tuple(task.name for task in assignment.tasks if task.name in affected)


def _changes(folder: Path, before: Stamps) -> Iterator[set[Path]]:
    """Yield the files that were saved, made or removed, each time there are some."""
    while True:
        time.sleep(_PAUSE)
        now = _stamps(folder)
        if now != before:
            time.sleep(_PAUSE)  # an editor may still be writing
            now = _stamps(folder)
            yield {path for path, _ in before.items() ^ now.items()}
            before = now


def _stamps(folder: Path) -> Stamps:
    """Return when each file that matters was last changed, and its size."""
    stamps = {}
    for path in (*folder.glob("*.py"), *folder.glob("*.toml"), *folder.glob("tests/**/*.py")):
        try:
            state = path.stat()
        except OSError:  # removed meanwhile
            continue
        stamps[path] = state.st_mtime_ns, state.st_size
    return stamps


def _run(assignment: Assignment, select: str, tasks: Collection[str]) -> Grade:
    """Run tests in a fork of this process.

    Raises
    ------
    GraderError
        As `practise_here`, or if the student's code ended the whole process.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_send_grade, args=(theirs, assignment, select, tasks))
    child.start()
    theirs.close()
    try:
        answer: Grade | str = ours.recv()
    except EOFError:
        raise GraderError("the code ended the whole process; does it call exit?") from None
    finally:
        child.join()
        ours.close()
    if isinstance(answer, str):
        raise GraderError(answer)
    return answer


def _send_grade(
    answers: Connection, assignment: Assignment, select: str, tasks: Collection[str]
) -> None:
    try:
        answers.send(practise_here(assignment, select=select, pictures=None, tasks=tasks))
    except GraderError as error:
        answers.send(str(error))


def _merged(before: Grade, now: Grade) -> Grade:
    """Put new results in the place of those of the same tests."""
    new = {result.test: result for result in now.results}
    kept = [new.pop(result.test, result) for result in before.results]
    results = (*kept, *new.values())
    return replace(now, results=results, max_score=total(each.points for each in results))
