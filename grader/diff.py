"""`grader diff`: whose grade changed between two runs, by how much, and because of which test."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from grader.exports.reading import read_class
from grader.exports.texts import number, one_line
from grader.results import Grade, Result, total

_SCHEMA: Final = "deltagrade/diff/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestChange:
    """One test that gave another score."""

    __test__ = False  # pytest must not collect it

    test: str
    task: str
    title: str
    before: str  # its outcome; "" where it did not exist
    after: str
    points: float  # gained; below 0 if lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One student whose grade differs."""

    student: str
    before: float | None  # the score that counted; None where there was no grade
    after: float | None
    adjustment: float  # gained by a change of lateness or of a decision
    tests: tuple[TestChange, ...]

    @property
    def points(self) -> float:
        """The points gained."""
        return total([self.after or 0.0, -(self.before or 0.0)])


def compare(before: Path, after: Path) -> list[Difference]:
    """Return the students whose grades differ in two folders of results, sorted.

    Raises
    ------
    GraderError
        If one of the folders cannot be read.
    """
    old, new = read_class(before), read_class(after)
    found = (_compare(name, old.get(name), new.get(name)) for name in sorted(old | new))
    return [difference for difference in found if difference is not None]


def diff(before: Path, after: Path, *, as_json: bool) -> int:
    """Print the differences; return 1 if there are any."""
    differences = compare(before, after)
    if as_json:
        print(json.dumps({"schema": _SCHEMA, "differences": [_entry(d) for d in differences]}))
    else:
        for difference in differences:
            print("\n".join(_lines(difference)))
        count = len(differences)
        noun = "grade differs" if count == 1 else "grades differ"
        print(f"{count or 'no'} {noun} between {before} and {after}")
    return 1 if differences else 0


def _compare(student: str, old: Grade | None, new: Grade | None) -> Difference | None:
    tests = tuple(_changed_tests(old, new)) if old and new else ()
    adjustment = total([new.adjustment, -old.adjustment]) if old and new else 0.0
    scores = [grade.final_score if grade else None for grade in (old, new)]
    if not tests and not adjustment and scores[0] == scores[1]:
        return None
    return Difference(
        student=student, before=scores[0], after=scores[1], adjustment=adjustment, tests=tests
    )


def _changed_tests(old: Grade, new: Grade) -> Iterator[TestChange]:
    before = {result.test: result for result in old.results}
    after = {result.test: result for result in new.results}
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        points = total([_score(now), -_score(was)])
        either = now or was
        if points and either:
            yield TestChange(
                test=name,
                task=either.task,
                title=either.title,
                before=was.outcome if was else "",
                after=now.outcome if now else "",
                points=points,
            )


def _score(result: Result | None) -> float:
    return result.score if result else 0.0


def _entry(difference: Difference) -> dict[str, Any]:
    return {**asdict(difference), "points": difference.points}


def _lines(difference: Difference) -> Iterator[str]:
    scores = [
        "no grade" if score is None else number(score)
        for score in (difference.before, difference.after)
    ]
    yield f"{one_line(difference.student)}: {' → '.join(scores)} ({difference.points:+g})"
    for test in difference.tests:
        outcomes = f"{test.before or 'no such test'} → {test.after or 'no such test'}"
        name = one_line(test.test.rpartition("::")[2])
        what = f"{one_line(test.task)}: {one_line(test.title)}"
        yield f"  {test.points:+6g}  {what}  ({name}: {outcomes})"
    if difference.adjustment:
        yield f"  {difference.adjustment:+6g}  lateness, or a decision in the gradebook"
