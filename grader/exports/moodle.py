"""Moodle: an assignment's grading worksheet (Grading actions, Download grading worksheet).

Its titles are in the user's language, so its columns are told by their order, which
Moodle fixes: identifier, full name, …, grade, maximum grade, ….
"""

import re
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from grader.exports.lms import Entry, Template, as_number, choose_column
from grader.exports.sheet import Row, Sheet

_IDENTIFIER: Final = re.compile(r"\D*?(\d+)")  # "Participant 123", "Teilnehmer/in123"
_NOT_IN_FILE_NAMES: Final = re.compile(r"[\x00-\x1f\x7f&<>\"`|':\\/]|\.\.+")  # Moodle's PARAM_FILE
_DOWNLOADED: Final = re.compile(r".+_(\d+)_assignsubmission_file_?", re.DOTALL)


def moodle(path: Path, column: str) -> Template:
    """Read a template.

    Raises
    ------
    GraderError
        If it is no grading worksheet, or it is not clear which column to fill.
    """
    sheet = Sheet.read(path)
    students = sheet.rows[1:]
    if not students or not all(_IDENTIFIER.fullmatch(row[0].value.strip()) for row in students):
        raise GraderError(
            f"{path} is no grading worksheet of Moodle, whose first column says Participant 123;"
            " download it from the assignment and leave it unchanged"
        )
    columns = {index: sheet.header[index] for index in range(2, min(map(len, sheet.rows)))}
    likely = {index: columns[index] for index in columns if _takes_grades(students, index)}
    # The user may name another column: a worksheet with a scale, for one, has no maximum.
    candidates = columns if column or not likely else likely
    chosen = choose_column(sheet, candidates, column, str(path))
    addresses = [index for index in range(chosen) if _holds_addresses(students, index)]
    entries = tuple(
        Entry(
            line=line,
            names=_names(row, addresses),
            cell=row[chosen],
            maximum=as_number(row[chosen + 1].value) if chosen in likely else None,
        )
        for line, row in enumerate(students, start=2)
    )
    title = sheet.header[chosen]
    return Template(sheet=sheet, column=title, entries=entries, downloaded=_downloaded)


def _takes_grades(students: tuple[Row, ...], index: int) -> bool:
    """Whether a column holds numbers or nothing, and the next one the same maximum for all."""
    if any(len(row) <= index + 1 for row in students):
        return False
    grades = [row[index].value.strip() for row in students]
    maxima = {row[index + 1].value.strip() for row in students}
    are_grades = all(re.fullmatch(r"|-|\d+(?:[.,]\d+)?", grade) for grade in grades)
    return are_grades and len(maxima) == 1 and as_number(maxima.pop()) is not None


def _holds_addresses(students: tuple[Row, ...], index: int) -> bool:
    """Whether a column holds e-mail addresses.

    It must come before the grade: what students write themselves comes after it.
    """
    return all(re.fullmatch(r"|\S+@\S+", row[index].value.strip()) for row in students)


def _names(row: Row, addresses: list[int]) -> frozenset[str]:
    identifier = _IDENTIFIER.fullmatch(row[0].value.strip())
    numbered = {identifier[0], identifier[1]} if identifier else set()
    says = {row[index].value.strip() for index in (1, *addresses)}
    if identifier:
        full_name = _NOT_IN_FILE_NAMES.sub("", row[1].value.strip().replace("_", " "))
        says.add(f"{full_name}_{identifier[1]}")  # as `grader grade` names who came from Moodle
    return frozenset((numbered | says) - {""})


def _downloaded(student: str) -> set[str]:
    match = _DOWNLOADED.fullmatch(student)
    return {match[1]} if match else set()
