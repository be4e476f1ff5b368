"""A CSV file of which single cells can be replaced, and no other byte.

Reading and writing a CSV again changes its quoting, line ends, encoding or byte order
mark, and a learning platform may then refuse it, or read another student's name. So a
file is not written again: each cell knows where it lies, and only it is exchanged.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from grader.errors import GraderError

_DELIMITERS: Final = ",;\t"  # where two fit a file equally well, the first
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and where in the text it is written."""

    value: str
    start: int
    end: int


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A CSV file as it is, and its cells."""

    text: str
    encoding: str
    rows: tuple[Row, ...]  # blank lines are none

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file in UTF-8, UTF-16 or a Windows encoding; find out its delimiter.

        Raises
        ------
        GraderError
            If it cannot be read, or is no table.
        """
        try:
            text, encoding = _decode(path.read_bytes())
        except OSError as error:
            raise GraderError(f"cannot read {path} ({error.strerror}); name a CSV file") from error
        tables = [_split(text, delimiter) for delimiter in _DELIMITERS]
        rows = max(tables, key=_likelihood)
        if not rows or len(rows[0]) < 2:
            raise GraderError(f"{path} is no table in CSV; export it again and leave it unchanged")
        return cls(text=text, encoding=encoding, rows=rows)

    @property
    def header(self) -> list[str]:
        """What the first row says."""
        return [cell.value.strip() for cell in self.rows[0]]

    def replaced(self, values: Mapping[Cell, str]) -> bytes:
        """Return the file with these cells saying something else.

        A cell in quotes keeps them. The values must need none: they are numbers.
        """
        parts, done = [], 0
        for cell in sorted(values, key=lambda cell: cell.start):
            quote = '"' if self.text[cell.start : cell.end].startswith('"') else ""
            parts += [self.text[done : cell.start], quote, values[cell], quote]
            done = cell.end
        return "".join([*parts, self.text[done:]]).encode(self.encoding)


def _decode(data: bytes) -> tuple[str, str]:
    """Return the text, byte order mark and all, and the encoding that gives the bytes back."""
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in (*marked, "utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"  # which has a letter for every byte


def _split(text: str, delimiter: str) -> tuple[Row, ...]:
    # Where a quote is never closed, Python's csv module reads on to the end, and so do we.
    quoted_here = r'(?:"([^"]*(?:""[^"]*)*)(?:"|\Z))?'
    cell_here = re.compile(rf"{quoted_here}([^{delimiter}\r\n]*)({delimiter}|\r\n|\r|\n|\Z)")
    start = 1 if text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}") else 0
    rows: list[Row] = []
    row: list[Cell] = []
    for match in cell_here.finditer(text, start):
        quoted, rest, end = match.groups()
        value = (quoted or "").replace('""', '"') + rest
        row.append(Cell(value, match.start(), match.start(3)))
        if end != delimiter:
            if any(cell.value.strip() for cell in row):
                rows.append(tuple(row))
            row = []
    return tuple(rows)


def _likelihood(rows: tuple[Row, ...]) -> tuple[bool, int]:
    """Judge a delimiter: rows of equal length speak for it, and then many cells."""
    widths = {len(row) for row in rows}
    return len(widths) == 1 and widths != {1}, len(rows[0]) if rows else 0
