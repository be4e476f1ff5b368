"""Recognise a wrong answer as one that a known mistake gives.

`grader verify` runs every mutant once and keeps the fingerprints of its wrong
answers in `fingerprints.json`, beside the hint that an author wrote for it. When
a test fails in a grade, or in a student's own run, equal fingerprints mean the
same mistake.

The tests draw their random inputs from a seed, so there is a table for each of
two: the seed of grades, which follows from the assignment's files, and the seed of
practice. A table can therefore not be used with tests that have changed since.
Students receive the table of practice for the public tests, and nothing else.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from grader.errors import GraderError
from grader.results import Grade, Outcome, Result

FINGERPRINTS: Final = "fingerprints.json"
PRACTICE_SEED: Final = 0

_SCHEMA: Final = "deltagrade/fingerprints/v1"

Table = Mapping[str, Mapping[str, Sequence[str]]]  # test → fingerprint → names of mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconceptions:
    """The known mistakes of an assignment, and how to recognise them."""

    assignment_sha256: str = ""  # of the assignment in which they were tried
    hints: Mapping[str, str] = field(default_factory=dict)  # by the mistake's name
    tables: Mapping[int, Table] = field(default_factory=dict)  # by seed

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read an assignment's file; without one, nothing is known.

        Raises
        ------
        GraderError
            If the file is damaged.
        """
        path = folder / FINGERPRINTS
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                assignment_sha256=content["assignment_sha256"],
                hints=content["hints"],
                tables={int(seed): table for seed, table in content["tables"].items()},
            )
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise GraderError(
                f"{path} cannot be read ({error}); get it again, or delete it to go without hints"
            ) from error

    def to_text(self) -> str:
        """Return the file's content."""
        tables = {str(seed): table for seed, table in self.tables.items()}
        content: dict[str, Any] = {
            "schema": _SCHEMA,
            "assignment_sha256": self.assignment_sha256,
            "hints": self.hints,
            "tables": tables,
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    def for_practice(self) -> Self:
        """Return what students may have: the table of practice, and the hints it needs."""
        table = self.tables.get(PRACTICE_SEED, {})
        named = {name for answers in table.values() for names in answers.values() for name in names}
        hints = {name: hint for name, hint in self.hints.items() if name in named}
        return replace(self, hints=hints, tables={PRACTICE_SEED: table})

    def recognise(self, results: Sequence[Result], seed: int) -> tuple[Result, ...]:
        """Put the name and the hint of a known mistake into each result that shows one.

        Two mistakes can give one answer, and an unknown one can hit it by chance: 3 x
        is x squared if x is 3. So the other tests are heard as well. A test speaks for
        a mistake by the same answer, and against it by another one, or by having been
        passed. More of the task's tests must speak for the mistake than against it,
        and all tests together more clearly than for any other.
        """
        table = self.tables.get(seed, {})
        in_task: Counter[tuple[str, str]] = Counter()
        in_all: Counter[str] = Counter()
        for result in results:
            if result.fingerprint or result.outcome is Outcome.PASSED:
                for answer, names in table.get(result.test, {}).items():
                    vote = 1 if answer == result.fingerprint else -1
                    for name in names:
                        in_task[result.task, name] += vote
                        in_all[name] += vote

        def recognised(result: Result) -> Result:
            if result.outcome is not Outcome.FAILED:
                return result
            names = table.get(result.test, {}).get(result.fingerprint, ())
            likely = [name for name in names if in_task[result.task, name] > 0]
            most = max((in_all[name] for name in likely), default=0)
            best = [name for name in likely if in_all[name] == most]
            if len(best) != 1:
                return result
            return replace(result, misconception=best[0], hint=self.hints[best[0]])

        return tuple(map(recognised, results))


def tabulate_answers(runs: Mapping[str, Iterable[Result]]) -> Table:
    """Return the table of the wrong answers that mistakes, by name, gave under one seed."""
    table: dict[str, dict[str, list[str]]] = {}
    for name, results in runs.items():
        for result in results:
            if result.fingerprint:
                answers = table.setdefault(result.test, {})
                answers.setdefault(result.fingerprint, []).append(name)
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A known mistake, and who made it."""

    task: str
    name: str
    hint: str
    students: tuple[str, ...]


def count_misconceptions(grades: Iterable[Grade]) -> tuple[Occurrence, ...]:
    """Return which known mistakes a class made, the most common first.

    A mistake counts in the task where most of its tests failed.
    """
    found: dict[str, dict[str, Counter[str]]] = {}  # name → student → tests failed in each task
    hints: dict[str, str] = {}
    for grade in grades:
        for result in grade.results:
            if result.misconception:
                tasks = found.setdefault(result.misconception, {}).setdefault(
                    grade.student, Counter()
                )
                tasks[result.task] += 1
                hints[result.misconception] = result.hint
    occurrences = [
        Occurrence(
            task=sum(students.values(), Counter()).most_common(1)[0][0],
            name=name,
            hint=hints[name],
            students=tuple(sorted(students)),
        )
        for name, students in found.items()
    ]
    return tuple(sorted(occurrences, key=lambda o: (-len(o.students), o.task, o.name)))
