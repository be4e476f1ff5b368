"""Choose the declared files among the members of an archive or of a download.

A member is a name, and a way to read what is behind it up to a limit. Where it
comes from, a zip, a tar or a folder, makes no difference to the choice.

Trust: a member's name, and the size that it announces, are the student's.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from grader.errors import SubmissionRejectedError
from grader.submissions.files import (
    MAX_NAMES,
    Found,
    choose_folder,
    demand_one_spelling,
    holding,
    is_junk,
    shown,
    too_large,
    too_many,
    wanted,
)

_DRIVE = re.compile(r"[A-Za-z]:")


class Kind(Enum):
    """What a member is."""

    FILE = auto()
    FOLDER = auto()
    OTHER = auto()  # a link, a device, a pipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One name in an archive or in a download."""

    name: str
    kind: Kind
    size: int  # as announced
    read: Callable[[int], bytes]  # at most so many bytes, and perhaps one more


def pick(members: Iterable[Member], declared: Sequence[str]) -> Found:
    """Choose the folder that holds the declared files, and read them.

    Raises
    ------
    SubmissionRejectedError
        If there is none or more than one, or if a name is unlike what an
        ordinary tool writes.
    """
    folders: dict[str, dict[str, Member]] = {}
    for count, member in enumerate(members):
        if count >= MAX_NAMES:
            raise too_many()
        *parents, name = split(member.name) or ("",)
        if len(parents) > 1 or any(map(is_junk, (*parents, name))) or member.kind is Kind.FOLDER:
            continue
        if member.kind is Kind.OTHER:
            raise SubmissionRejectedError(
                f"{shown(member.name)} in it is not a regular file; hand in plain files"
            )
        beside = folders.setdefault("".join(parents), {})
        if name in beside:
            raise SubmissionRejectedError(f"it holds {shown(member.name)} twice; export it again")
        beside[name] = member
    folder = choose_folder(holding(folders, declared), declared)
    chosen = folders[folder]
    demand_one_spelling(chosen, declared)
    limits = wanted(chosen, declared)
    return Found(
        sources={name: read(chosen[name], limit) for name, limit in limits.items()},
        folder=folder,
        beside=sorted(chosen.keys() - limits.keys()),
    )


def split(name: str) -> list[str]:
    """Split a member's name into folders and file.

    Raises
    ------
    SubmissionRejectedError
        If no ordinary tool writes such a name.
    """
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or _DRIVE.match(name):
        raise SubmissionRejectedError(
            f"{shown(name)} in it points out of the archive; export again"
        )
    if "\\" in name or "\0" in name:
        raise SubmissionRejectedError(f"{shown(name)} in it is not a portable name; rename it")
    return [part for part in parts if part not in {"", "."}]


def top(name: str) -> str:
    """Return the first folder in a name, or the whole name."""
    return name.partition("/")[0]


def read(member: Member, limit: int) -> bytes:
    """Return a member's bytes.

    Raises
    ------
    SubmissionRejectedError
        If there are more than `limit`.
    """
    if member.size > limit:
        raise too_large(shown(member.name), limit)
    content = member.read(limit)
    if len(content) > limit:
        raise too_large(shown(member.name), limit)
    return content
