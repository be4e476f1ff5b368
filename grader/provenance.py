"""What decides a grade, so that it can be recognised as current, explained and re-made."""

import functools
import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Self

import grader
from grader.course import Assignment, assignment_sha256
from grader.misconceptions import Misconceptions
from grader.results import Grade, Result, Status
from grader.submissions.intake import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What, besides the submission, decides a grade."""

    assignment: Assignment
    assignment_sha256: str
    hints_sha256: str  # of the known mistakes
    dataset: str
    device: str = ""  # the GPU that the CUDA tier is run on

    @classmethod
    def of(cls, assignment: Assignment, dataset: str, device: str = "") -> Self:
        """Take stock of an assignment as it is on disk now."""
        return cls(
            assignment=assignment,
            assignment_sha256=assignment_sha256(assignment.folder),
            hints_sha256=_hash(Misconceptions.read(assignment.folder).to_text()),
            dataset=dataset,
            device=device,
        )

    def fingerprint(self, submission: Submission) -> str:
        """Return a hash that changes when the grade could."""
        return _hash(
            submission.sha256,
            self.assignment_sha256,
            self.hints_sha256,
            self.dataset,
            self.device,
            package_sha256(),
            *submission.notes,
        )

    @property
    def seed(self) -> int:
        """The seed of grades: re-makeable, but not predictable without the hidden tests.

        It is the same for a whole class: answers are compared with those of known
        mistakes on the same inputs.
        """
        return int(_hash("seed", self.assignment_sha256)[:8], 16)

    def grade(
        self,
        submission: Submission,
        status: Status,
        sandbox: str,
        *,
        max_score: float,
        results: tuple[Result, ...] = (),
        messages: Sequence[str] = (),
        flags: tuple[str, ...] = (),
    ) -> Grade:
        """Make a grade of what came out, with all that explains it."""
        return Grade(
            assignment=self.assignment.id,
            student=submission.student,
            status=status,
            submission_sha256=submission.sha256,
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            environment=self.environment(sandbox),
            max_score=max_score,
            results=results,
            messages=tuple(messages),
            flags=flags,
        )

    def environment(self, sandbox: str) -> Mapping[str, str]:
        """Return what a result file says about how it was made."""
        return {
            "sandbox": sandbox,
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "torch": version("torch"),
            "dataset": self.dataset,
            **({"cuda": self.device} if self.device else {}),
            "grader": grader.__version__,
            "assignment_sha256": self.assignment_sha256,
        }


@functools.cache
def version(package: str) -> str:
    """Return the installed version, found without importing the package."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


@functools.cache
def package_sha256() -> str:
    """Return a hash of the grader's own source: a mended check makes old grades stale."""
    root = Path(grader.__file__).parent
    files = sorted(root.rglob("*.py"))
    return _hash(*(hashlib.sha256(file.read_bytes()).hexdigest() for file in files))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
