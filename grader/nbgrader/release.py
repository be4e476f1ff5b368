"""Release an assignment of ours into a course of nbgrader's.

    source/<id>/       what `nbgrader generate_assignment` makes the students' version of
        <id>.ipynb     the tasks in cells, each solved between nbgrader's own markers
        tests/ …       what the students' version holds besides
    reference/<id>/    the solution and the hidden tests; nbgrader never releases this folder

A cell of tests is the check that students know, and in a hidden region one line more,
by which a grade comes from `grader.nbgrader.points` in place of the check: from public
and hidden tests together, in our own sandbox. So the points are those of `grader grade`.

The hidden tests themselves do not lie in the hidden region. nbgrader shows that region
in the feedback that it generates for students, its tests and all; and what lies beside
the notebook it releases. In reference/, students get them in neither way. With it the
course is also one of ours: `grader grade <id> . --layout nbgrader` works there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from grader.authoring.proof import demand_proof
from grader.authoring.release import Form, render
from grader.authoring.stub import Region, make_stub
from grader.course import DESCRIPTION, Assignment, graded_files
from grader.errors import GraderError
from grader.exports.nbgrader import tests_cell
from grader.files import make_folder, write_atomically
from grader.misconceptions import FINGERPRINTS
from grader.notebooks.cells import NOTEBOOK, Cell, write_notebook
from grader.notebooks.companion import checked_task, read_companion
from grader.notebooks.workbook import workbook

_CUT: Final = "# YOUR CODE HERE"
_BEGIN: Final = "### BEGIN SOLUTION"
_END: Final = "### END SOLUTION"
_TESTS: Final = """\
from grader.notebook import check

### BEGIN HIDDEN TESTS
from grader.nbgrader.points import points as check  # with the hidden tests, in the sandbox
### END HIDDEN TESTS
check("{task}")"""
_CACHES: Final = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache"}
_SET_UP: Final = "set-up"
_TASK: Final = "task-"
_NOT_FOR_JUPYTER: Final = (NOTEBOOK, ".gitignore", "pytest.toml")


def release_source(assignment: Assignment, course: Path) -> int:
    """Write source/<id>/ and reference/<id>/ of a course; return how many files.

    Raises
    ------
    GraderError
        If the assignment is not proven, or these folders are somebody else's.
    """
    demand_proof(assignment)
    return write_source(assignment, course)


def write_source(assignment: Assignment, course: Path) -> int:
    """Write an assignment, proven or not; return how many files.

    Raises
    ------
    GraderError
        As `release_source`.
    """
    if not course.is_dir():
        raise GraderError(f"there is no folder {course}; make the course first, then release to it")
    source, reference = (course / shelf / assignment.id for shelf in ("source", "reference"))
    files = source_files(assignment)
    hidden = [*graded_files(assignment.folder), *assignment.folder.glob(FINGERPRINTS)]
    secret = {p.relative_to(assignment.folder).as_posix(): p.read_bytes() for p in hidden}
    for folder, content in ((source, files), (reference, secret)):
        _demand_ours(folder, content, assignment)
    _write(source, files)
    _write(reference, secret)
    return len(files) + len(secret)


def source_files(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of source/<id>/."""
    files = render(assignment, Form.NOTEBOOK)
    for name in _NOT_FOR_JUPYTER:
        del files[name]
    return files | {f"{assignment.id}.ipynb": write_notebook(source_cells(assignment))}


def source_cells(assignment: Assignment) -> list[Cell]:
    """Return the cells of the instructor's notebook, with what nbgrader must know of each."""
    files = {name: _taken_apart(assignment, name) for name in assignment.files}
    stubs = {name: file.stub for name, file in files.items()}
    solutions = {place: region for file in files.values() for place, region in file.inside.items()}
    helpers = {name: file.helpers for name, file in files.items() if file.helpers}
    cells: list[Cell] = []
    for cell in workbook(read_companion(assignment), stubs, assignment):
        if cell.id.startswith(_TASK):
            own = assignment.task(cell.id.removeprefix(_TASK)).file
            cells += _helpers(own, helpers.pop(own, []))
        if cell.id != _SET_UP:  # which only installs the grader on Colab
            cells.append(_marked(cell, solutions, assignment))
    if solutions:
        raise GraderError(
            f"{next(iter(solutions))}: this solution belongs to no cell; move {_BEGIN!r} and"
            f" {_END!r} into a function"
        )
    return cells


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file of the assignment, and the solutions that were cut out of it."""

    stub: str  # which says at each cut which one it is, so that it is found in its cell
    inside: dict[str, Region]  # of functions and classes, by what stands at the cut
    helpers: list[Region]  # at the top of the file: functions that students may write, or not


def _taken_apart(assignment: Assignment, name: str) -> _File:
    stub = make_stub((assignment.folder / name).read_text(encoding="utf-8"), name)
    waiting = list(stub.regions)
    lines, inside = [], {}
    for line in stub.text.split("\n"):
        if line.strip() != _CUT or not waiting:
            lines.append(line)
            continue
        region = waiting.pop(0)
        if region.scope:
            # A statement: a comment at the end of a class would go with what follows it.
            place = f'"{name}, line {region.begin}"'
            lines.append(line.replace(_CUT, place))
            inside[place] = region
    helpers = [region for region in stub.regions if not region.scope]
    return _File(stub="\n".join(lines), inside=inside, helpers=helpers)


def _helpers(file: str, regions: Sequence[Region]) -> Iterator[Cell]:
    """Yield a cell of its own for what nbgrader would otherwise put in front of a task.

    In the students' version such a cell raises an error, as all answers do there.
    """
    if regions:
        lines = [line for region in regions for line in (_BEGIN, *region.lines, _END)]
        name = f"helpers-{file.removesuffix('.py')}"
        metadata = _metadata(name, solution=True)
        yield Cell(kind="code", source="\n".join(lines), id=name, metadata=metadata)


def _marked(cell: Cell, solutions: dict[str, Region], assignment: Assignment) -> Cell:
    """Return a cell as nbgrader wants it; take the solutions in it out of `solutions`."""
    if name := checked_task(cell):
        points = float(assignment.task(name).points)
        return replace(
            cell,
            source=_TESTS.format(task=name),
            metadata=_metadata(tests_cell(name), grade=True, locked=True, points=points),
        )
    solved = _solved(cell.source, solutions)
    if solved != cell.source:
        name = cell.id.removeprefix(_TASK)
        return replace(cell, source=solved, metadata=_metadata(name, solution=True))
    is_given = cell.id.startswith("given-")
    return replace(cell, metadata=_metadata(cell.id, locked=True)) if is_given else cell


def _metadata(name: str, **facts: Any) -> dict[str, Any]:
    """Return what nbgrader's schema 3 wants to know of a cell."""
    defaults = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**defaults, **facts, "grade_id": name, "schema_version": 3}}


def _solved(stub: str, solutions: dict[str, Region]) -> str:
    """Put solutions back to where they were cut out, between nbgrader's own markers."""
    lines: list[str] = []
    not_written = ""  # the line that stands in a stub for the solution
    for line in stub.split("\n"):
        region = solutions.pop(line.strip(), None)
        if region is not None:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [f"{indent}{_BEGIN}", *region.lines, f"{indent}{_END}"]
            not_written = f"{indent}raise NotImplementedError(" if region.is_called else ""
        elif not_written and line.startswith(not_written):
            not_written = ""
        else:
            lines.append(line)
    return "\n".join(lines)


def _demand_ours(folder: Path, files: dict[str, bytes], assignment: Assignment) -> None:
    """Refuse to write where anything lies but an earlier release."""
    if folder.resolve() == assignment.folder.resolve():
        raise GraderError(f"{folder} is the source itself; name the folder of nbgrader's course")
    present = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    others = {p.as_posix() for p in present if not _CACHES.intersection(p.parts)} - files.keys()
    if others or (present and not (folder / DESCRIPTION).is_file()):
        listed = ", ".join(sorted(others)[:3]) or "somebody else's notebook"
        raise GraderError(
            f"{folder} holds {listed}, which this release does not; move the folder away, and"
            " release again"
        )


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        make_folder((folder / name).parent)
        write_atomically(folder / name, content)
