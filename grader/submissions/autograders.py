"""The folders that Gradescope and nbgrader hand out: who is who stands in a file beside them.

Trust: Gradescope writes its file itself, from names that students may choose.
nbgrader's timestamp.txt is written by the student's own account.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from grader.course import Assignment
from grader.errors import GraderError, SubmissionRejectedError
from grader.submissions.files import shown
from grader.submissions.members import Kind, Member, read
from grader.submissions.parts import Label, Part, Sorted
from grader.submissions.times import parse_moment

METADATA = "submission_metadata.yml"
TIMESTAMP = "timestamp.txt"
_MAX_METADATA = 200_000_000  # it repeats the results of every attempt
_MAX_TIMESTAMP = 1000
# Ruby writes these lines so, and everything that a student wrote further to the right.
_SUBMISSION = re.compile(r"['\"]?(submission_[0-9]{1,19})['\"]?:\s*")
_SECTION = re.compile(r"  :(\w+):(?: (.*))?")
_SUBMITTER = re.compile(r"  (- |  ):(name|sid|email):(?: (.*))?")


@dataclass(slots=True)
class _Handed:
    """What the metadata say about one submission."""

    submitters: list[dict[str, str]] = field(default_factory=list)
    submitted: datetime | None = None


def gradescope(members: Sequence[Member], _assignment: Assignment) -> Sorted:
    """Read `submission_<number>/` by what submission_metadata.yml says about it."""
    metadata = next((member for member in members if member.name == METADATA), None)
    if metadata is None:
        return Sorted([], list(dict.fromkeys(shown(m.name.partition("/")[0]) for m in members)))
    known = _read_metadata(read(metadata, _MAX_METADATA).decode("utf-8", "replace"))
    parts, unassigned = [], dict[str, None]()
    for member in members:
        top, _, below = member.name.partition("/")
        handed = known.get(top)
        students = _students(handed) if handed else []
        if not students and top != METADATA:
            unassigned[f"{shown(top)}: {METADATA} does not say whose it is"] = None
        for student in students:
            submitted = handed.submitted if handed else None
            number = int(top.rpartition("_")[2])
            label = Label(
                student=student,
                attempt=submitted.timestamp() if submitted else number,
                submitted=submitted,
            )
            parts.append(Part(label, replace(member, name=below)))
    return Sorted(parts, list(unassigned))


def _students(handed: _Handed) -> list[str]:
    """Return who handed it in: by e-mail address, which Gradescope demands of everybody."""
    named = (who.get("email") or who.get("sid") or who.get("name") for who in handed.submitters)
    return [student for student in named if student]


def _read_metadata(text: str) -> dict[str, _Handed]:
    known: dict[str, _Handed] = {}
    handed, section = _Handed(), ""
    for line in text.split("\n"):
        if start := _SUBMISSION.fullmatch(line):
            handed, section = known.setdefault(start[1], _Handed()), ""
        elif key := _SECTION.fullmatch(line):
            section = key[1]
            if section == "created_at":
                handed.submitted = _with_zone(parse_moment(_scalar(key[2] or "")))
        elif section == "submitters" and (who := _SUBMITTER.fullmatch(line)):
            if who[1] == "- ":
                handed.submitters.append({})
            if handed.submitters:
                handed.submitters[-1][who[2]] = _scalar(who[3] or "")
    return known


def _with_zone(moment: datetime | None) -> datetime | None:
    """Gradescope writes times in UTC; without a zone we would read another platform's."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _scalar(text: str) -> str:
    """Return what a YAML scalar on one line says; "" if it is anything else."""
    text = text.strip()
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text.startswith('"'):
        try:
            value = json.loads(text)
        except ValueError:
            return ""
        return value if isinstance(value, str) else ""
    return "" if text.startswith(("|", ">", "!", "&", "*", "[", "{")) else text


def nbgrader(members: Sequence[Member], assignment: Assignment) -> Sorted:
    """Read `<student>/<assignment>/` and its timestamp.txt, of a whole course or below it.

    Raises
    ------
    GraderError
        If there are several assignments, and none of them has the name of ours.
    """
    inside = [m for m in members if m.name.startswith("submitted/")]
    below = [replace(m, name=m.name.partition("/")[2]) for m in inside] or list(members)
    tree: defaultdict[str, list[tuple[str, Member]]] = defaultdict(list)  # by assignment
    unassigned = dict[str, None]()
    for member in below:
        student, _, rest = member.name.partition("/")
        name, _, file = rest.partition("/")
        if name and (file or member.kind is Kind.FOLDER):
            tree[name].append((student, replace(member, name=file)))
        elif member.kind is not Kind.FOLDER:
            unassigned[f"{shown(member.name)}: nbgrader has <student>/<assignment>/<file>"] = None
    theirs = tree.get(_choose(list(tree), assignment), [])
    return Sorted(list(_timed(theirs)), list(unassigned))


def _choose(names: list[str], assignment: Assignment) -> str:
    if assignment.id in names or not names:
        return assignment.id
    if len(names) > 1:
        listed = ", ".join(sorted(map(shown, names))[:5])
        raise GraderError(
            f"the download holds several assignments ({listed}), none of them {assignment.id};"
            f" rename its folders to {assignment.id}, or keep only one assignment"
        )
    return names[0]


def _timed(theirs: list[tuple[str, Member]]) -> Iterator[Part]:
    """Give each file the time that stands beside it."""
    times = {student: member for student, member in theirs if member.name == TIMESTAMP}
    labels = {student: _nbgrader_label(student, times.get(student)) for student, _ in theirs}
    for student, member in theirs:
        if member.name != TIMESTAMP:
            yield Part(labels[student], member)


def _nbgrader_label(student: str, timestamp: Member | None) -> Label:
    if timestamp is None:
        return Label(student=student)
    try:
        text = read(timestamp, _MAX_TIMESTAMP).decode("utf-8", "replace")
    except SubmissionRejectedError:
        text = ""
    submitted = parse_moment(text)
    # nbgrader takes a time without a zone for UTC.
    submitted = submitted.replace(tzinfo=submitted.tzinfo or UTC) if submitted else None
    notes = () if submitted else (f"{TIMESTAMP} is not understood",)
    return Label(student=student, submitted=submitted, notes=notes)
