"""The notebook that accompanies an assignment's files.

It is written as a percent script, `reference/<id>/notebook.py`: it explains, imports
the student's modules, draws, and checks each task in a cell of its own:

    check("pad2d")

Where tasks are solved in cells, a task stands before its check. If it must stand earlier,
as two tasks do that can only be tried together, a cell says so:

    # Write pad2d here.

In front comes a cell that opens the assignment on Colab.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from grader.course import Assignment
from grader.errors import GraderError
from grader.notebooks.cells import SCRIPT, Cell, code, read_script

_CHECK: Final = re.compile(r"(?:from grader\.notebook import check\n+)?check\(\"(\w+)\"\)")
_PLACE: Final = re.compile(r"# Write (\w+) here\.")
_SET_UP: Final = """\
# On Colab this cell installs the grader and opens your folder. Elsewhere it only sees to it
# that what you change in your files counts at once.
import importlib.util
import sys

if "google.colab" in sys.modules:
    if importlib.util.find_spec("grader") is None:
        %pip install --quiet {package}
    from grader.notebooks.colab import open_assignment

    open_assignment("{id}")
%load_ext autoreload
%autoreload 2"""


def read_companion(assignment: Assignment) -> list[Cell]:
    """Return the cells of an assignment's script; none if it has no script.

    Raises
    ------
    GraderError
        If it cannot be read, or does not check each task once.
    """
    path = assignment.folder / SCRIPT
    if not path.is_file():
        return []
    cells = [_named(cell) for cell in read_script(_text(path), str(path))]
    checked = [task for task in map(checked_task, cells) if task]
    for name in dict.fromkeys([*checked, *(task.name for task in assignment.tasks)]):
        assignment.task(name)  # a misspelt name is an error
        if checked.count(name) != 1:
            raise GraderError(
                f'{path}: {checked.count(name)} cells check {name}; have one with check("{name}")'
                " and nothing else"
            )
    return cells


def companion(cells: Sequence[Cell], assignment: Assignment) -> list[Cell]:
    """Return the companion notebook: the script's cells, and the one that sets it up."""
    return [set_up(assignment), *(cell for cell in cells if not placed_task(cell))]


def set_up(assignment: Assignment) -> Cell:
    """Return the cell that makes a notebook work, on Colab and elsewhere."""
    package = "deltagrade[torch]" if "torch" in assignment.packages else "deltagrade"
    return code(_SET_UP.format(id=assignment.id, package=package), "set-up")


def check_cell(task: str) -> Cell:
    """Return the cell that checks a task."""
    return code(f'from grader.notebook import check\n\ncheck("{task}")', f"check-{task}")


def checked_task(cell: Cell) -> str:
    """Return the task that a cell checks, or ""."""
    found = _CHECK.fullmatch(cell.source.strip()) if cell.kind == "code" else None
    return found[1] if found else ""


def placed_task(cell: Cell) -> str:
    """Return the task that is to be written in a cell's place, or ""."""
    found = _PLACE.fullmatch(cell.source.strip()) if cell.kind == "code" else None
    return found[1] if found else ""


def _named(cell: Cell) -> Cell:
    task = checked_task(cell)
    return replace(cell, id=f"check-{task}") if task else cell


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GraderError(f"cannot read {path} ({error}); save it as UTF-8") from error
