"""Check a task from a notebook's cell.

    from grader.notebook import check
    check("convolve2d")

The task's public tests run in the notebook's own process, against the function that
the notebook defines or, if it defines none of that name, against the file in its
folder as it is now. The verdicts and hints are those of `grader test`: what a notebook
defines is taken out of its cells in the way in which `grader grade` does it.
"""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import practice
from grader.course import Assignment
from grader.errors import GraderError
from grader.reports.terminal import failures, is_stub
from grader.results import Grade, Outcome, Result, Status, total
from grader.student import own_files
from grader.submissions.definitions import gather


class CheckError(GraderError):
    """A check that did not pass, or that could not be made."""

    def _render_traceback_(self, *_: object) -> list[str]:
        """Show the sentence alone: the lines of the grader would explain nothing."""
        return [str(self)]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Checked:
    """What a check found: shown as HTML where there is HTML, and as text elsewhere."""

    assignment: Assignment
    task: str
    results: tuple[Result, ...]
    notes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether every test of the task passes."""
        return all(result.outcome is Outcome.PASSED for result in self.results)

    @property
    def summary(self) -> str:
        """The result in a sentence."""
        count = len(self.results)
        if is_stub(self.task, self.results):
            return f"not written yet; {count} tests will look at it"
        passed = sum(result.outcome is Outcome.PASSED for result in self.results)
        score, points = (total(getattr(r, of) for r in self.results) for of in ("score", "points"))
        return f"{passed} of {count} tests pass, {score:g} of {points:g} points"

    def __repr__(self) -> str:
        parts = [f"{self.task}: {self.summary}", failures(self.results), *self.notes]
        return "\n\n".join(filter(None, parts))

    def _repr_html_(self) -> str:
        from grader.pages.render import render  # noqa: PLC0415 - where there is HTML
        from grader.pages.student import student_page  # noqa: PLC0415

        grade = Grade(
            assignment=self.assignment.id,
            student="you",
            status=Status.GRADED,
            submission_sha256="",
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            environment={},
            max_score=total(result.points for result in self.results),
            results=self.results,
        )
        (task,) = student_page(grade, self.assignment, reveal=False).tasks
        return render("check.html", task=task, checked=self)


def check(task: str) -> Checked:
    """Run a task's public tests, and show what they find.

    Parameters
    ----------
    task : str
        The name of the function or class.

    Returns
    -------
    Checked
        What a notebook shows below the cell.

    Raises
    ------
    CheckError
        If a test does not pass, once the result is shown, so that "run all" stops here;
        or if there is nothing to check.
    """
    try:
        checked = _check(task, sys._getframe(1).f_globals)
    except GraderError as error:
        raise CheckError(f"check: {error}") from None
    if checked.passed:
        if "IPython" not in sys.modules:  # a cell shows its value, a script does not
            print(checked)
        return checked
    _show(checked)
    raise CheckError(f"{task}: {checked.summary}")


def _check(task: str, namespace: Mapping[str, Any]) -> Checked:
    assignment = practice.find_own_assignment(Path.cwd())
    file = assignment.task(task).file
    sources, here = _sources(assignment, namespace)
    if task not in here and file not in sources:
        raise GraderError(f"{task} is not defined; run the cell that defines it first")
    with _modules_kept(assignment):
        results, note = practice.examine_here(assignment, sources, _with_required(assignment, task))
    mine = tuple(result for result in results if result.task == task)
    notes = practice.if_data_was_used(note, mine)
    if task in here and (assignment.folder / file).is_file():
        notes.append(f"This is the {task} of your notebook. Hand it in in {file}.")
    return Checked(
        assignment=assignment,
        task=task,
        results=mine,
        notes=tuple(notes),
    )


def _with_required(assignment: Assignment, task: str) -> set[str]:
    """Return a task and all that it builds on: their tests say where a mistake comes from."""
    found: set[str] = set()
    queue = [task]
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += assignment.task(name).requires
    return found


def _sources(
    assignment: Assignment, namespace: Mapping[str, Any]
) -> tuple[dict[str, bytes], set[str]]:
    """Return the files to examine, and the tasks that the notebook itself defines."""
    here = {
        task.name
        for task in assignment.tasks
        if getattr(namespace.get(task.name), "__module__", None) == namespace["__name__"]
    }
    sources = own_files(assignment.folder, assignment.files)
    tasks = {
        file: [name for name in names if name in here]
        for file, names in assignment.tasks_by_file.items()
    }
    gathered = gather(_cells(namespace), tasks)
    for file, names in tasks.items():
        if names:  # what the cells define takes the place of what the file does
            sources[file] = sources.get(file, b"") + b"\n\n" + gathered.sources[file]
    return sources, here


def _cells(namespace: Mapping[str, Any]) -> list[str]:
    """Return the cells that were run, in that order; or the script that this is."""
    if shell := namespace.get("get_ipython"):
        return list(shell().history_manager.input_hist_raw)
    script = namespace.get("__file__")
    # Code that comes from standard input says `<stdin>`.
    return [Path(script).read_text("utf-8")] if script and Path(script).is_file() else []


@contextlib.contextmanager
def _modules_kept(assignment: Assignment) -> Iterator[None]:
    """Leave the notebook's own imports as they are, and import all of the tests anew."""
    finders = list(sys.meta_path)
    names = [file.removesuffix(".py") for file in assignment.modules]
    kept = {name: sys.modules[name] for name in names if name in sys.modules}
    try:
        yield
    finally:
        sys.meta_path[:] = finders
        tests = str(assignment.folder / "tests")
        for name, module in list(sys.modules.items()):
            if name in names or (getattr(module, "__file__", None) or "").startswith(tests):
                del sys.modules[name]
        sys.modules.update(kept)


def _show(checked: Checked) -> None:
    """Show a result as the value of a cell would be shown."""
    if "IPython" in sys.modules:
        sys.modules["IPython"].display.display(checked)
    else:
        print(checked)
