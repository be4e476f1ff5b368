"""Read a notebook that a student handed in, and lay out which cells are run.

The order is the student's, as in nbgrader. What the cells of tests say, and the locked
ones, is the instructor's; of two cells with one name the last counts; a cell of tests
that is gone is not run, and earns nothing.

Trust: every byte is the student's. Of a cell only its kind, its text and the name that
it claims are read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.nbgrader.source import SourceCell, SourceNotebook
from grader.results import Test
from grader.submissions.notebook import read_cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Code to run."""

    source: str
    title: str  # for messages
    test: Test | None = None  # that this decides


@dataclass(frozen=True, slots=True)
class _Cell:
    is_code: bool
    source: str
    name: str  # as nbgrader calls it; "" if it is the student's own


def lay_out(notebook: SourceNotebook, content: bytes) -> list[Step]:
    """Return what is to be run, in this order.

    Raises
    ------
    SubmissionRejectedError
        If it is no notebook.
    """
    known = {cell.name: cell for cell in notebook.cells}
    cells = _read(notebook.file, content)
    last = {cell.name: position for position, cell in enumerate(cells)}
    steps = []
    for position, cell in enumerate(cells):
        source = known.get(cell.name) if last[cell.name] == position else None
        if source.is_code if source else cell.is_code:
            steps.append(_step(cell, source, f"{notebook.file}, cell {position + 1}"))
    return steps


def _step(cell: _Cell, source: SourceCell | None, title: str) -> Step:
    if source is None:
        return Step(source=cell.source, title=title)
    text = source.source if source.is_locked else cell.source
    return Step(source=text, title=f"cell {source.name}", test=source.test)


def _read(file: str, content: bytes) -> list[_Cell]:
    read_cells(file, content)  # refuses what is too large, and what is no notebook
    return [_cell(cell) for cell in json.loads(content.decode("utf-8-sig"))["cells"]]


def _cell(cell: Mapping[str, Any]) -> _Cell:
    text = cell.get("source", "")
    lines = [text] if isinstance(text, str) else text if isinstance(text, list) else []
    source = "".join(line for line in lines if isinstance(line, str))
    about = cell.get("metadata")
    mark = about.get("nbgrader") if isinstance(about, dict) else None
    name = mark.get("grade_id") if isinstance(mark, dict) else None
    return _Cell(
        is_code=cell.get("cell_type") == "code",
        source=source.encode("utf-8", "replace").decode(),  # half of a character is none
        name=name if isinstance(name, str) else "",
    )
