"""Read a TOML file that a person wrote, strictly.

A table is read key by key, and must then hold no other key: a misspelt key is
an error that says so, where a forgiving reader would use a default.
"""

import difflib
import math
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from grader.errors import GraderError


def read_table(path: Path) -> "Table":
    """Read a whole TOML file."""
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), str(path))
    except OSError as error:
        raise GraderError(
            f"cannot read {path} ({error.strerror}); name a folder that holds {path.name}"
        ) from error
    except (ValueError, RecursionError) as error:  # bad TOML, or bad UTF-8
        raise GraderError(f"{path} is not valid TOML ({error}); correct it there") from error


class Table:
    """A TOML table that is read key by key, and then holds no other key."""

    def __init__(self, values: dict[str, object], where: str) -> None:
        self._values = dict(values)
        self._where = where
        self._read: list[str] = []

    def text(self, key: str, *, blank: bool = False) -> str:
        """Return a text that is not empty, unless it may be `blank`."""
        value = self._take(key)
        if not isinstance(value, str) or not (blank or value.strip()):
            raise self._wrong(key, "a text")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts; it may be empty."""
        value = self._take(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) and v for v in value):
            raise self._wrong(key, "a list of texts")
        return tuple(value)

    def number(self, key: str) -> float:
        """Return a finite number that is not negative."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(key, "a number")
        if not 0 <= value < math.inf:
            raise self._wrong(key, "0 or more")
        return value

    def positive(self, key: str) -> float:
        """Return a finite number above 0."""
        value = self.number(key)
        if value == 0:
            raise self._wrong(key, "more than 0")
        return value

    def integer(self, key: str) -> int:
        """Return a whole number above 0."""
        value = self.positive(key)
        if not isinstance(value, int):
            raise self._wrong(key, "a whole number")
        return value

    def moment(self, key: str) -> datetime | None:
        """Return a point in time, of which the time zone is known; None if there is none."""
        if key not in self._values:
            self._read.append(key)
            return None
        value = self._take(key)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self._wrong(key, "a time with its zone, such as 2026-12-01T23:59:00Z")
        return value

    def optional_table(self, key: str) -> "Table | None":
        """Return a table within this one, if there is one of that name."""
        self._read.append(key)
        return self.table(key) if key in self._values else None

    def table(self, key: str) -> "Table":
        """Return a table within this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self._wrong(key, f"a table [{key}]")
        return Table(value, f"{self._where}: [{key}]")

    def tables(self, key: str, *, optional: bool = False) -> "Iterator[Table]":
        """Yield each table of a list; there must be at least one, unless it is optional."""
        if optional and key not in self._values:
            self._read.append(key)
            return
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value) or not value:
            raise self._wrong(key, f"tables [[{key}]]")
        for position, table in enumerate(value, start=1):
            yield Table(table, f"{self._where}: [[{key}]] {position}")

    def close(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self._values:
            if key not in self._read:
                raise GraderError(
                    f"{self._where}: unknown key {key!r}{suggest(key, self._read) or '; remove it'}"
                )

    def _take(self, key: str, default: object = None) -> object:
        self._read.append(key)
        value = self._values.get(key, default)
        if value is None:
            near = difflib.get_close_matches(key, self._values, n=1)
            remedy = f"rename {near[0]!r}" if near else "add it"
            raise GraderError(f"{self._where}: {key!r} is missing; {remedy}")
        return value

    def _wrong(self, key: str, wanted: str) -> GraderError:
        return GraderError(f"{self._where}: {key!r} must be {wanted}; it is {self._values[key]!r}")


def suggest(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?", or nothing when no known name is close."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.45)
    return f"; did you mean {close[0]!r}?" if close else ""
