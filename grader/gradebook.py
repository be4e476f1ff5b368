"""The gradebook: every grade ever given, in one SQLite file.

Rows are only ever added: the latest row of a student is the grade, the others
are its history. Each row is committed before the next submission is reported,
so a run that is killed loses at most what it was grading at that moment.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from grader.errors import GraderError
from grader.results import Grade

_VERSION: Final = 1
_SCHEMA: Final = """
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
        try:
            entries = [Entry(mark, Grade.from_json(json.loads(result))) for mark, result in rows]
        except (ValueError, KeyError, TypeError) as error:
            raise GraderError(
                f"{self._path} holds a result that cannot be read ({error}); move it away"
            ) from error
        return {entry.grade.student: entry for entry in entries}

    def _prepare(self) -> None:
        with self._explained():
            self._connection.execute("PRAGMA journal_mode = WAL")
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._connection.executescript(_SCHEMA)
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
