"""What GitHub and Classroom 50 get of an assignment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import grader
from grader.cli import main
from grader.course import find_reference, read_assignment
from grader.errors import GraderError
from grader.github import template
from grader.github.template import bundle, package_for, release_repository, repository

ROOT = Path(__file__).resolve().parent.parent
A1 = find_reference("a1_convolution", ROOT)
VARIABLES = {
    "CLASSROOM": "cs1", "ASSIGNMENT": "a1", "USERNAME": "ada", "COMMIT_URL": "c",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d", "RELEASE_URL": "r", "REVIEW_URL": "v",
}  # fmt: skip


def test_the_repository_holds_the_released_assignment_and_what_github_needs():
    """The same files as in assignments/, but for the badge."""
    files = repository(A1)
    released = ROOT / "assignments" / A1.id

    for path in filter(Path.is_file, released.rglob("*")):
        name = path.relative_to(released).as_posix()
        if "__pycache__" not in name and not name.startswith((".pytest_cache", "README.md")):
            assert files[name] == path.read_bytes(), name
    readme = files["README.md"].decode()
    assert readme.startswith("[![autograde](../../actions/workflows/autograde.yml/badge.svg)]")
    assert readme.endswith((released / "README.md").read_text())


def test_nothing_hidden_is_in_it():
    """No solution, no hidden test, no mutant."""
    for files in (repository(A1), bundle(A1)):
        assert not any("hidden" in name or "mutants" in name for name in files)
        assert not any(b"BEGIN SOLUTION" in content for content in files.values())


def test_the_workflow_has_the_least_permissions():
    """Read the repository; nothing by default, and no secret."""
    text = repository(A1)[".github/workflows/autograde.yml"].decode()
    workflow = yaml.safe_load(text)

    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read"}
    assert "secrets" not in text
    assert job["steps"][-1]["with"]["package"] == f"deltagrade=={grader.__version__}"


def test_an_assignment_with_pytorch_installs_it(tiny):
    """The extra, in the workflow as in the dev container."""
    description = tiny / "assignment.toml"
    description.write_text(description.read_text().replace('["numpy"]', '["numpy", "torch"]'))

    assert package_for(read_assignment(tiny)) == f"deltagrade[torch]=={grader.__version__}"


def test_the_dev_container_is_json_whatever_the_title(tiny, monkeypatch):
    """A title may hold quotes."""
    description = tiny / "assignment.toml"
    text = description.read_text().replace('"Lengths and frames"', "'Lengths \"and\" frames'")
    description.write_text(text)
    monkeypatch.setattr(template, "render", lambda _: {})

    content = json.loads(repository(read_assignment(tiny))[".devcontainer/devcontainer.json"])

    assert content["name"] == 'Lengths "and" frames'
    assert f"deltagrade=={grader.__version__}" in content["postCreateCommand"]


def test_a_clone_is_brought_up_to_date(tmp_path, capsys):
    """What changed is written; what is not ours stays, and so does .git."""
    clone = tmp_path / "clone"
    (clone / ".git").mkdir(parents=True)
    (clone / "notes.txt").write_text("mine")

    assert main(["release", "a1_convolution", "--github", str(clone)]) == 0
    (clone / "padding.py").write_text("old")
    assert release_repository(A1, clone) == [clone / "padding.py"]
    assert release_repository(A1, clone) == []
    assert (clone / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("precious", ["reference", "hidden_tests", "mutants.toml"])
def test_a_course_is_not_written_over(tmp_path, precious):
    """Students' files do not go where the answers are."""
    (tmp_path / precious).mkdir()

    with pytest.raises(GraderError, match="choose another"):
        release_repository(A1, tmp_path)
    with pytest.raises(GraderError, match="would mix with the source"):
        release_repository(A1, A1.folder / "students")


@pytest.mark.parametrize(
    "options", [["a1", "a2", "--github", "x"], ["a1", "--github", "x", "--check"]]
)
def test_one_assignment_and_no_other_option(options, tmp_path, monkeypatch, capsys):
    """Each has a repository of its own."""
    monkeypatch.chdir(ROOT)
    assert main(["release", *options]) == 2
    assert "take one assignment" in capsys.readouterr().err


@pytest.mark.parametrize(("submission", "score"), [("perfect", 44), ("kernel-not-flipped", 34)])
def test_the_bundle_grades_as_classroom_50_runs_it(tmp_path, submission, score):
    """In the student's checkout, with its variables; changed tests count for nothing."""
    for name, content in bundle(A1).items():
        path = tmp_path / "bundle" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    checkout = tmp_path / "checkout"
    (checkout / "tests").mkdir(parents=True)
    (checkout / "tests" / "test_images.py").write_text("def test_nothing(): pass\n")
    (checkout / "secret.txt").write_text("not ours to read")
    for path in (ROOT / "tests" / "submissions" / submission).glob("*.py"):
        (checkout / path.name).write_bytes(path.read_bytes())
    no_index = {"PIP_NO_INDEX": "1"}  # what is installed here will do

    done = subprocess.run(
        [sys.executable, str(tmp_path / "bundle" / "autograder.py")],
        cwd=checkout, env={**os.environ, **VARIABLES, **no_index},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    result = json.loads((checkout / "result.json").read_text())
    assert result["schema"] == "classroom50/result/v1"
    assert (result["score"], result["max-score"], result["owner"]) == (score, 44, "ada")
    whole = [result, *result["tests"]]
    assert all(type(each[name]) is int for each in whole for name in ("score", "max-score"))
    assert (checkout / "release-body.md").read_text().startswith("## a1")
