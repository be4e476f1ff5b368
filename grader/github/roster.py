"""The roster: which repository is whose.

A CSV file with a header; `ref` may be left out, and is then the default branch.

    student,repository,ref
    ada,course-2026/a1-ada,
    grace,course-2026/a1-grace,submitted
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.errors import GraderError
from grader.github.runner import set_outputs

_COLUMNS: Final = ("student", "repository")
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/(?!\.+$)[A-Za-z0-9._-]+")
_REF: Final = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._/-]*")
_MOST: Final = 500  # repositories that GitHub gives one token for
_STUDENT: Final = re.compile(r"\w[\w.@+ -]{0,98}\w|\w")


@dataclass(frozen=True, slots=True)
class Row:
    """A student's repository, and what of it to grade."""

    student: str
    repository: str
    ref: str = "HEAD"


def read_roster(path: Path) -> list[Row]:
    """Read a roster; each student and each repository is in it once.

    Raises
    ------
    GraderError
        If it cannot be read, with the line that is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(csv.DictReader(file, strict=True), path))
    except OSError as error:
        raise GraderError(
            f"cannot read {path} ({error.strerror}); name a CSV file with the columns"
            " student and repository"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise GraderError(f"{path} is no CSV file in UTF-8 ({error}); save it as one") from error
    if not rows:
        raise GraderError(f"{path} names no student; add a line for each below its header")
    return rows


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[Row]:
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise GraderError(
            f"{path} has no column {' and '.join(missing)}; its first line must be"
            " student,repository or student,repository,ref"
        )
    seen: dict[str, int] = {}
    for cells in reader:
        where = f"{path}, line {reader.line_num}"
        row = _row(cells, where)
        for name in (f"student {row.student.casefold()}", f"repo {row.repository.casefold()}"):
            if name in seen:
                raise GraderError(f"{where} repeats line {seen[name]}; remove one of them")
            seen[name] = reader.line_num
        yield row


def _row(cells: dict[str, str], where: str) -> Row:
    student, repository, ref = (
        (cells.get(name) or "").strip() for name in ("student", "repository", "ref")
    )
    if not _STUDENT.fullmatch(student):
        raise GraderError(f"{where}: {student!a} cannot name a student; use letters and digits")
    if not _REPOSITORY.fullmatch(repository):
        raise GraderError(f"{where}: {repository!a} is no repository; write it as owner/name")
    if ref and not _REF.fullmatch(ref):
        raise GraderError(f"{where}: {ref!a} is no branch, tag or commit; correct it")
    return Row(student, repository, ref or "HEAD")


def run(path: Path) -> int:
    """Say which repositories a token must lead to: those of the roster, and no others.

    Raises
    ------
    GraderError
        If no one token can.
    """
    rows = read_roster(path)
    owners = sorted({row.repository.partition("/")[0] for row in rows})
    if len(owners) > 1:
        raise GraderError(
            f"{path} has repositories of {' and '.join(owners[:5])}; one token leads to those"
            " of one owner: make a roster for each"
        )
    if len(rows) > _MOST:
        raise GraderError(
            f"{path} has {len(rows)} repositories, and one token leads to {_MOST};"
            " divide the roster"
        )
    names = ",".join(row.repository.partition("/")[2] for row in rows)
    outputs = {"owner": owners[0], "repositories": names}
    if not set_outputs(outputs):
        print("\n".join(f"{name}={value}" for name, value in outputs.items()))
    return 0
