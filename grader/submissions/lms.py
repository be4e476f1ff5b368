"""The names that Canvas, Moodle and Brightspace give to the files they hand out.

Each is read from the platform's own source or from its downloads. Students can
choose some of what stands in a name: a file's, and on some systems their own. A
name that can be read in two ways is assigned to nobody.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from grader.course import Assignment
from grader.submissions.files import shown
from grader.submissions.members import Member
from grader.submissions.parts import Label, Part, Sorted

# Canvas takes every `_12_` out of a student's name, and puts it into lower case.
_CANVAS = re.compile(
    r"(?P<name>.*?)(?P<late>_LATE)?_(?P<user>[0-9]+)"
    r"_(?:(?P<attachment>[0-9]{1,19})_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.DOTALL,
)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<name>anon_[A-Za-z0-9]+)"
    r"_(?:(?P<attachment>[0-9]{1,19})_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.DOTALL,
)
_CANVAS_AGAIN = re.compile(r"-[0-9]+(?=\.[^.]+\Z)")  # "losses-1.py": a file sent in once more
_MOODLE = re.compile(
    r"(?P<student>[^_]+_[0-9]+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_BRIGHTSPACE = re.compile(
    r"(?P<user>[0-9]+)-[0-9]+ - (?P<name>.+?)"
    r" - (?P<day>[A-Z][a-z]+ [0-9]{1,2}, [0-9]{4}) (?P<clock>[0-9]{3,4}) (?P<half>[AP]M)"
    r"(?: - (?P<file>.+))?",
    re.DOTALL,
)
_OWN = ("index.html",)  # Brightspace adds it

_Told = tuple[Label, str] | str  # whose a file is and what they named it; or why nobody's
_Tell = Callable[[str, Collection[str]], _Told]


def canvas(members: Sequence[Member], assignment: Assignment) -> Sorted:
    """Read `<name>[_LATE]_<user>_<attachment>_<file>`."""
    return _by_name(members, assignment.files, _canvas)


def moodle(members: Sequence[Member], assignment: Assignment) -> Sorted:
    """Read `<Full Name>_<number>_assignsubmission_file/`, and the same before a file's name."""
    return _by_name(members, assignment.files, _moodle)


def brightspace(members: Sequence[Member], assignment: Assignment) -> Sorted:
    """Read `<user>-<item> - <Full Name> - <date>/`, and the same before a file's name."""
    return _by_name(members, assignment.files, _brightspace)


def _by_name(members: Sequence[Member], declared: Collection[str], tell: _Tell) -> Sorted:
    parts, unassigned = [], dict[str, None]()
    for member in members:
        name, _, below = member.name.partition("/")
        told = tell(name, declared)
        if not isinstance(told, str):
            label, file = told
            path = "/".join(filter(None, [file, below]))
            parts.append(Part(label, replace(member, name=path)))
        elif name not in _OWN:
            unassigned[f"{shown(name, 120)}{told}"] = None
    return Sorted(parts, list(unassigned))


def _canvas(top: str, declared: Collection[str]) -> _Told:
    match = _CANVAS_ANONYMOUS.fullmatch(top) or _CANVAS.fullmatch(top)
    if match is None:
        return ""
    file, user = match["file"] or match["typed"], match.groupdict().get("user")
    if user and not match["late"] and re.match("[0-9]+_", file):
        return ": its numbers can be read in two ways; rename it"
    label = Label(
        student="_".join(filter(None, [match["name"], user])),
        order=int(match["attachment"] or 0),
        notes=("late, says Canvas",) if match["late"] else (),
    )
    original = _CANVAS_AGAIN.sub("", file)
    return label, original if file not in declared and original in declared else file


def _moodle(top: str, _declared: Collection[str]) -> _Told:
    match = _MOODLE.fullmatch(top)
    if match is None:
        return ""
    # What was typed into the platform lies in a folder of its own, and is no file of theirs.
    typed = "" if match["plugin"] == "file" else match["plugin"]
    return Label(student=match["student"]), "/".join(filter(None, [typed, match["file"]]))


def _brightspace(top: str, _declared: Collection[str]) -> _Told:
    match = _BRIGHTSPACE.fullmatch(top)
    if match is None:
        return ""
    submitted = _brightspace_time(match)
    if submitted is None:
        return ": the date in it is none; rename it"
    label = Label(
        student=f"{match['name']}_{match['user']}",
        attempt=submitted.replace(tzinfo=UTC).timestamp(),
        submitted=submitted,
    )
    return label, match["file"] or ""


def _brightspace_time(match: re.Match[str]) -> datetime | None:
    # Without the zero, 105 PM would be read as five past ten.
    text = f"{match['day']} {match['clock']:0>4} {match['half']}"
    for month in ("%b", "%B"):
        try:
            return datetime.strptime(text, f"{month} %d, %Y %I%M %p")
        except ValueError:
            continue
    return None
