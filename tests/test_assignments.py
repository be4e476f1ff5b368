"""The course's assignments, graded by the real command: solved, and as they are handed out."""

import doctest
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import data
from grader.course import assignment_names, read_assignment

ROOT = Path(__file__).resolve().parent.parent
NAMES = assignment_names(ROOT / "reference")
SHELVES = {"solved": "reference", "stubs": "assignments"}


@pytest.fixture(scope="module", params=["digits", "mnist"])
def dataset(request):
    """Give each data set's name; MNIST where it is."""
    if not data.available(request.param):
        pytest.skip(f"{request.param} is not on this machine: `grader data fetch {request.param}`")
    return request.param


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_earns_everything_and_the_stubs_nothing(name, dataset, tmp_path):
    """100 and 0, in a sandbox of tier `reduced` or better."""
    files = read_assignment(ROOT / "reference" / name).files
    for student, shelf in SHELVES.items():
        (tmp_path / "class" / student).mkdir(parents=True)
        for file in files:
            shutil.copy(ROOT / shelf / name / file, tmp_path / "class" / student)
    out = tmp_path / "out"
    command = ["grade", name, tmp_path / "class", "--out", out, "--dataset", dataset, "--json"]

    done = subprocess.run(
        [sys.executable, "-m", "grader", *map(str, command)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    scores = {s["student"]: s["score"] for s in json.loads(done.stdout)["students"]}
    lost = [
        (test["test"], test["feedback"])
        for test in json.loads((out / "results" / "solved.json").read_text())["tests"]
        if test["outcome"] not in ("passed", "not run")  # which needs a GPU, and earns nothing
    ]
    assert (scores, lost) == ({"solved": 100.0, "stubs": 0.0}, [])
    environment = json.loads((out / "results" / "solved.json").read_text())["environment"]
    assert environment["sandbox"] in ("reduced", "full")
    assert environment["dataset"] == dataset


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_in_the_docstrings_are_true(name):
    """Every doctest of the solved files runs."""
    folder = ROOT / "reference" / name
    files = [str(folder / file) for file in read_assignment(folder).files]
    command = [sys.executable, "-m", "doctest", "-o", "NORMALIZE_WHITESPACE", *files]

    done = subprocess.run(
        command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "")
    parser = doctest.DocTestParser()
    assert all(parser.get_examples(Path(file).read_text()) for file in files)


@pytest.mark.parametrize("name", NAMES)
def test_the_handout_says_how_many_points_are_public(name, tmp_path):
    """What the handout promises is what the public tests add up to, and the rest is hidden."""
    handout = (ROOT / "reference" / name / "README.md").read_text()
    command = [sys.executable, "-m", "grader", "test", str(ROOT / "assignments" / name), "--json"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    public = json.loads(done.stdout)["max_score"]
    assert f"earn {public:g} of the 100 points" in handout
    assert f"earn the other {100 - public:g}" in handout
