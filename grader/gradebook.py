"""The gradebook: every grade ever given, and every decision about one, in one SQLite file.

Rows are only ever added: the latest row of a student is the grade, the others
are its history. A decision is a row of its own, with who made it, when and why;
so a new grade leaves it as it is. Each row is committed before the next submission is reported,
so a run that is killed loses at most what it was grading at that moment.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from grader.errors import GraderError
from grader.results import Grade

_VERSION: Final = 2
_CHANGES: Final = """
BEGIN;
CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    student TEXT NOT NULL,
    kind TEXT NOT NULL,          -- override, comment or extension
    value TEXT NOT NULL,         -- empty: the one before is taken back
    author TEXT NOT NULL,
    made_at TEXT NOT NULL,       -- UTC, ISO 8601
    reason TEXT NOT NULL
);
CREATE INDEX changes_of ON changes (assignment, student, id);
PRAGMA user_version = 2;
COMMIT;
"""
_GRADES: Final = """
BEGIN;
CREATE TABLE grades (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    student TEXT NOT NULL,
    fingerprint TEXT NOT NULL,   -- of everything that decides the grade
    status TEXT NOT NULL,
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    graded_at TEXT NOT NULL,
    result TEXT NOT NULL         -- JSON, schema deltagrade/result/v1
);
CREATE INDEX latest ON grades (assignment, student, id);
PRAGMA user_version = 1;
COMMIT;
"""


class Kind(StrEnum):
    """What a decision is about."""

    OVERRIDE = "override"  # the score, in points
    COMMENT = "comment"  # a text for the student
    EXTENSION = "extension"  # the student's own due date, ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One decision of an instructor."""

    assignment: str
    student: str
    kind: Kind
    value: str  # "" takes back what was decided before
    author: str
    made_at: str  # UTC, ISO 8601
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A grade, and the fingerprint of what it was given for."""

    fingerprint: str
    grade: Grade


class Gradebook:
    """An open gradebook; use it from one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            self._connection = sqlite3.connect(path, timeout=30.0)
        try:
            self._prepare()
        except GraderError:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def record(self, grade: Grade, fingerprint: str) -> None:
        """Add a grade, durably."""
        row = (
            grade.assignment, grade.student, fingerprint, grade.status, grade.score,
            grade.max_score, grade.graded_at, json.dumps(grade.to_json()),
        )  # fmt: skip
        with self._explained(), self._connection:
            self._connection.execute(
                "INSERT INTO grades (assignment, student, fingerprint, status, score, max_score,"
                " graded_at, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def latest(self, assignment: str) -> dict[str, Entry]:
        """Return the current grade of each student."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT fingerprint, result FROM grades WHERE id IN"
                " (SELECT MAX(id) FROM grades WHERE assignment = ? GROUP BY student)",
                (assignment,),
            ).fetchall()
        entries = [self._entry(mark, result) for mark, result in rows]
        return {entry.grade.student: entry for entry in entries}

    def grades(self, assignment: str, student: str) -> list[Grade]:
        """Return every grade that a student ever got, the oldest first."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT fingerprint, result FROM grades WHERE assignment = ? AND student = ?"
                " ORDER BY id",
                (assignment, student),
            ).fetchall()
        return [self._entry(mark, result).grade for mark, result in rows]

    def change(self, change: Change) -> None:
        """Add a decision, durably."""
        with self._explained(), self._connection:
            self._connection.execute(
                "INSERT INTO changes (assignment, student, kind, value, author, made_at, reason)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                astuple(change),
            )

    def changes(self, assignment: str) -> list[Change]:
        """Return every decision about an assignment, the oldest first."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT assignment, student, kind, value, author, made_at, reason FROM changes"
                " WHERE assignment = ? ORDER BY id",
                (assignment,),
            ).fetchall()
        return [
            Change(
                assignment=of, student=student, kind=Kind(kind), value=value, author=author,
                made_at=made_at, reason=reason,
            )
            for of, student, kind, value, author, made_at, reason in rows
        ]  # fmt: skip

    def assignments(self) -> list[str]:
        """Return the assignments that there are grades of."""
        with self._explained():
            rows = self._connection.execute("SELECT DISTINCT assignment FROM grades").fetchall()
        return sorted(name for (name,) in rows)

    def _entry(self, mark: str, result: str) -> Entry:
        try:
            return Entry(mark, Grade.from_json(json.loads(result)))
        except (ValueError, KeyError, TypeError) as error:
            raise GraderError(
                f"{self._path} holds a result that cannot be read ({error}); move it away"
            ) from error

    def _prepare(self) -> None:
        with self._explained():
            self._connection.execute("PRAGMA journal_mode = WAL")
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._connection.executescript(_GRADES)
            if version < _VERSION:  # version 1 knew no decisions
                self._connection.executescript(_CHANGES)
            elif version != _VERSION:
                raise GraderError(f"{self._path} was written by another version of the grader")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn SQLite's errors into a sentence; what was committed before is safe."""
        try:
            yield
        except sqlite3.Error as error:
            raise GraderError(
                f"cannot use {self._path} ({error}); make room or move the file away,"
                " and run the same command again: grades already recorded are kept"
            ) from error
