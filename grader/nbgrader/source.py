"""Read an assignment of nbgrader's own: the instructor's notebooks in source/<name>/.

Which cells are run as tests, and for how many points, is decided here, before anything
of a student's is looked at. In their metadata nbgrader says what a cell is:

    grade, not solution   tests, run as the instructor wrote them
    grade and solution    an answer that a person grades
    solution              an answer that tests grade
    locked                text or code that students must not change

An answer is a task of ours, and the cells of tests that follow it are its tests.
"""

import ast
import hashlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nbformat

from grader.course import Assignment, Limits, Task
from grader.errors import GraderError
from grader.results import Test, Visibility, total

# As nbgrader's own time limit for a cell; and what a laptop can give to each of several.
LIMITS: Final = Limits(test_seconds=30, submission_seconds=300, memory_mb=2048)
_HIDDEN: Final = re.compile(
    r"^[^\n]*BEGIN HIDDEN TESTS.*?(?:END HIDDEN TESTS[^\n]*\n?|\Z)", re.DOTALL | re.MULTILINE
)
_AUTOTEST: Final = re.compile(r"^\s*###.*\bAUTOTEST\b", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCell:
    """A cell that nbgrader knows by name."""

    name: str
    is_code: bool
    source: str
    is_locked: bool  # what a student makes of it does not count
    test: Test | None = None
    by_hand: float = 0.0  # the points that a person gives


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNotebook:
    """One notebook of an assignment."""

    name: str  # without .ipynb
    cells: tuple[SourceCell, ...]

    @property
    def file(self) -> str:
        """What a student hands in."""
        return f"{self.name}.ipynb"

    @property
    def tests(self) -> tuple[Test, ...]:
        """The cells of tests, in their order."""
        return tuple(cell.test for cell in self.cells if cell.test is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An assignment of nbgrader's."""

    assignment: Assignment
    notebooks: tuple[SourceNotebook, ...]
    modules: dict[str, bytes]  # Python files beside the notebooks, which they may import
    sha256: str

    @property
    def tests(self) -> tuple[Test, ...]:
        """All tests, in their order."""
        return tuple(test for notebook in self.notebooks for test in notebook.tests)

    @property
    def by_hand(self) -> dict[str, float]:
        """The cells that a person grades, and their points."""
        return {cell.name: cell.by_hand for n in self.notebooks for cell in n.cells if cell.by_hand}


def read_source(folder: Path) -> Source:
    """Read source/<name>/ of a course.

    Raises
    ------
    GraderError
        If there is nothing that tests grade, or something that cannot be run here.
    """
    paths = sorted(folder.glob("*.ipynb"))
    read = [(path, _read(path)) for path in paths]
    notebooks = tuple(_notebook(path, content) for path, content in read)
    tests = [test for notebook in notebooks for test in notebook.tests]
    if not tests:
        raise GraderError(
            f"{folder} has no notebook with tests that are worth points; name an assignment"
            " of nbgrader, or grade it by hand"
        )
    names = dict.fromkeys(test.task for test in tests)
    tasks = tuple(_task(name, [test for test in tests if test.task == name]) for name in names)
    modules = {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}
    texts = [cell.source for _, content in read for cell in content.cells]
    assignment = Assignment(
        id=folder.name,
        title=folder.name,
        dataset="none",
        packages=tuple(_packages(texts, modules)),
        limits=LIMITS,
        tasks=tasks,
        folder=folder,
        extra_files=tuple(notebook.file for notebook in notebooks),
    )
    digest = hashlib.sha256()
    for path in (*paths, *(folder / name for name in modules)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return Source(
        assignment=assignment, notebooks=notebooks, modules=modules, sha256=digest.hexdigest()
    )


def _task(name: str, tests: Sequence[Test]) -> Task:
    return Task(
        name=name,
        file=f"{name.partition('/')[0]}.ipynb",
        points=total(test.points for test in tests),
        requires=(),
        banned=(),
    )


def _read(path: Path) -> Any:
    read: Callable[..., Any] = nbformat.read  # which does not say what it returns
    try:
        content = read(path, as_version=4)
    except Exception as error:  # whatever is wrong with it
        raise GraderError(f"{path} is no notebook ({error}); save it in Jupyter again") from error
    language = content.metadata.get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise GraderError(f"{path} is written in {language}; only Python can be graded here")
    return content


def _notebook(path: Path, content: Any) -> SourceNotebook:
    answer = ""
    cells: dict[str, SourceCell] = {}
    for cell in content.cells:
        about = cell.metadata.get("nbgrader", {})
        name = about.get("grade_id", "")
        if not name:
            continue
        if name in cells:
            raise GraderError(f"{path}: two cells are called {name!r}; rename one")
        if about.get("solution"):
            answer = name
        cells[name] = _cell(path, cell, about, answer or name)
    return SourceNotebook(name=path.stem, cells=tuple(cells.values()))


def _cell(path: Path, cell: Any, about: Any, answer: str) -> SourceCell:
    is_graded, is_answer = bool(about.get("grade")), bool(about.get("solution"))
    is_code = cell.cell_type == "code"
    points = float(about.get("points", 0))
    is_test = is_graded and not is_answer and is_code
    if is_test and _AUTOTEST.search(cell.source):
        raise GraderError(
            f"{path}: the tests of {about.grade_id} are still to be generated; grade the course's"
            " notebooks with the tests in them"
        )
    return SourceCell(
        name=about.grade_id,
        is_code=is_code,
        source=cell.source,
        is_locked=not is_answer and (is_graded or bool(about.get("locked"))),
        test=_test(path, about.grade_id, cell.source, answer, points) if is_test else None,
        by_hand=points if about.get("task") or (is_graded and not is_test) else 0.0,
    )


def _test(path: Path, name: str, source: str, answer: str, points: float) -> Test:
    released = _HIDDEN.sub("", source)
    return Test(
        test=f"{path.name}::{name}",
        task=f"{path.stem}/{answer}",
        title=_title(released) or name,
        visibility=Visibility.PUBLIC if released == source else Visibility.HIDDEN,
        points=points,
    )


def _title(source: str) -> str:
    """Return the first line of a cell's docstring."""
    try:
        return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    except SyntaxError:  # a magic
        return ""


def _packages(texts: Sequence[str], modules: dict[str, bytes]) -> Iterator[str]:
    """Yield what students may import: what the instructor's own code imports, and numpy."""
    own = {name.removesuffix(".py") for name in modules}
    found = {"numpy"}
    for text in (*texts, *(module.decode("utf-8", "replace") for module in modules.values())):
        found |= set(re.findall(r"^\s*(?:import|from)\s+([A-Za-z_]\w*)", text, re.MULTILINE))
    for name in sorted(found - own - sys.stdlib_module_names):
        if importlib.util.find_spec(name) is not None:
            yield name
