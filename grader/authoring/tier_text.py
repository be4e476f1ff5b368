"""Change the tiers in the text of an `assignment.toml`, and nothing else.

A description is read and kept by people: its comments, order and spacing stay as
they are, byte for byte. What comes out is read again, and must say what was meant.
"""

import re
import tomllib
from collections.abc import Collection, Sequence
from typing import Any, Final

from grader.errors import GraderError

_HEADER: Final = re.compile(r"\s*\[")
_TIER: Final = re.compile(r"\s*\[\[\s*tier\s*\]\]")
_ACCURACY: Final = re.compile(r"^(\s*accuracy\s*=\s*)([^\s#]+)", re.MULTILINE)


def without_other_tiers(text: str, tests: Collection[str], where: str) -> str:
    """Return the description with the tiers of these test functions alone.

    A comment directly above a tier goes with it.

    Raises
    ------
    GraderError
        If the tiers are not written as `[[tier]]` and lines without gaps.
    """
    meant = tomllib.loads(text)
    tiers = meant.get("tier", [])
    kept = [tier for tier in tiers if tier["test"] in tests]
    if kept == tiers:
        return text
    parts, places = _parts(text, len(tiers), where)
    gone = {p for p, tier in zip(places, tiers, strict=True) if tier["test"] not in tests}
    left = "".join(part for place, part in enumerate(parts) if place not in gone)
    left = left.rstrip("\n") + "\n"  # where the last one went, its gap stays
    _demand(left, _with_tiers(meant, kept), where)
    return left


def with_accuracies(text: str, accuracies: Sequence[float], where: str) -> str:
    """Return the description with these accuracies, one for each tier, in its order.

    Raises
    ------
    GraderError
        If the tiers are not written as `[[tier]]` and lines without gaps.
    """
    meant = tomllib.loads(text)
    tiers = meant.get("tier", [])
    parts, places = _parts(text, len(tiers), where)
    for place, tier, accuracy in zip(places, tiers, accuracies, strict=True):
        if tier["accuracy"] != accuracy:
            parts[place] = _ACCURACY.sub(rf"\g<1>{accuracy!r}", parts[place], count=1)
    changed = "".join(parts)
    new = [{**tier, "accuracy": a} for tier, a in zip(tiers, accuracies, strict=True)]
    _demand(changed, _with_tiers(meant, new), where)
    return changed


def _parts(text: str, count: int, where: str) -> tuple[list[str], list[int]]:
    """Cut a description where a paragraph or a table begins; say which parts are tiers."""
    parts: list[list[str]] = [[]]
    for line in text.splitlines(keepends=True):
        here = parts[-1]
        if _HEADER.match(line):
            start = len(here)
            while start and here[start - 1].lstrip().startswith("#"):
                start -= 1
            parts[-1:] = [here[:start], [*here[start:], line]]
        elif here and not here[-1].strip() and line.strip():
            parts.append([line])
        else:
            here.append(line)
    places = [n for n, part in enumerate(parts) if any(map(_TIER.match, part))]
    if len(places) != count:
        raise _unreadable(where)
    return ["".join(part) for part in parts], places


def _with_tiers(description: dict[str, Any], tiers: list[Any]) -> dict[str, Any]:
    others = {key: value for key, value in description.items() if key != "tier"}
    return {**others, "tier": tiers} if tiers else others


def _demand(text: str, meant: dict[str, Any], where: str) -> None:
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        said = {}
    if said != meant:
        raise _unreadable(where)


def _unreadable(where: str) -> GraderError:
    return GraderError(
        f"{where}: a tier cannot be changed there; write each as [[tier]] and its four lines below,"
        " without gaps"
    )
