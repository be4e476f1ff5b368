"""Put the parts of a class together that `grader grade --shard` graded.

Merging may be repeated: what is already there and unchanged is left alone, so a part
that came late is merged by running the same command again.

Trust: a part's folder comes from a machine that ran students' code. Of it only the
description and the result files are read, each checked; pages, tables and the gradebook
are made anew.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.adjustments import unadjusted
from grader.classroom import ClassReport
from grader.course import Assignment, find_reference
from grader.errors import GraderError
from grader.exports.reading import read_class
from grader.exports.texts import one_line
from grader.output import Output, open_output
from grader.provenance import Terms
from grader.results import Grade, total
from grader.shards import Manifest, Shard, described

_HERE = ("assignment_sha256", "hints_sha256", "grader_sha256")  # must be those of this machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of merging."""

    report: ClassReport
    missing: tuple[Shard, ...]


def merge(parts: Sequence[Path], out: Path, course: Path) -> Merged:
    """Merge the folders of several parts into `out`.

    Parameters
    ----------
    course : Path
        Where the assignment's reference is.

    Raises
    ------
    GraderError
        If the parts do not belong together, or one cannot be read.
    """
    began = time.monotonic()
    manifests = {part: Manifest.read(part) for part in parts}
    _demand_one_class(manifests)
    first = next(iter(manifests.values()))
    assignment = find_reference(first.terms.get("assignment", ""), course)
    _demand_same_here(first, Terms.of(assignment, first.terms.get("dataset", "")))
    entries = dict(_entries(manifests, assignment))
    with open_output(out, assignment) as output:
        grades, cached = _record(output, entries)
        output.write_class(grades)
    there = {manifest.shard.index for manifest in manifests.values()}
    count = first.shard.count
    return Merged(
        report=ClassReport(
            assignment=assignment.id,
            grades=grades,
            graded=len(entries) - cached,
            cached=cached,
            ignored=(),
            seconds=time.monotonic() - began,
        ),
        missing=tuple(Shard(index, count) for index in range(1, count + 1) if index not in there),
    )


def _demand_one_class(manifests: Mapping[Path, Manifest]) -> None:
    (first, reference), *others = manifests.items()
    seen = {reference.shard.index: first}
    for part, manifest in others:
        for name in reference.terms.keys() | manifest.terms.keys():
            ours, theirs = reference.terms.get(name), manifest.terms.get(name)
            if ours != theirs:
                raise GraderError(
                    f"{first} and {part} were not graded alike: {one_line(name)} is"
                    f" {one_line(str(ours), 20)} and {one_line(str(theirs), 20)};"
                    " grade one of them again"
                )
        if manifest.shard.count != reference.shard.count:
            raise GraderError(
                f"{first} is part {reference.shard} and {part} is part {manifest.shard};"
                " merge parts of one division"
            )
        if other := seen.get(manifest.shard.index):
            raise GraderError(f"{other} and {part} are both part {manifest.shard}; leave one out")
        seen[manifest.shard.index] = part


def _demand_same_here(manifest: Manifest, terms: Terms) -> None:
    here = described(terms)
    for name in _HERE:
        if manifest.terms.get(name) != here[name]:
            raise GraderError(
                f"the parts were graded with another {name.removesuffix('_sha256')} than the one"
                " here; merge them where they were graded, or grade them again"
            )


def _entries(
    manifests: Mapping[Path, Manifest], assignment: Assignment
) -> Iterator[tuple[str, tuple[Grade, str]]]:
    """Yield each student's grade and its fingerprint."""
    seen: dict[str, Path] = {}
    for part, manifest in manifests.items():
        grades = read_class(part) if manifest.fingerprints else {}
        if grades.keys() != manifest.fingerprints.keys():
            odd = sorted(grades.keys() ^ manifest.fingerprints.keys())[0]
            raise GraderError(
                f"{part} has no result of {one_line(odd)}, or one too many;"
                f" grade part {manifest.shard} again"
            )
        for student, grade in grades.items():
            if student in seen:
                raise GraderError(
                    f"{one_line(student)} is in {seen[student]} and in {part};"
                    " merge parts of one class"
                )
            seen[student] = part
            _demand_points(grade, assignment, part)
            yield student, (unadjusted(grade), manifest.fingerprints[student])


def _demand_points(grade: Grade, assignment: Assignment, part: Path) -> None:
    """Refuse a result that no grader gives: of another assignment, or out of other points."""
    points = {task.name: task.points for task in assignment.tasks}
    theirs = {task.task: task.points for task in grade.tasks}
    if (
        grade.assignment != assignment.id
        or grade.max_score != total(points.values())
        or (grade.results and theirs != points)
    ):
        raise GraderError(
            f"{part} holds a result of {one_line(grade.student)} that is none of"
            f" {assignment.id}; grade it again"
        )


def _record(
    output: Output, entries: Mapping[str, tuple[Grade, str]]
) -> tuple[tuple[Grade, ...], int]:
    """Record what is new; return all grades, and how many were there already."""
    known = output.known()
    grades, cached = [], 0
    for student, (grade, mark) in sorted(entries.items()):
        previous = known.get(student)
        if previous and (previous.fingerprint, previous.grade.to_json()) == (mark, grade.to_json()):
            grades.append(output.write(grade))
            cached += 1
        else:
            grades.append(output.record(grade, mark))
    return tuple(grades), cached
