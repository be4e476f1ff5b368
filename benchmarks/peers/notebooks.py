"""nbgrader: `nbgrader autograde` in a course of its own, one notebook after the other."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.peers.description import CALLED, Exam, Submission
from benchmarks.peers.running import Built, Peer, command

ANSWER: Final = "layers"  # the cell that students fill in


@dataclass(frozen=True, kw_only=True)
class Nbgrader(Peer):
    """`nbgrader autograde`, which has no parallel mode."""

    name: str = "nbgrader"
    title: str = "nbgrader autograde"
    modules: tuple[str, ...] = ("nbgrader",)
    most: int | None = 20
    at_once: int = 1

    def build(self, exam: Exam, students: Mapping[str, Submission], folder: Path) -> Built:
        """Release the assignment, and hand in a notebook for each student."""
        source = folder / "source" / exam.name
        source.mkdir(parents=True)
        (source / "layers.ipynb").write_text(json.dumps(instructors_notebook(exam)), "utf-8")
        command("-m", "nbgrader", "generate_assignment", exam.name, folder=folder)
        released = (folder / "release" / exam.name / "layers.ipynb").read_text("utf-8")
        for student, submission in students.items():
            own = folder / "submitted" / student / exam.name
            own.mkdir(parents=True)
            (own / "layers.ipynb").write_text(fill_in(released, submission.source), "utf-8")
        seconds = f"--Execute.timeout={exam.test_seconds:g}"
        grade = ("-m", "nbgrader", "autograde", exam.name, seconds)
        return Built(
            run=lambda: _finish(command(*grade, folder=folder)),
            scores=partial(_scores, folder, exam.name),
        )


def instructors_notebook(exam: Exam) -> dict[str, Any]:
    """Return the instructor's notebook: a cell to fill in, and a cell for each test."""
    cells = [
        _cell("opening", exam.opening, grade=False, solution=False, locked=True),
        _cell(ANSWER, "", grade=False, solution=True, locked=False),
    ]
    for test in exam.tests:
        body = test.body.replace(CALLED, "")  # here the functions have their own names
        cell = _cell(test.name, body, grade=True, solution=False, locked=True, points=exam.points)
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, source: str, **about: bool | float) -> dict[str, Any]:
    marks = {"grade_id": name, "schema_version": 3, "task": False, **about}
    return {
        "cell_type": "code", "id": name.replace("_", "-")[:64], "source": source,
        "metadata": {"nbgrader": marks}, "outputs": [], "execution_count": None,
    }  # fmt: skip


def fill_in(released: str, source: str) -> str:
    """Return a released notebook with the answer of one student in it."""
    notebook = json.loads(released)
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == ANSWER:
            cell["source"] = source
    return json.dumps(notebook)


def _finish(code: int | None) -> None:
    if code is None:
        raise SystemExit("`nbgrader autograde` did not come to an end; look at its printed.txt")


def _scores(course: Path, assignment: str) -> dict[str, float]:
    from nbgrader.api import Gradebook  # noqa: PLC0415 - only where it is installed

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            each.student.id: each.score for each in book.find_assignment(assignment).submissions
        }
