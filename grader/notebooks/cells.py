"""Cells: read from a percent script, and written as a notebook.

A notebook is made of nothing but its cells: no outputs, no counts, no names made by
chance. The same cells give the same bytes, so a release can be compared.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from grader.errors import GraderError

NOTEBOOK: Final = "notebook.ipynb"
SCRIPT: Final = "notebook.py"
_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_FIRST: Final = "# %%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a notebook."""

    kind: Literal["markdown", "code"]
    source: str
    id: str = ""  # made from the source if there is none
    metadata: Mapping[str, Any] = field(default_factory=dict)


def markdown(source: str) -> Cell:
    """Return a cell of text."""
    return Cell(kind="markdown", source=source)


def code(source: str, name: str = "") -> Cell:
    """Return a cell of code, with an id that other tools can find it by."""
    return Cell(kind="code", source=source, id=name)


def read_script(text: str, name: str) -> list[Cell]:
    """Return the cells of a percent script; `name` is its name in messages.

    What stands above the first cell is for tools that read the script.

    Raises
    ------
    GraderError
        If it has no cells, or one is neither text nor code.
    """
    import jupytext  # noqa: PLC0415

    start = text.find(_FIRST)
    if start < 0:
        raise GraderError(f"{name} has no cells; begin each with a line {_FIRST!r}")
    cells = []
    for cell in jupytext.reads(text[start:], fmt="py:percent").cells:
        if cell.cell_type not in ("markdown", "code"):
            raise GraderError(
                f"{name} has a cell of kind {cell.cell_type!r}; make it markdown or code"
            )
        cells.append(Cell(kind=cell.cell_type, source=cell.source))
    return cells


def write_notebook(cells: Sequence[Cell]) -> bytes:
    """Return a notebook with these cells, and without outputs."""
    import nbformat  # noqa: PLC0415 - as above
    from nbformat import v4  # noqa: PLC0415

    # nbformat does not say of these what they take and return.
    make: dict[str, Callable[..., Any]]
    make = {"markdown": v4.new_markdown_cell, "code": v4.new_code_cell}
    new_notebook: Callable[..., Any] = v4.new_notebook
    writes: Callable[[Any], str] = nbformat.writes
    notebook = new_notebook(metadata=_METADATA)
    for cell, name in zip(cells, _names(cells), strict=True):
        notebook.cells.append(
            make[cell.kind](source=cell.source, id=name, metadata=dict(cell.metadata))
        )
    nbformat.validate(notebook)
    return (writes(notebook).rstrip("\n") + "\n").encode()


def _names(cells: Sequence[Cell]) -> list[str]:
    """Return each cell's id: its own, or one that only a change of its text changes."""
    names: list[str] = []
    for cell in cells:
        name = cell.id or hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:8]
        again = names.count(name) + sum(each.startswith(f"{name}-") for each in names)
        names.append(f"{name}-{again + 1}" if again else name)
    return names
