"""`grader gradebook`: look at the grades of a class, and decide about one of them.

A decision never replaces anything. It is a new row in the gradebook, with who made
it, when and why, and the files of results are written again to say what it changes.
"""

import getpass
import json
import math
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from grader.course import Assignment, find_course, find_reference
from grader.errors import GraderError
from grader.exports.reading import read_class
from grader.exports.texts import number, one_line
from grader.gradebook import Change, Gradebook, Kind
from grader.output import open_output
from grader.results import Grade
from grader.submissions.times import parse_moment
from grader.tables import suggest

_SCHEMA: Final = "deltagrade/gradebook/v1"
_FILE: Final = "gradebook.db"


def show(out: Path, student: str, *, as_json: bool) -> int:
    """Print what counts now, and the decisions behind it; of everybody if `student` is ""."""
    grades = _chosen(read_class(out), student, out)
    with _opened(out) as gradebook:
        standing = _standing(gradebook.changes(_assignment_in(gradebook, out)))
    if as_json:
        print(json.dumps({"schema": _SCHEMA, "students": [_shown(g, standing) for g in grades]}))
        return 0
    width = max(len("student"), *(len(grade.student) for grade in grades))
    print(f"{'student':<{width}}   score   final  handed in")
    for grade in grades:
        submitted = grade.submitted_at or "not known"
        scores = f"{grade.score:6.1f}  {grade.final_score:6.1f}"
        print(f"{grade.student:<{width}}  {scores}  {submitted}")
        for sentence in grade.adjustments:
            print(f"{'':<{width}}  {one_line(sentence)}")
        for change in standing.get(grade.student, {}).values():
            print(f"{'':<{width}}  {_line(change)}")
    return 0


def history(out: Path, student: str, *, as_json: bool) -> int:
    """Print every grade and every decision, the oldest first; of everybody if `student` is ""."""
    with _opened(out) as gradebook:
        assignment = _assignment_in(gradebook, out)
        known = {name: entry.grade for name, entry in gradebook.latest(assignment).items()}
        names = [grade.student for grade in _chosen(known, student, out)]
        grades = [grade for name in names for grade in gradebook.grades(assignment, name)]
        changes = [c for c in gradebook.changes(assignment) if c.student in names]
    events = [(grade.graded_at, _graded(grade), _grade_line(grade)) for grade in grades]
    events += [(change.made_at, asdict(change), _line(change)) for change in changes]
    events.sort(key=lambda event: event[0])  # of one second, grades come first
    if as_json:
        print(json.dumps({"schema": _SCHEMA, "events": [event for _, event, _ in events]}))
        return 0
    width = max(len(name) for name in names)
    for when, event, line in events:
        print(f"{when}  {event['student']:<{width}}  {line}")
    return 0


def decide(
    out: Path, student: str, kind: Kind, value: str, *, reason: str, author: str, as_json: bool
) -> int:
    """Record a decision, and write the results again; an empty value takes one back.

    Raises
    ------
    GraderError
        If there is no such student, or the value or the reason is none.
    """
    with _opened(out) as gradebook:
        name = _assignment_in(gradebook, out)
        known = {name: entry.grade for name, entry in gradebook.latest(name).items()}
    (grade,) = _chosen(known, student, out)
    assignment = find_reference(name, find_course())
    if not reason.strip():
        raise GraderError("a decision needs a --reason; it stays in the gradebook")
    change = Change(
        assignment=name,
        student=student,
        kind=kind,
        value=_CHECKS[kind](value, grade, assignment) if value else "",
        author=author or _user(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=reason,
    )
    with open_output(out, assignment) as output:
        now = output.decide(change)
    if as_json:
        print(json.dumps({"schema": _SCHEMA, "change": asdict(change), "now": _graded(now)}))
    else:
        print(f"{student}: {number(now.final_score)} of {number(now.max_score)} points count now")
    return 0


def _opened(out: Path) -> Gradebook:
    if not (out / _FILE).is_file():
        raise GraderError(f"no {_FILE} in {out}; name a folder that `grader grade` wrote")
    return Gradebook(out / _FILE)


def _assignment_in(gradebook: Gradebook, out: Path) -> str:
    assignments = gradebook.assignments()
    if len(assignments) != 1:
        listed = " and ".join(map(one_line, assignments)) or "nothing"
        raise GraderError(f"{out / _FILE} holds grades of {listed}; it must be of one assignment")
    return assignments[0]


def _chosen(grades: dict[str, Grade], student: str, out: Path) -> list[Grade]:
    if student and student not in grades:
        raise GraderError(f"{out} has no grade of {student!r}{suggest(student, grades)}")
    return [grades[student]] if student else [grade for _, grade in sorted(grades.items())]


def _standing(changes: list[Change]) -> dict[str, dict[Kind, Change]]:
    """Return the decisions in force, by student: of every kind the latest."""
    found: dict[str, dict[Kind, Change]] = {}
    for change in changes:
        found.setdefault(change.student, {})[change.kind] = change
    return {
        student: {kind: change for kind, change in kinds.items() if change.value}
        for student, kinds in found.items()
    }


def _shown(grade: Grade, standing: dict[str, dict[Kind, Change]]) -> dict[str, Any]:
    decisions = standing.get(grade.student, {}).values()
    return {**_graded(grade), "decisions": [asdict(change) for change in decisions]}


def _graded(grade: Grade) -> dict[str, Any]:
    """Return a grade without its tests."""
    return {key: value for key, value in grade.to_json().items() if key not in ("tests", "tasks")}


def _grade_line(grade: Grade) -> str:
    return f"{grade.status}: {number(grade.score)} of {number(grade.max_score)} points"


def _line(change: Change) -> str:
    value = one_line(change.value) or "taken back"
    return f"{change.kind}: {value}; by {one_line(change.author)}: {one_line(change.reason)}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise GraderError("who decides is not known on this machine; say --by NAME") from error


def _check_override(value: str, grade: Grade, _assignment: Assignment) -> str:
    try:
        points = float(value)
    except ValueError:
        points = math.nan
    if not 0 <= points <= grade.max_score:
        raise GraderError(f"{value!r} is no score from 0 to {number(grade.max_score)} points")
    return repr(points)


def _check_extension(value: str, _grade: Grade, assignment: Assignment) -> str:
    if assignment.late is None:
        raise GraderError(
            f"{assignment.folder / 'assignment.toml'} has no [late], so there is no due date to"
            " extend; add it, or leave the extension out"
        )
    until = parse_moment(value)
    if until is None:
        raise GraderError(f"{value!r} is no time such as 2026-12-03T23:59+01:00")
    return until.isoformat()


def _check_comment(value: str, _grade: Grade, _assignment: Assignment) -> str:
    return one_line(value, longest=2000)


_CHECKS: Final[dict[Kind, Callable[[str, Grade, Assignment], str]]] = {
    Kind.OVERRIDE: _check_override,
    Kind.EXTENSION: _check_extension,
    Kind.COMMENT: _check_comment,
}
