"""Read the code cells of an untrusted notebook.

Only the text of code cells is looked at. Outputs, metadata and attachments may say
what they like, as nothing reads them: a notebook that shows full marks shows them to
nobody.

Trust: none. Size and structure are bounded before the JSON is parsed, and
`grader.submissions.dissection` parses it in a process of its own.
"""

import json
from typing import Any, Final

from grader.errors import SubmissionRejectedError

SUFFIX: Final = ".ipynb"
RELEASED: Final = "notebook.ipynb"  # what students receive it as
MAX_NOTEBOOK: Final = 20_000_000  # bytes; pictures in the outputs may be large
_MAX_STRUCTURE: Final = 2_000_000  # lists, objects and commas: what takes memory when parsed
_MAX_CODE: Final = 1_000_000  # characters in all code cells, as in a source file
_MAX_CELLS: Final = 2_000
_AGAIN: Final = "open it in Jupyter and save it again"


def is_notebook(name: str) -> bool:
    """Whether a file's name says that it is a notebook."""
    return name.lower().endswith(SUFFIX)


def read_cells(name: str, content: bytes) -> list[str]:
    """Return the text of each code cell.

    Raises
    ------
    SubmissionRejectedError
        If it is no notebook, or too large; the message names it and the remedy.
    """
    if len(content) > MAX_NOTEBOOK or sum(map(content.count, (b"[", b"{", b","))) > _MAX_STRUCTURE:
        raise SubmissionRejectedError(f"{name} is too large; clear its outputs and save it again")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SubmissionRejectedError(f"{name} is not UTF-8 text; {_AGAIN}") from None
    except (ValueError, RecursionError):
        raise SubmissionRejectedError(f"{name} is damaged (it is not JSON); {_AGAIN}") from None
    cells = _cells(name, notebook)
    if len(cells) > _MAX_CELLS:
        raise SubmissionRejectedError(
            f"{name} has more than {_MAX_CELLS} cells; hand in only your answers"
        )
    texts = [_text(name, cell) for cell in cells if cell.get("cell_type") == "code"]
    if sum(map(len, texts)) > _MAX_CODE:
        raise SubmissionRejectedError(
            f"{name} has more than {_MAX_CODE // 1_000_000} MB of code; hand in only your answers"
        )
    return texts


def _cells(name: str, notebook: Any) -> list[dict[str, Any]]:
    if not isinstance(notebook, dict) or type(notebook.get("nbformat")) is not int:
        raise SubmissionRejectedError(f"{name} is no notebook (it names no nbformat); {_AGAIN}")
    version = notebook["nbformat"]
    if version != 4:
        raise SubmissionRejectedError(
            f"{name} has nbformat {str(version)[:20]}, and only 4 can be read; {_AGAIN}"
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise SubmissionRejectedError(f"{name} is damaged (its cells are none); {_AGAIN}")
    return cells


def _text(name: str, cell: dict[str, Any]) -> str:
    source = cell.get("source")
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise SubmissionRejectedError(f"{name} is damaged (a cell has no text); {_AGAIN}")
    # Half of a character, which JSON can write, is none.
    return "".join(lines).encode("utf-8", "replace").decode()
