"""Brightspace: grades as it exports them (Grades, Enter Grades, Export)."""

import re
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from grader.exports.lms import Entry, Template, as_number, choose_column, full_names
from grader.exports.sheet import Row, Sheet

_IDENTIFIERS: Final = ("OrgDefinedId", "Username")
# Such as "Assignment 1 Points Grade <Numeric MaxPoints:10 Weight:5>".
_ITEM: Final = re.compile(r"(.*) Points Grade(?: <.*>)?", re.DOTALL)
_MAXIMUM: Final = re.compile(r"<.*\bMaxPoints:([\d.,]+).*>", re.DOTALL)
_DOWNLOADED: Final = re.compile(r"\d+-\d+ - (.+?) - \w+ \d{1,2}, \d{4} .+", re.DOTALL)
_INTAKE: Final = re.compile(r"(.+)_\d+", re.DOTALL)  # as `grader grade` names who came from there


def brightspace(path: Path, column: str) -> Template:
    """Read a template.

    Raises
    ------
    GraderError
        If it is no export of grades, or it is not clear which column to fill.
    """
    sheet = Sheet.read(path)
    header = sheet.header
    if not set(_IDENTIFIERS) & set(header):
        raise GraderError(
            f"{path} is no export of grades from Brightspace, which has OrgDefinedId or Username;"
            " export it there (Grades, Enter Grades, Export) and leave it unchanged"
        )
    candidates = {
        index: match[1] for index, title in enumerate(header) if (match := _ITEM.fullmatch(title))
    }
    chosen = choose_column(sheet, candidates, column, str(path))
    stated = _MAXIMUM.search(header[chosen])
    maximum = as_number(stated[1]) if stated else None
    entries = tuple(
        Entry(line=line, names=_names(header, row), cell=row[chosen], maximum=maximum)
        for line, row in enumerate(sheet.rows, start=1)
        if line > 1 and len(row) > chosen
    )
    return Template(sheet=sheet, column=header[chosen], entries=entries, downloaded=_downloaded)


def _names(header: list[str], row: Row) -> frozenset[str]:
    says = {title: cell.value.strip() for title, cell in zip(header, row, strict=False)}
    # Brightspace puts # before them, so that spreadsheets keep leading zeros.
    marked = {says.get(title, "") for title in _IDENTIFIERS}
    names = full_names(says.get("First Name", ""), says.get("Last Name", ""))
    bare = {name.removeprefix("#") for name in marked}
    return frozenset((marked | bare | names | {says.get("Email", "")}) - {""})


def _downloaded(student: str) -> set[str]:
    match = _DOWNLOADED.fullmatch(student) or _INTAKE.fullmatch(student)
    return {match[1]} if match else set()
