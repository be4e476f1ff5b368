"""Canvas: the gradebook as Canvas exports it (Grades, Export)."""

import re
import unicodedata
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from grader.exports.lms import Entry, Template, as_number, choose_column, full_names
from grader.exports.sheet import Row, Sheet

_IDENTIFIERS: Final = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_ASSIGNMENT: Final = re.compile(r"(.*) \(\d+\)", re.DOTALL)  # its title, and Canvas's number
# "hopperada_LATE_1234_567_a1.zip"; in an anonymous one, "anon_…", the number is no user's.
_DOWNLOADED: Final = re.compile(r"(?!anon_)[^_]+(?:_LATE)?_(\d+)_\d+_.+", re.DOTALL)


def canvas(path: Path, column: str) -> Template:
    """Read a template.

    Raises
    ------
    GraderError
        If it is no gradebook of Canvas, or it is not clear which column to fill.
    """
    sheet = Sheet.read(path)
    header = sheet.header
    if header[0] not in ("Student", "LastName") or "ID" not in header:
        raise GraderError(
            f"{path} is no gradebook of Canvas, which begins with Student,ID;"
            " export it there (Grades, Export) and leave it unchanged"
        )
    points = next((row for row in sheet.rows if _is_points_possible(row)), ())
    candidates = {
        index: match[1]
        for index, title in enumerate(header)
        if (match := _ASSIGNMENT.fullmatch(title)) and not _is_read_only(points, index)
    }
    chosen = choose_column(sheet, candidates, column, str(path))
    maximum = as_number(points[chosen].value) if chosen < len(points) else None
    # A row that names nobody says which assignments are posted by hand.
    entries = tuple(
        Entry(line=line, names=names, cell=row[chosen], maximum=maximum)
        for line, row in enumerate(sheet.rows[1:], start=2)
        if len(row) > chosen and not _is_points_possible(row) and (names := _names(header, row))
    )
    return Template(sheet=sheet, column=header[chosen], entries=entries, downloaded=_downloaded)


def _is_points_possible(row: Row) -> bool:
    return row[0].value.strip() == "Points Possible"


def _is_read_only(points: Row, index: int) -> bool:
    """Whether Canvas calculates a column itself: "(read only)", in the user's language."""
    says = points[index].value.strip() if index < len(points) else ""
    return not re.fullmatch(r"[\d.,]*", says)


def _names(header: list[str], row: Row) -> frozenset[str]:
    says = {title: cell.value.strip() for title, cell in zip(header, row, strict=False)}
    identifiers = {says.get(title, "") for title in _IDENTIFIERS}
    first, last = says.get("FirstName", ""), says.get("LastName", "")
    if "Student" in says:
        last, _, first = map(str.strip, says["Student"].partition(","))
    intake = f"{_in_file_names(last + first)}_{says['ID']}"
    return frozenset((identifiers | full_names(first, last) | {intake}) - {""})


def _in_file_names(name: str) -> str:
    """Return a name as Canvas writes it into the names of files: letters, marks and digits."""
    letters = unicodedata.normalize("NFC", name.lower())
    kept = ("L", "M", "Nd", "Pc")
    return "".join(x for x in letters if unicodedata.category(x).startswith(kept))


def _downloaded(student: str) -> set[str]:
    match = _DOWNLOADED.fullmatch(student)
    return {match[1]} if match else set()
