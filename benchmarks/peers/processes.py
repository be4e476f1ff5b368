"""Graders that are started for each submission: pytest in several ways, gradescope-utils, otter.

None but the one that starts a process for each test has a time limit of its own. Whoever
uses them sets one from outside, so we do.
"""

import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.peers import written
from benchmarks.peers.description import Exam, Submission
from benchmarks.peers.running import LIMIT_SECONDS, Built, Peer, command, each

Score = Callable[[], float | None]  # None: it was stopped from outside, and left nothing

PYTEST: Final = ("-m", "pytest", "-q", "-c", os.devnull, "--rootdir=.", "-p", "no:cacheprovider")
ENDED: Final = (0, 1)  # exit codes of pytest: all passed, some failed


@dataclass(frozen=True, kw_only=True)
class ForEach(Peer):
    """A grader that is started for each submission."""

    files: Callable[[Exam], Mapping[str, str]]  # what lies beside layers.py
    grade: Callable[[Exam, Path], Score]  # grade the submission in a folder
    prepare: Callable[[Exam, Path], object] = lambda _exam, _folder: None  # once, for all

    def build(self, exam: Exam, students: Mapping[str, Submission], folder: Path) -> Built:
        """Write a folder for each student, with all that is needed in it."""
        files = self.files(exam)
        self.prepare(exam, folder)
        for student, submission in students.items():
            own = folder / student
            own.mkdir()
            for name, text in {**files, "layers.py": submission.source}.items():
                (own / name).write_text(text, "utf-8")
        graded: dict[str, Score] = {}

        def grade(student: str) -> None:
            graded[student] = self.grade(exam, folder / student)

        return Built(
            run=partial(each, grade, list(students), at_once=self.at_once),
            scores=lambda: {student: score() for student, score in graded.items()},
        )


def per_submission(jobs: int) -> list[ForEach]:
    """Return these graders, with `jobs` submissions at once where they can."""
    return [
        ForEach(
            name="otter", title="otter run", modules=("otter",), at_once=1, most=6,
            files=lambda _: {}, prepare=_otter_zip, grade=_otter,
        ),
        ForEach(
            name="gradescope", title="gradescope-utils, a fresh process", at_once=jobs,
            modules=("gradescope_utils",),
            files=lambda exam: {"run_tests.py": written.gradescope(exam)}, grade=_gradescope,
        ),
        ForEach(
            name="pytest", title="pytest, a fresh process", at_once=jobs, modules=("pytest",),
            files=_pytest_files, grade=partial(_pytest, ()),
        ),
        ForEach(
            name="xdist-each", title="pytest -n 2, for each", at_once=1,
            modules=("pytest", "xdist"),
            files=_pytest_files, grade=partial(_pytest, ("-p", "xdist.plugin", "-n", "2")),
        ),
        ForEach(
            name="per-test", title="pytest, a process for each test", at_once=jobs, most=6,
            modules=("pytest",), files=_pytest_files, grade=_test_by_test,
        ),
    ]  # fmt: skip


def _pytest_files(exam: Exam) -> dict[str, str]:
    return {"test_layers.py": written.pytest_tests(exam)}


def _pytest(options: Sequence[str], exam: Exam, folder: Path) -> Score:
    words = (*PYTEST, *options, "--junitxml=report.xml", "test_layers.py")
    code = command(*words, folder=folder, seconds=LIMIT_SECONDS, accepted=ENDED)
    return _nothing if code is None else lambda: exam.points * len(passed(folder / "report.xml"))


def _test_by_test(exam: Exam, folder: Path) -> Score:
    """Start pytest for each test, and go by its exit code, as graders on GitHub do."""
    codes = [
        command(
            *PYTEST, f"test_layers.py::{test.name}",
            folder=folder, seconds=exam.test_seconds, accepted=ENDED,
        )
        for test in exam.tests
    ]  # fmt: skip
    return lambda: exam.points * codes.count(0)


def _gradescope(_exam: Exam, folder: Path) -> Score:
    code = command("run_tests.py", folder=folder, seconds=LIMIT_SECONDS)
    return _nothing if code is None else lambda: _sum_of_scores(folder / "results.json")


def _otter_zip(exam: Exam, folder: Path) -> None:
    tests = folder / "tests"
    tests.mkdir()
    (tests / "layers.py").write_text(written.otter(exam), "utf-8")
    words = (
        "generate",
        "--tests-dir",
        "tests",
        "--output-path",
        "autograder.zip",
        "--no-environment",
    )
    command("-m", "otter", *words, folder=folder)


def _otter(_exam: Exam, folder: Path) -> Score:
    words = ("run", "layers.py", "--autograder", "../autograder.zip", "--no-logo")
    code = command("-m", "otter", *words, folder=folder, seconds=LIMIT_SECONDS)
    return _nothing if code is None else lambda: _sum_of_scores(folder / "results.json")


def _sum_of_scores(results: Path) -> float:
    # otter writes a summary among the tests, which has no score.
    tests = json.loads(results.read_text("utf-8"))["tests"]
    return float(sum(test.get("score", 0) for test in tests))


def _nothing() -> None:
    return None


def passed(report: Path) -> list[str]:
    """Return the names of the tests that passed, from a JUnit report."""
    cases = ET.parse(report).getroot().iter("testcase")  # noqa: S314 - our own run wrote it
    wrong = ("failure", "error", "skipped")
    return [
        case.attrib["name"]
        for case in cases
        if not any(case.find(tag) is not None for tag in wrong)
    ]
