"""From the score that the tests gave to the score that counts.

Two things come between: lateness, and what an instructor decided. A decision is
about the total, and is the last word: it survives a regrade, and no penalty is
taken off it.

The sentences made here are for the student. Why a decision was made is not in
them: that stays in the gradebook.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from grader.gradebook import Change, Kind
from grader.late import LatePolicy
from grader.results import Grade, Status, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What instructors decided about one student."""

    override: float | None = None
    extension: datetime | None = None
    comment: str = ""


def decisions_of(changes: Iterable[Change]) -> defaultdict[str, Decisions]:
    """Return what is decided about each student: of every kind the latest."""
    found: defaultdict[str, Decisions] = defaultdict(Decisions)
    for change in changes:
        found[change.student] = _with(found[change.student], change.kind, change.value)
    return found


def _with(decisions: Decisions, kind: Kind, value: str) -> Decisions:
    if kind is Kind.OVERRIDE:
        return replace(decisions, override=float(value) if value else None)
    if kind is Kind.EXTENSION:
        until = datetime.fromisoformat(value) if value else None
        return replace(decisions, extension=until)
    return replace(decisions, comment=value)


def adjusted(grade: Grade, policy: LatePolicy | None, decisions: Decisions) -> Grade:
    """Return the grade with what changes its score, and sentences that say so."""
    change, sentences = 0.0, list[str]()
    if policy and grade.status is not Status.BROKEN and decisions.override is None:
        share, sentence = _late(grade, policy, decisions.extension)
        change = -min(grade.score, total([share * grade.max_score]))
        sentences += [sentence] if sentence else []
    if decisions.override is not None:
        change = total([decisions.override, -grade.score])
        sentences.append(f"your instructor set the score to {decisions.override:g} points")
    if decisions.comment:
        sentences.append(f"your instructor says: {decisions.comment}")
    return replace(grade, adjustment=change, adjustments=tuple(sentences))


def unadjusted(grade: Grade) -> Grade:
    """Return the grade as the tests gave it."""
    return replace(grade, adjustment=0.0, adjustments=())


def _late(grade: Grade, policy: LatePolicy, extension: datetime | None) -> tuple[float, str]:
    """Return the share of all points that lateness costs, and a sentence about it."""
    if not grade.submitted_at:
        return 0.0, "it is not known when this was handed in, so nothing is taken off for lateness"
    lateness = policy.lateness(datetime.fromisoformat(grade.submitted_at), extension)
    if lateness <= timedelta(0):
        return 0.0, ""
    share = policy.share(lateness)
    if not share:
        return 0.0, f"handed in {_words(lateness)} late, for which nothing is taken off"
    off = f"{share * grade.max_score:g} of {grade.max_score:g} points are taken off"
    return share, f"handed in {_words(lateness)} late: {off}"


def _words(lateness: timedelta) -> str:
    return " ".join(_units(lateness)) or "less than a minute"


def _units(lateness: timedelta) -> Iterator[str]:
    minutes = int(lateness.total_seconds()) // 60
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        count, minutes = divmod(minutes, size)
        if count:
            yield f"{count} {unit}" if count == 1 else f"{count} {unit}s"
