"""Files that an assignment provides run beside a submission, and nobody hands in another."""

import json
import shutil

import pytest

from grader.authoring.release import render
from grader.cli import main
from grader.course import assignment_sha256, read_assignment
from grader.errors import GraderError
from tests.conftest import TINY

PROBES = '"""Ours."""\n\n\ndef times_called(function_name):\n    return 7\n'
TEST = '''"""Public tests of lengths.py."""

import pytest

from grader.checks import assert_allclose


@pytest.mark.task("square", points=5)
def test_what_is_provided(student):
    """What is provided is asked beside the student's own function."""
    assert_allclose(student.probes.times_called("square"), 7, name="calls")
    assert_allclose(student.lengths.square(3.0), 9.0, name="square")


@pytest.mark.task("length", points=10)
@pytest.mark.parametrize("x", [3.0, 4.0])
def test_length(student, x):
    """The length of one number."""
    assert_allclose(student.lengths.length(x), x, name="length")
'''
CHANGES = {
    "assignment.toml": TINY["assignment.toml"].replace(
        'packages = ["numpy"]', 'packages = ["numpy"]\nprovided = ["probes.py"]'
    ),
    "tests/test_lengths.py": TEST,
    "probes.py": PROBES,
}


@pytest.fixture
def course(write_tiny, tmp_path, monkeypatch):
    """Give a course whose assignment provides a file."""
    write_tiny(tmp_path / "reference" / "tiny", CHANGES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_submission_cannot_bring_its_own(course):
    """In a grade ours is used, and the student's is reported as ignored."""
    for student in ("honest", "liar"):
        shutil.copytree(course / "reference" / "tiny", course / "class" / student)
        shutil.rmtree(course / "class" / student / "hidden_tests")
    (course / "class" / "honest" / "probes.py").unlink()
    lie = PROBES.replace("return 7", "return 8")
    (course / "class" / "liar" / "probes.py").write_text(lie)

    assert main(["grade", "tiny", "class", "--out", "out", "--require-sandbox", "none"]) == 0

    for student in ("honest", "liar"):
        result = json.loads((course / "out" / "results" / f"{student}.json").read_text())
        assert result["score"] == 100, student
    assert "extra files ignored: probes.py" in result["messages"]


@pytest.mark.parametrize("isolated", [[], ["--isolated"]])
def test_a_student_has_it_too(course, capsys, isolated):
    """At home it is the file that came with the tests."""
    assert main(["test", str(course / "reference" / "tiny"), *isolated]) == 0
    assert "All of these pass." in capsys.readouterr().out


def test_it_is_released_as_it_is_and_belongs_to_the_assignment(write_tiny, tmp_path):
    """A change of it makes grades stale; a task's file cannot be provided as well."""
    marked = TINY["lengths.py"].replace("    return", "    ### BEGIN SOLUTION\n    return")
    solved = {
        "lengths.py": marked.replace("x * x\n", "x * x\n    ### END SOLUTION\n").replace(
            "square(x))))\n", "square(x))))\n    ### END SOLUTION\n"
        ),
        "frames.py": TINY["frames.py"]
        .replace("    H, W", "    ### BEGIN SOLUTION\n    H, W")
        .replace("return framed\n", "return framed\n    ### END SOLUTION\n"),
    }
    folder = write_tiny(tmp_path / "tiny", CHANGES | solved)
    files = render(read_assignment(folder))
    assert files["probes.py"] == PROBES.encode()

    before = assignment_sha256(folder)
    (folder / "probes.py").write_text(PROBES + "\n")
    assert assignment_sha256(folder) != before


@pytest.mark.parametrize(
    ("provided", "problem"),
    [
        ("missing.py", "there is no 'missing.py'; write it, or take it out of provided"),
        ("lengths.py", "'lengths.py' is handed in, so it cannot be provided as well"),
        ("random.py", "file 'random.py' would hide the module 'random'; rename it"),
    ],
)
def test_what_cannot_be_provided_is_refused(write_tiny, tmp_path, provided, problem):
    """With a sentence that names the file and the remedy."""
    text = CHANGES["assignment.toml"].replace("probes.py", provided)
    folder = write_tiny(tmp_path / "tiny", CHANGES | {"assignment.toml": text, "random.py": ""})
    with pytest.raises(GraderError, match=problem):
        read_assignment(folder)
