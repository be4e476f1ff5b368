"""Run the public tests of a student's own folder in a process of their own.

This process never imports the student's code, nor the tests, which lie in the same
repository: it starts `grader test --json`, without the runner's variables and with its
output in a file, and reads the result from there. Where the system can isolate, the
files run in the sandbox besides, as in a grade.

Trust: the result is that of a process which ran a student's code. On a system without
the sandbox a student can forge it, in their own repository, for themselves to read.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from grader.course import Assignment
from grader.errors import GraderError
from grader.exports.reading import read_grade
from grader.github.runner import without_runner
from grader.results import RESULT_SCHEMA, Grade, Status, total

_ISOLATES: Final = sys.platform == "linux"
_GRACE_SECONDS: Final = 120.0  # to start, to collect the tests, and to end
_LONGEST_RESULT: Final = 50_000_000
_LONGEST_REASON: Final = 4_000
_RESULT: Final = f'{{"schema": "{RESULT_SCHEMA}"'.encode()


def try_own(assignment: Assignment, student: str) -> Grade:
    """Return the grade of the public tests; a rejected one, if they could not be run."""
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
        code = _run(assignment, printed, said)
        result, reason = _result(printed), _reason(said, code)
    if result is None:
        points = total(task.points for task in assignment.tasks)
        return unread(assignment.id, student, reason, points)
    return replace(result, student=student)


def _run(assignment: Assignment, printed: IO[bytes], said: IO[bytes]) -> int | None:
    """Run the tests; return the exit code, or None if it took too long."""
    # With -P a student's json.py in this folder is not imported in place of Python's.
    command = [sys.executable, "-P", "-m", "grader", "test", str(assignment.folder), "--json"]
    command += ["--isolated"] if _ISOLATES else []
    try:
        return subprocess.run(  # noqa: S603 - our own command, and no shell
            command,
            stdin=subprocess.DEVNULL, stdout=printed, stderr=said, check=False,
            env=without_runner(os.environ),
            timeout=assignment.limits.submission_seconds + _GRACE_SECONDS,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        return None


def _result(printed: IO[bytes]) -> Grade | None:
    """Return the result among what was printed, if there is one."""
    printed.seek(0)
    # A thread of the student's may go on printing when the tests are over.
    lines = printed.read(_LONGEST_RESULT).splitlines()
    found = next((line for line in lines if line.startswith(_RESULT)), None)
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "result.json"
        path.write_bytes(found)
        with contextlib.suppress(GraderError):
            return read_grade(path)
    return None


def _reason(said: IO[bytes], code: int | None) -> str:
    """Say why there is no result."""
    said.seek(0)
    text = said.read(_LONGEST_RESULT).decode(errors="replace")
    _, ours, reason = text.rpartition("grader: ")
    if code is None:
        return "the tests were still running when their time was up"
    if code == 2 and ours:
        return reason.strip()[:_LONGEST_REASON]
    return f"the run ended without a result (exit code {code}); does your code end the process?"


def unread(assignment: str, student: str, reason: str, points: float = 100.0) -> Grade:
    """Return the grade of a submission whose tests could not be run."""
    return Grade(
        assignment=assignment,
        student=student,
        status=Status.REJECTED,
        submission_sha256="",
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        environment={},
        max_score=points,
        messages=(reason,),
    )
