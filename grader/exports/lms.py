"""Fill one column of a learning platform's own export with the scores of a class.

Which row is a student's is never guessed. A submission's name must be, letter for
letter but for upper and lower case, something that the row itself says about its
student and that no other row says; and no second submission may fit the row too.
Whoever does not fit is listed, and the row stays as it was.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.errors import GraderError
from grader.exports.sheet import Cell, Sheet
from grader.exports.texts import number, one_line
from grader.results import Grade, Status
from grader.submissions.files import fold

_NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d+)?\s*%?")
_FREE: Final = ("", "-")  # how platforms write that there is no grade yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One student's row in a template."""

    line: int  # among the rows that are not blank, from 1
    names: frozenset[str]  # what the row says about its student
    cell: Cell  # for the score
    maximum: float | None  # of the score; None when the template does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a platform's export says about its rows and columns."""

    sheet: Sheet
    column: str  # the title of the one that is filled
    entries: tuple[Entry, ...]
    # What a platform's own download says of the student in the name of a submission.
    downloaded: Callable[[str], Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A template with the scores in it, and what a person must know about them."""

    content: bytes
    problems: tuple[str, ...]  # students whose score is not in it
    notes: tuple[str, ...]


def fill(template: Template, grades: Sequence[Grade]) -> Filled:
    """Write each student's score into the template's column."""
    problems = [
        f"{one_line(grade.student)} is not exported: the grader itself failed; grade again"
        for grade in grades
        if grade.status is Status.BROKEN
    ]
    found, unmatched = _match(template, [g for g in grades if g.status is not Status.BROKEN])
    values: dict[Cell, str] = {}
    scales = set()
    for entry, grade in found:
        old = entry.cell.value.strip()
        if old in _FREE or _NUMBER.fullmatch(old):
            maximum = entry.maximum or grade.max_score
            # With a decimal point, which importers take whatever their user's language.
            values[entry.cell] = number(grade.final_score * maximum / grade.max_score)
            scales.add((grade.max_score, maximum))
        else:
            problems.append(f"{one_line(grade.student)} keeps {one_line(old)!r}, which is no score")
    notes = [f"{len(values)} of {len(grades)} scores are in {one_line(template.column)!r}"]
    notes += [
        f"scores are converted from {old:g} to {new:g} points, the template's maximum"
        for old, new in sorted(scales)
        if old != new
    ]
    if left := len(template.entries) - len(values):
        notes.append(f"{left} of {len(template.entries)} rows stay as they were")
    return Filled(
        content=template.sheet.replaced(values),
        problems=(*unmatched, *problems),
        notes=tuple(notes),
    )


def choose_column(sheet: Sheet, candidates: Mapping[int, str], wanted: str, where: str) -> int:
    """Return the column to fill.

    Parameters
    ----------
    candidates : mapping of int to str
        The columns that can take a score, with a shorter title for each.
    wanted : str
        The title that the user chose; "" if none.

    Raises
    ------
    GraderError
        If it is not clear which; the message lists the candidates.
    """
    header = sheet.header
    titles = [header[column] for column in candidates]
    fitting = [c for c in candidates if wanted in ("", header[c], candidates[c])]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"'{one_line(title)}'" for title in titles)
    if not candidates:
        raise GraderError(
            f"{where} has no column for scores; create the assignment there, and export again"
        )
    if wanted and not fitting:
        raise GraderError(f"{where} has no column {wanted!r} for scores; it has {listed}")
    raise GraderError(f"{where} has several columns for scores: say --column with one of {listed}")


def as_number(text: str) -> float | None:
    """Read a number with a decimal point or comma; None if it is none, or not above 0."""
    if not re.fullmatch(r"\d+(?:[.,]\d+)?", text.strip()):
        return None
    return float(text.strip().replace(",", ".")) or None


def full_names(first: str, last: str) -> set[str]:
    """Return the ways in which a full name is written."""
    return {f"{first} {last}", f"{last}, {first}"} if first and last else {first or last} - {""}


def _match(
    template: Template, grades: Sequence[Grade]
) -> tuple[list[tuple[Entry, Grade]], list[str]]:
    """Return each student's row, and a sentence about everybody who has none."""
    rows: defaultdict[str, set[Entry]] = defaultdict(set)
    for entry in template.entries:
        for name in entry.names:
            rows[_folded(name)].add(entry)
    fitting: defaultdict[Entry, list[Grade]] = defaultdict(list)
    problems = []
    for grade in grades:
        names = {grade.student, *template.downloaded(grade.student)}
        found = set[Entry]().union(*(rows.get(_folded(name), ()) for name in names))
        if len(found) == 1:
            fitting[found.pop()].append(grade)
        else:
            fits = f"fits rows {_listed(entry.line for entry in found)}" if found else "fits no row"
            problems.append(f"{one_line(grade.student)} {fits}")
    for entry, rivals in fitting.items():
        if len(rivals) > 1:
            names = {one_line(rival.student) for rival in rivals}
            problems.append(f"{' and '.join(sorted(names))} fit the same row {entry.line}")
    return [(entry, rivals[0]) for entry, rivals in fitting.items() if len(rivals) == 1], problems


def _folded(name: str) -> str:
    return fold(" ".join(name.split()))


def _listed(lines: Iterable[int]) -> str:
    return " and ".join(map(str, sorted(lines)))
