"""Take a notebook apart in a process of its own.

What a student wrote can at worst bring down the process that parses it: that must
not be the one that grades a class. It has little time and memory, runs nothing of
what it reads, and answers with the files that the notebook amounts to.

    python -m grader.submissions.dissection < request > answer
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import grader
from grader.errors import SubmissionRejectedError
from grader.submissions.definitions import Gathered, gather
from grader.submissions.notebook import read_cells

_SECONDS: Final = 10
_BYTES: Final = 2 << 30
_ROOT: Final = str(Path(grader.__file__).resolve().parent.parent)


@dataclass(frozen=True, slots=True)
class Dissected:
    """The files that a notebook amounts to."""

    sources: Mapping[str, bytes]
    notes: tuple[str, ...]


def dissect(name: str, content: bytes, tasks: Mapping[str, Sequence[str]]) -> Dissected:
    """Return the files that a notebook amounts to.

    Parameters
    ----------
    name : str
        What it is called, for messages.
    content : bytes
        The notebook.
    tasks : mapping of str to sequence of str
        Each file of the assignment, and the names of its tasks.

    Raises
    ------
    SubmissionRejectedError
        If it is none, or cannot be read.
    """
    question = json.dumps({"name": name, "tasks": {file: list(tasks[file]) for file in tasks}})
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", __name__],
            input=question.encode() + b"\n" + content,
            capture_output=True,
            env=os.environ | {"PYTHONPATH": _ROOT},  # however this package was installed
            timeout=2 * _SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        answer = {}
    if "sources" not in answer:
        raise SubmissionRejectedError(
            answer.get("rejected")
            or f"{name} cannot be taken apart; hand in an ordinary notebook, with your answers only"
        )
    sources = {file: text.encode() for file, text in answer["sources"].items()}
    return Dissected(sources, tuple(answer["notes"]))


def main() -> int:
    """Answer one request."""
    _confine()
    question = json.loads(sys.stdin.buffer.readline())
    try:
        cells = read_cells(question["name"], sys.stdin.buffer.read())
        found = gather(cells, question["tasks"])
        _demand_answers(question, found)
    except SubmissionRejectedError as error:
        print(json.dumps({"rejected": str(error)}))
        return 0
    sources = {file: content.decode() for file, content in found.sources.items()}
    print(json.dumps({"sources": sources, "notes": found.notes}))
    return 0


def _demand_answers(question: Mapping[str, Any], found: Gathered) -> None:
    if not found.defined:
        names = ", ".join(name for tasks in question["tasks"].values() for name in tasks)
        raise SubmissionRejectedError(
            f"{question['name']} defines none of {names}; hand in the notebook, or the files"
            f" ({', '.join(question['tasks'])}), that you wrote them in"
        )


def _confine() -> None:
    """Give this process little time and memory, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main())
