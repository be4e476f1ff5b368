"""The form of an assignment that is solved in the notebook itself.

It is the companion notebook, with an introduction of its own in place of the first cell,
and before each check the task, as a function to be completed in its cell. What a file
gives its tasks, imports and constants, stands before the first of them. An assignment
without a companion gets a plain notebook: for each task a heading, its cell and its check.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from grader.course import Assignment
from grader.notebooks.cells import SCRIPT, Cell, code, markdown
from grader.notebooks.companion import check_cell, checked_task, placed_task, set_up
from grader.notebooks.pieces import Pieces, take_apart, without_own_imports

_HOW: Final = """\
# {title}

Write each function in its cell, run the cell, and run the check below it. A check says what \
is wrong and what to think about. When all of them pass, hand in this notebook. `README.md` \
explains everything at length; where it speaks of a file, it means the cells below.

*How it is graded.* Of your cells only imports, functions, classes, and the assignments that \
these need are used: a function must find in them all that it works with. The grader sorts \
your functions into files, {files}; those are the names that it speaks of."""


def workbook(cells: Sequence[Cell], texts: Mapping[str, str], assignment: Assignment) -> list[Cell]:
    """Return the notebook in which the tasks are solved.

    Parameters
    ----------
    cells : sequence of Cell
        The companion's; none if the assignment has no companion.
    texts : mapping of str to str
        Each of the assignment's files: as a stub, or solved.

    Raises
    ------
    GraderError
        If a file does not define its tasks.
    """
    own = [file.removesuffix(".py") for file in assignment.files]
    tasks = assignment.tasks_by_file
    pieces = {file: take_apart(texts[file], tasks[file], own, file) for file in assignment.files}
    files = ", ".join(f"`{file}`" for file in assignment.files)
    intro = markdown(_HOW.format(title=assignment.title, files=files))
    lesson = [_on_its_own(cell, own, assignment) for cell in cells]
    if lesson and lesson[0].source.startswith("# "):
        del lesson[0]  # the companion's title, and how to work with files
    filled = _with_tasks(lesson or _plain(pieces), pieces, assignment)
    return [set_up(assignment), intro, *filled]


def _on_its_own(cell: Cell, own: Sequence[str], assignment: Assignment) -> Cell:
    """Return a cell of the companion without its imports from the assignment's files."""
    if cell.kind != "code" or checked_task(cell):
        return cell
    name = str(assignment.folder / SCRIPT)
    return code(without_own_imports(cell.source, own, name), cell.id)


def _with_tasks(
    cells: Iterable[Cell], pieces: Mapping[str, Pieces], assignment: Assignment
) -> Iterator[Cell]:
    """Put each task in its place, and what a file gives before its first task."""
    given = dict(pieces)
    written: set[str] = set()
    for cell in cells:
        place = placed_task(cell)
        name = place or checked_task(cell)
        if name and name not in written:
            written.add(name)
            file = assignment.task(name).file
            first = given.pop(file, None)
            if first and first.given:
                yield code(first.given, f"given-{file.removesuffix('.py')}")
            yield code(pieces[file].tasks[name], f"task-{name}")
        if cell.source and not place:
            yield cell


def _plain(pieces: Mapping[str, Pieces]) -> Iterator[Cell]:
    for file, parts in pieces.items():
        yield markdown(f"## {file}\n\n{parts.docstring}".strip())
        for name in parts.tasks:
            yield markdown(f"### {name}")
            yield check_cell(name)
