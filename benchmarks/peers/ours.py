"""Deltagrade itself: `grader grade`, in the sandbox of this machine and in a weaker one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.peers.description import Exam, Submission
from benchmarks.peers.running import Built, Peer, command


@dataclass(frozen=True, kw_only=True)
class Ours(Peer):
    """`grader grade`, from nothing to the written results."""

    name: str = "ours"
    title: str = "Deltagrade"
    modules: tuple[str, ...] = ("grader",)
    bubblewrap: bool = True  # whether it may be found

    def build(self, exam: Exam, students: Mapping[str, Submission], folder: Path) -> Built:
        """Write a course with this assignment, and a folder for each student."""
        write_assignment(exam, folder / "reference" / exam.name)
        for student, submission in students.items():
            own = folder / "class" / student
            own.mkdir(parents=True)
            (own / "layers.py").write_text(submission.source, "utf-8")
        arguments = ["grade", exam.name, "class", "--out", "out", "--jobs", str(self.at_once)]
        path = None if self.bubblewrap else ""
        results = [folder / "out" / "results" / f"{student}.json" for student in students]
        return Built(
            run=lambda: _finish(command("-m", "grader", *arguments, folder=folder, path=path)),
            scores=partial(_scores, results),
            remark=lambda: _sandbox(results[0]),
        )


def write_assignment(exam: Exam, folder: Path) -> None:
    """Write the assignment as an author of ours would; all ten tests are public."""
    (folder / "tests").mkdir(parents=True)
    (folder / "hidden_tests").mkdir()
    (folder / "layers.py").write_text(exam.answers, "utf-8")
    (folder / "assignment.toml").write_text(_description(exam), "utf-8")
    (folder / "tests" / "test_layers.py").write_text(our_tests(exam), "utf-8")


def _description(exam: Exam) -> str:
    head = f"""id = "{exam.name}"
title = "Ten tests"
dataset = "digits"
packages = {json.dumps(exam.packages)}

[limits]
test_seconds = {exam.test_seconds}
submission_seconds = 60
memory_mb = {exam.memory_mb}
"""
    tasks = [
        f'\n[[task]]\nname = "{task}"\nfile = "layers.py"\npoints = '
        f"{exam.points * sum(test.task == task for test in exam.tests)}\n"
        for task in exam.tasks
    ]
    return head + "".join(tasks)


def our_tests(exam: Exam) -> str:
    """Return the tests as an author of ours would write them."""
    opening = exam.opening.replace("from numpy.testing import", "from grader.checks import")
    tests = [
        f'\n\n@pytest.mark.task("{test.task}", points={exam.points})\n{test.source}'
        for test in exam.tests
    ]
    return f"import pytest\n{opening}{''.join(tests)}"


def _finish(code: int | None) -> None:
    if code is None:
        raise SystemExit("`grader grade` did not come to an end, which is a defect of ours")


def _scores(results: Sequence[Path]) -> dict[str, float]:
    return {path.stem: _read(path)["score"] for path in results}


def _sandbox(result: Path) -> str:
    tier = _read(result)["environment"]["sandbox"]
    # What ends in a process namespace of its own ends unseen.
    unseen = ", its processor time told in part" if tier == "full" else ""
    return f"sandbox {tier}{unseen}"


def _read(path: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return result
