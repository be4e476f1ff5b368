"""Finding the course, and reading assignments."""

from pathlib import Path

import pytest

from grader.course import (
    Assignment,
    assignment_sha256,
    enclosing_assignment,
    find_course,
    find_reference,
    read_assignment,
)
from grader.errors import GraderError

GOOD = """
id = "a2_softmax"
title = "Softmax regression"
dataset = "mnist"
packages = ["numpy"]

[limits]
test_seconds = 2.5
submission_seconds = 60
memory_mb = 1024

[[task]]
name = "softmax"
file = "losses.py"
points = 60
banned = ["scipy.special"]

[[task]]
name = "train"
file = "descent.py"
points = 40
requires = ["softmax"]
"""


def write(folder: Path, text: str = GOOD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assignment.toml").write_text(text)
    return folder


def read_with(tmp_path: Path, old: str, new: str) -> Assignment:
    assert old in GOOD
    return read_assignment(write(tmp_path / "a2_softmax", GOOD.replace(old, new, 1)))


def test_an_assignment_is_read_whole(tmp_path):
    assignment = read_assignment(write(tmp_path))
    assert assignment.id == "a2_softmax"
    assert assignment.packages == ("numpy",)
    assert assignment.limits.test_seconds == 2.5
    assert assignment.files == ("losses.py", "descent.py")
    assert assignment.task("train").requires == ("softmax",)
    assert assignment.task("softmax").banned == ("scipy.special",)
    assert assignment.folder == tmp_path


def test_extra_files_follow_the_files_of_the_tasks(tmp_path):
    assignment = read_with(tmp_path, "packages", 'files = ["helpers.py", "losses.py"]\npackages')
    assert assignment.files == ("losses.py", "descent.py", "helpers.py")


def test_an_unknown_task_is_suggested(tmp_path):
    with pytest.raises(GraderError, match="has no task 'softmx'; did you mean 'softmax'"):
        read_assignment(write(tmp_path)).task("softmx")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Softmax regression"\n', "", "'title' is missing; add it"),
        ("title", "titel", "'title' is missing; rename 'titel'"),
        ("requires", "require", "unknown key 'require'; did you mean 'requires'?"),
        ("[limits]", "[limits]\ncolour = 1", r"\[limits\]: unknown key 'colour'; remove it"),
        ("[limits]", "[limit]", "'limits' is missing; rename 'limit'"),
        ('"mnist"', "3", "'dataset' must be a text; it is 3"),
        ('"mnist"', '" "', "'dataset' must be a text"),
        ('["numpy"]', '"numpy"', "'packages' must be a list of texts"),
        ("points = 60", "points = true", r"\[\[task\]\] 1: 'points' must be a number"),
        ("points = 60", "points = -1", "'points' must be 0 or more"),
        ("points = 60", "points = nan", "'points' must be 0 or more"),
        ("2.5", "0", "'test_seconds' must be more than 0"),
        ("2.5", "inf", "'test_seconds' must be 0 or more"),
        ("1024", "10.5", "'memory_mb' must be a whole number"),
        ("[[task]]", "[[tasks]]", "unknown key 'tasks'; did you mean 'task'"),
        ('"train"', '"softmax"', "task 'softmax' is described twice"),
        ('"train"', '"train it"', "must be the name of a function or class"),
        ('["softmax"]', '["softmaxx"]', "unknown task 'softmaxx'; did you mean 'softmax'"),
        ('["softmax"]', '["train"]', "require each other"),
        ('"losses.py"', '"../losses.py"', "must be a bare name"),
        ('"losses.py"', '"losses"', "must be a bare name"),
        ('"losses.py"', '"random.py"', "would hide the module 'random'"),
        ('"losses.py"', '"numpy.py"', "would hide the module 'numpy'"),
        ('"losses.py"', '"Descent.py"', "differ only by case"),
        ('"a2_softmax"', '"../a2"', "id '../a2' must be"),
        ("id =", "id", "is not valid TOML"),
    ],
)
def test_a_mistake_in_the_description_is_named(tmp_path, old, new, message):
    with pytest.raises(GraderError, match=message) as caught:
        read_with(tmp_path, old, new)
    assert "assignment.toml" in str(caught.value)


def test_a_folder_without_a_description_is_an_error(tmp_path):
    with pytest.raises(GraderError, match=r"cannot read .*assignment\.toml"):
        read_assignment(tmp_path)


def test_the_course_is_the_nearest_one_around(tmp_path, monkeypatch):
    write(tmp_path / "course" / "reference" / "a2_softmax")
    inner = tmp_path / "course" / "reference" / "a2_softmax" / "tests"
    inner.mkdir()
    assert find_course(inner) == tmp_path / "course"
    monkeypatch.chdir(inner)
    assert find_course() == tmp_path / "course"


def test_outside_any_course_it_is_the_checkout_or_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.course.__file__", str(tmp_path / "site" / "grader" / "course.py"))
    with pytest.raises(GraderError, match="cd into your course"):
        find_course(tmp_path)
    (tmp_path / "site" / "assignments").mkdir(parents=True)
    assert find_course(tmp_path) == tmp_path / "site"


@pytest.fixture
def course(tmp_path, monkeypatch):
    for name in ("a1_convolution", "a2_softmax", "a10_gan"):
        write(tmp_path / "reference" / name, GOOD.replace("a2_softmax", name))
    write(tmp_path / "assignments" / "a2_softmax")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["a1_convolution", "a1", "a1_conv", "reference/a1_convolution/", "./reference/a1_convolution"],
)
def test_an_assignment_is_found_by_name_short_form_or_folder(course, name):
    assert find_reference(name, course).id == "a1_convolution"


def test_a_name_means_the_reference_wherever_we_stand(course, monkeypatch):
    monkeypatch.chdir(course / "assignments")
    assert find_reference("a2_softmax", course).folder == course / "reference" / "a2_softmax"


def test_a_short_form_is_no_folder_beside_us(course, tmp_path, monkeypatch):
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "assignment.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    assert find_reference("a1", course).folder == course / "reference" / "a1_convolution"


def test_an_unknown_assignment_is_suggested(course):
    with pytest.raises(GraderError) as caught:
        find_reference("a2_loss", course)
    assert str(caught.value) == (
        "no assignment 'a2_loss' in reference/; did you mean 'a2_softmax'?"
    )


@pytest.mark.parametrize("name", ["a", ""])
def test_a_short_form_of_several_is_an_error(course, name):
    with pytest.raises(GraderError):
        find_reference(name, course)


def test_the_enclosing_assignment_is_the_nearest(course):
    folder = course / "reference" / "a2_softmax"
    assert enclosing_assignment(folder / "tests" / "test_losses.py") == folder
    assert enclosing_assignment(folder) == folder
    assert enclosing_assignment(course) is None


def test_the_hash_changes_with_what_grades_and_with_nothing_else(course):
    folder = course / "reference" / "a2_softmax"
    seen = {assignment_sha256(folder)}
    graded = ["losses.py", "tests/test_a.py", "hidden_tests/data/a.npz", "mutants.toml"]
    for count, name in enumerate(graded, start=2):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
        seen.add(assignment_sha256(folder))
        assert len(seen) == count
    drawn = ("README.md", "figures/a.png", "figures.py", "notebook.py")
    for name in (*drawn, "tests/__pycache__/a.pyc", "notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
        assert assignment_sha256(folder) in seen
    (folder / "losses.py").rename(folder / "loss.py")
    assert assignment_sha256(folder) not in seen
