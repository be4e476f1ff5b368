"""A course of nbgrader's, made by nbgrader itself, and how to run nbgrader in it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest


def run_nbgrader(course: Path, *command: str, code: int = 0) -> str:
    """Run nbgrader itself in a course, which must end with a code; return what it said."""
    here = str(Path(sys.executable).parent)  # where it finds `alembic`, and the kernel
    environment = {**os.environ, "PATH": f"{here}:{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=course, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr[-2000:]
    return done.stdout + done.stderr


def quickstart(folder: Path) -> Path:
    """Make nbgrader's own example course, and release its assignment ps1."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed")
    run_nbgrader(folder, "quickstart", "course")
    run_nbgrader(folder / "course", "generate_assignment", "ps1")
    return folder / "course"


def hand_in(
    course: Path, student: str, assignment: str, notebook: str, answers: Mapping[str, str]
) -> Path:
    """Hand in a released notebook in which the cells of these names say something else."""
    name = f"{assignment}/{notebook}.ipynb"
    content = json.loads((course / "release" / name).read_text())
    for cell in content["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    path = course / "submitted" / student / name
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))
    return path


def scores(course: Path, assignment: str) -> dict[str, float]:
    """Return the score that nbgrader's gradebook has for each student."""
    from nbgrader.api import Gradebook  # noqa: PLC0415 - only where it is installed

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {s.student.id: s.score for s in book.find_assignment(assignment).submissions}


_LISTED = """
import json, sys
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

api = NbGraderAPI(CourseDirectory(root=sys.argv[1]))
found = {s["student"]: [s["autograded"], s["score"]] for s in api.get_submissions(sys.argv[2])}
print(json.dumps(found))
"""


def listed(course: Path, assignment: str) -> dict[str, list[float]]:
    """Return what formgrader lists of an assignment: whether it is autograded, and the score."""
    command = [sys.executable, "-W", "ignore", "-c", _LISTED, str(course), assignment]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found
