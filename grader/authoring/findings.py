"""What `grader verify` finds out about an assignment, as frozen values."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from grader.misconceptions import Misconceptions

VERIFY_SCHEMA = "deltagrade/verify/v1"


class Claim(StrEnum):
    """What is to be proven."""

    POINTS = "points"
    REFERENCE = "reference"
    STUB = "stub"
    SCORES = "scores"
    LIMITS = "limits"
    RELEASE = "release"
    MUTANTS = "mutants"
    SYSTEMATIC = "systematic"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something is not proven, and what to do."""

    claim: Claim
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A wrong variant that the tests do not catch."""

    name: str
    diff: str
    closest: tuple[str, ...]  # the test functions to sharpen


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of the wrong variants the tests catch."""

    killed: int
    total: int
    equivalent: int = 0  # of the total: declared to change nothing
    survivors: tuple[Survivor, ...] = ()

    @property
    def share(self) -> float:
        """The share killed of those that change something."""
        meant = self.total - self.equivalent
        return self.killed / meant if meant else 1.0

    def to_json(self) -> dict[str, Any]:
        """Return the tally as plain data."""
        return {**asdict(self), "share": round(self.share, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A test function's row in the table of tests and mutants."""

    test: str
    catches: tuple[str, ...]
    alone: tuple[str, ...]  # the mutants that no other test catches


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the reference used of an assignment's limits, where it used least."""

    score: float  # the lowest of all seeds
    seconds: float
    slowest: str  # test
    slowest_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is proven of an assignment, and what is not."""

    assignment: str
    title: str
    sandbox: str
    seeds: int
    jobs: int
    reference: Usage
    stub: float  # the highest score of all seeds
    mutants: Tally
    misconceptions: Misconceptions
    recognised: int  # of the mutants, by their wrong answers
    systematic: Tally
    table: tuple[Row, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether everything is proven."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return the assignment's entry in the report."""
        return {
            "assignment": self.assignment,
            "ok": self.ok,
            "sandbox": self.sandbox,
            "seeds": self.seeds,
            "reference": asdict(self.reference),
            "stub": self.stub,
            "mutants": self.mutants.to_json(),
            "recognised": self.recognised,
            "systematic": self.systematic.to_json(),
            "tests": [asdict(row) for row in self.table],
            "problems": [asdict(problem) for problem in self.problems],
            "warnings": list(self.warnings),
            "seconds": round(self.seconds, 3),
        }


def as_json(found: Iterable[Verification]) -> dict[str, Any]:
    """Return the report, schema `deltagrade/verify/v1`."""
    return {"schema": VERIFY_SCHEMA, "assignments": [one.to_json() for one in found]}


def tabulate(failing: Sequence[tuple[str, frozenset[str]]], tests: Iterable[str]) -> list[Row]:
    """Return which test catches which mutant, and which of them alone.

    Parameters
    ----------
    failing : sequence of (str, frozenset of str)
        Each mutant's name, and the test functions that it fails.
    tests : iterable of str
        All test functions.
    """
    return [
        Row(
            test=test,
            catches=tuple(name for name, failed in failing if test in failed),
            alone=tuple(name for name, failed in failing if failed == {test}),
        )
        for test in dict.fromkeys(tests)
    ]
