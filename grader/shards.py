"""One of n parts of a class, to be graded on another machine than the others.

A part is chosen without any state: whoever sees the whole class and is told "2 of 4"
grades the same students. Beside its results lies what they were graded under, so that
parts of different assignments, or by different graders, are never put together.

Trust: a part's description comes from a machine that ran students' code.
"""

import json
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from grader.errors import GraderError
from grader.exports.texts import one_line
from grader.files import write_atomically
from grader.provenance import Terms, package_sha256, version

_SCHEMA: Final = "deltagrade/shard/v1"
_FILE: Final = "shard.json"
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST: Final = 10_000_000  # bytes
MOST_SHARDS: Final = 256  # jobs in one matrix of GitHub Actions

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `index` of `count`, counted from 1."""

    index: int
    count: int

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2/4".

        Raises
        ------
        ValueError
            If it is no such thing.
        """
        match = re.fullmatch(r"([1-9]\d{0,2})/([1-9]\d{0,2})", text)
        if match is None or not int(match[1]) <= int(match[2]) <= MOST_SHARDS:
            raise ValueError(f"{text!r} is no part such as 2/4, of at most {MOST_SHARDS}")
        return cls(int(match[1]), int(match[2]))

    def share(self, everything: Sequence[_T]) -> list[_T]:
        """Return this part of a sorted class."""
        return list(everything[self.index - 1 :: self.count])


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What lies beside the results of a part."""

    shard: Shard
    terms: Mapping[str, str]  # all that decides a grade, besides the submission
    fingerprints: Mapping[str, str]  # by student

    @classmethod
    def of(cls, shard: Shard, terms: Terms, fingerprints: Mapping[str, str]) -> Self:
        """Describe a part that was graded here."""
        return cls(shard=shard, terms=described(terms), fingerprints=dict(fingerprints))

    def write(self, out: Path) -> None:
        """Write it beside the results."""
        content = {"schema": _SCHEMA, **asdict(self)}
        write_atomically(out / _FILE, json.dumps(content, indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, out: Path) -> Self:
        """Read it.

        Raises
        ------
        GraderError
            If there is none, or it is not what `write` wrote.
        """
        path = out / _FILE
        try:
            with path.open("rb") as file:
                return cls._checked(json.loads(file.read(_LONGEST)))
        except OSError as error:
            raise GraderError(
                f"cannot read {path} ({error.strerror}); name a folder that"
                " `grader grade --shard` wrote"
            ) from error
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise GraderError(
                f"{path} describes no part of a class ({one_line(str(error))}); grade it again"
            ) from error

    @classmethod
    def _checked(cls, content: Any) -> Self:
        if content["schema"] != _SCHEMA:
            raise ValueError("another schema")
        shard, terms = content["shard"], content["terms"]
        fingerprints = content["fingerprints"]
        texts = [*terms.items(), *fingerprints.items()]
        if not all(isinstance(text, str) for pair in texts for text in pair):
            raise TypeError("one of its texts is none")
        if not all(_FINGERPRINT.fullmatch(mark) for mark in fingerprints.values()):
            raise ValueError("one of its fingerprints is none")
        return cls(
            shard=Shard.parse(f"{shard['index']}/{shard['count']}"),
            terms=dict(terms),
            fingerprints=dict(fingerprints),
        )


def described(terms: Terms) -> dict[str, str]:
    """Return what decides grades here, in words that parts can be compared by."""
    return {
        "assignment": terms.assignment.id,
        "assignment_sha256": terms.assignment_sha256,
        "hints_sha256": terms.hints_sha256,
        "dataset": terms.dataset,
        "grader_sha256": package_sha256(),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "torch": version("torch"),
    }
