"""Take out of a notebook's cell what is no Python: magics, shell lines and questions.

    %matplotlib inline
    !pip install something
    np.pad?

Only a cell that is no valid Python is looked at in this way, so that a line in a
text that begins with a percent sign stays where it is.

Trust: the text is a student's. It is read once from front to back, and never run.
"""

import re
from typing import Final, NamedTuple

_MAGIC: Final = re.compile(
    r"[ \t]*(?:[%!?]|[\w.,\[\] \t]+=[ \t]*[%!])"  # %cd, !ls, ?f, files = !ls
    r"|[^#'\"\n]*\?[ \t]*(?=\n|\Z)"  # f?
)
_LINE: Final = re.compile(r"(?:[^\\\n]|\\.)*", re.DOTALL)  # goes on after a backslash at its end
_INDENT: Final = re.compile(r"[ \t]*")
_TOKEN: Final = re.compile(
    r'"""(?:\\.|(?!""")[^\\])*"""'
    r"|'''(?:\\.|(?!''')[^\\])*'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|#[^\n]*|\\.|.",
    re.DOTALL,
)
_CELL_MAGIC: Final = re.compile(r"\s*(%%[^\n]*)\n?")
# The body of these is Python, and what it defines is defined afterwards.
_PYTHON: Final = {"%%time", "%%capture", "%%prun"}


class Plain(NamedTuple):
    """A cell without its magics."""

    code: str
    taken_out: list[str]


def without_magics(cell: str) -> Plain:
    """Return a cell as Python, and what was taken out of it.

    Other lines stay on their line. Of a cell in another language nothing is left.
    """
    taken_out = []
    if head := _CELL_MAGIC.match(cell):
        taken_out.append(head[1])
        if head[1].split()[0] not in _PYTHON:
            return Plain("", taken_out)
        cell = "\n" * head[0].count("\n") + cell[head.end() :]
    kept, position = [], 0
    while position < len(cell):
        if _MAGIC.match(cell, position):
            end = _end(_LINE, cell, position)
            indent = cell[position : _end(_INDENT, cell, position)]
            taken_out.append(cell[position:end].strip())
            # An `if` whose only line goes must keep a body.
            kept.append(f"{indent}pass" + "\n" * cell.count("\n", position, end + 1))
            position = end + 1
        else:
            end = _end_of_statement(cell, position)
            kept.append(cell[position:end])
            position = end
    return Plain("".join(kept), taken_out)


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _end_of_statement(cell: str, position: int) -> int:
    """Return where the next logical line begins: past brackets, texts and continuations."""
    depth = 0
    while position < len(cell):
        start, position = position, _end(_TOKEN, cell, position)
        piece = cell[start:position]
        if piece in "([{":
            depth += 1
        elif piece in ")]}":
            depth -= 1
        elif piece == "\n" and depth <= 0:
            break
    return position
