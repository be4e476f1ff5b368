"""What a grading run finds out, as frozen values; how points add up.

The total a submission is measured against is fixed by the tests that were
collected before any of the student's code ran. A test without a result scores 0.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from grader.cuda import CUDA_TIER

RESULT_SCHEMA = "deltagrade/result/v1"
_BASE64 = re.compile(r"[A-Za-z0-9+/]{4,400000}={0,2}")


class Outcome(StrEnum):
    """What became of one test."""

    PASSED = "passed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    SKIPPED = "skipped"  # a task that it builds on does not work yet
    BROKEN = "broken"  # our fault, never the student's
    NOT_RUN = "not run"  # what it needs is not there, and it is worth no points

    @property
    def is_wrong(self) -> bool:
        """Whether there is something to mend."""
        return self not in (Outcome.PASSED, Outcome.NOT_RUN)


class Visibility(StrEnum):
    """Whether students have the test."""

    PUBLIC = "public"
    HIDDEN = "hidden"


class Status(StrEnum):
    """What became of one submission."""

    GRADED = "graded"
    REJECTED = "rejected"  # it could not be read safely
    BROKEN = "broken"  # our fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test of an assignment, known before any submission is looked at."""

    __test__ = False  # its name is the field's word; pytest must not collect it

    test: str  # "test_losses.py::test_gradient"
    task: str
    title: str  # first line of the test's docstring
    visibility: Visibility
    points: float

    def to_json(self) -> dict[str, Any]:
        """Return the description as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**{**entry, "visibility": Visibility(entry["visibility"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A small picture of what a test found, ready to be shown."""

    caption: str
    alt: str  # the same in words
    media: str  # "image/png" or "image/svg+xml"
    width: int  # of the page's pixels, where there is room
    data: str  # base64

    def __post_init__(self) -> None:
        """Refuse what is no picture: result files may come from elsewhere."""
        known = self.media in ("image/png", "image/svg+xml")
        if not known or not 0 < self.width <= 1000 or not _BASE64.fullmatch(self.data):
            raise ValueError("one of its pictures is none")

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Read what `asdict` wrote."""
        return cls(**{**entry, "caption": str(entry["caption"]), "alt": str(entry["alt"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of one test on one submission."""

    test: str
    task: str
    title: str
    visibility: Visibility
    points: float
    outcome: Outcome
    seconds: float  # wall clock, measured by the grader
    feedback: str = ""  # what is wrong
    hint: str = ""  # what to think about
    share: float = 0.0  # of the points, earned although the test did not pass
    accuracy: float | None = None  # of the predictions, if the test measured any
    misconception: str = ""  # the known mistake that gives the same wrong answer
    fingerprint: str = ""  # of the wrong answer; equal answers have equal ones
    pictures: tuple[Drawing, ...] = ()

    @classmethod
    def of(cls, test: Test, outcome: Outcome, **facts: Any) -> Self:
        """Record what became of `test`."""
        return cls(**_values(test), outcome=outcome, **{"seconds": 0.0, **facts})

    @property
    def score(self) -> float:
        """The points earned."""
        return self.points * (1.0 if self.outcome is Outcome.PASSED else self.share)

    def to_json(self) -> dict[str, Any]:
        """Return the test's entry in a result file."""
        entry = {**_values(self), "score": self.score, "seconds": round(self.seconds, 4)}
        del entry["share"], entry["pictures"]
        return entry | ({"pictures": list(map(asdict, self.pictures))} if self.pictures else {})

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        fields = {key: value for key, value in entry.items() if key != "score"}
        fields["outcome"] = Outcome(fields["outcome"])
        fields["visibility"] = Visibility(fields["visibility"])
        fields["pictures"] = tuple(map(Drawing.from_json, fields.get("pictures", ())))
        if fields["outcome"] is not Outcome.PASSED and fields["points"]:
            fields["share"] = entry["score"] / fields["points"]
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskScore:
    """The points of one task."""

    task: str
    score: float
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One submission's grade, and everything needed to explain and re-make it."""

    assignment: str
    student: str
    status: Status
    submission_sha256: str
    graded_at: str  # UTC, ISO 8601
    environment: Mapping[str, str]
    max_score: float
    results: tuple[Result, ...] = ()
    messages: tuple[str, ...] = ()
    submitted_at: str = ""  # ISO 8601, perhaps without a zone; "" when it is not known
    adjustment: float = 0.0  # points that lateness or an instructor added; mostly below 0
    adjustments: tuple[str, ...] = ()  # the same in sentences, for the student
    flags: tuple[str, ...] = ()  # what deserves a look, for the instructor alone; costs no points

    @property
    def score(self) -> float:
        """The points earned; a rejected submission earns none."""
        return total(result.score for result in self.results)

    @property
    def final_score(self) -> float:
        """The points that count."""
        return total([self.score, self.adjustment])

    @property
    def tasks(self) -> list[TaskScore]:
        """The points of each task, in the order of the tests."""
        names = dict.fromkeys(r.task for r in self.results if r.task != CUDA_TIER)
        return [self._task(name) for name in names]

    def _task(self, name: str) -> TaskScore:
        mine = [result for result in self.results if result.task == name]
        return TaskScore(
            task=name,
            score=total(result.score for result in mine),
            points=total(result.points for result in mine),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the result file's content, schema `deltagrade/result/v1`."""
        return {
            "schema": RESULT_SCHEMA,
            "assignment": self.assignment,
            "student": self.student,
            "status": self.status,
            "submission_sha256": self.submission_sha256,
            "submitted_at": self.submitted_at,
            "graded_at": self.graded_at,
            "environment": dict(self.environment),
            "score": self.score,
            "adjustment": self.adjustment,
            "final_score": self.final_score,
            "max_score": self.max_score,
            "tasks": [asdict(task) for task in self.tasks],
            "tests": [result.to_json() for result in self.results],
            "messages": list(self.messages),
            "adjustments": list(self.adjustments),
            "flags": list(self.flags),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            assignment=content["assignment"],
            student=content["student"],
            status=Status(content["status"]),
            submission_sha256=content["submission_sha256"],
            graded_at=content["graded_at"],
            environment=content["environment"],
            max_score=content["max_score"],
            results=tuple(Result.from_json(entry) for entry in content["tests"]),
            messages=tuple(content["messages"]),
            # An older gradebook has none of these.
            submitted_at=content.get("submitted_at", ""),
            adjustment=content.get("adjustment", 0.0),
            adjustments=tuple(content.get("adjustments", ())),
            flags=tuple(content.get("flags", ())),
        )


def _values(record: Test | Result) -> dict[str, Any]:
    """Return a record's fields by their names; `asdict` would copy each, for every test."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def total(points: Iterable[float]) -> float:
    """Add points up; 0.1 ten times is 1."""
    return round(math.fsum(points), 6)


def reason_not_run(results: Iterable[Result]) -> str:
    """Return why tests were not run; '' if all were."""
    return next((r.feedback for r in results if r.outcome is Outcome.NOT_RUN), "")
