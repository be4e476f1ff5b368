"""Result files are read with care: another job may have written them."""

import json

import pytest

from grader.errors import GraderError
from grader.exports.reading import choose_student, read_class, read_grade
from tests.exports_examples import EVERY, grade, ordinary, result


def write(folder, one, name=""):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name or one.student}.json"
    path.write_text(json.dumps(one.to_json()))
    return path


@pytest.mark.parametrize("make", EVERY)
def test_what_was_written_is_read(tmp_path, make):
    """Nothing of a grade is lost."""
    assert read_grade(write(tmp_path, make(), "one")) == make()


def test_a_class_is_read_from_the_folder_that_grading_wrote(tmp_path):
    """Or from its results folder itself; sorted by name."""
    for name in ("bob", "ada"):
        write(tmp_path / "results", grade(result(), student=name))

    assert list(read_class(tmp_path)) == ["ada", "bob"]
    assert list(read_class(tmp_path / "results")) == ["ada", "bob"]


def test_a_folder_without_results_is_an_error(tmp_path):
    """The sentence says what to name instead."""
    with pytest.raises(GraderError, match=r"no results in .*; name a folder that `grader grade`"):
        read_class(tmp_path)


def test_results_of_two_assignments_are_an_error(tmp_path):
    """One column cannot hold both."""
    write(tmp_path, grade(result(), student="ada"))
    write(tmp_path, grade(result(), student="bob", assignment="a2"))
    with pytest.raises(GraderError, match="results of a1 and a2; grade each assignment into"):
        read_class(tmp_path)


def test_a_result_under_another_name_is_an_error(tmp_path):
    """Or one student could hand in another's grade."""
    write(tmp_path, grade(result(), student="../../ada"), "bob")
    with pytest.raises(GraderError, match=r"result of \.\./\.\./ada as bob\.json"):
        read_class(tmp_path)


def test_a_student_is_chosen_by_name(tmp_path):
    """A misspelt name gets a suggestion."""
    write(tmp_path, ordinary())

    assert choose_student(read_class(tmp_path), "ada", tmp_path) == ordinary()
    with pytest.raises(GraderError, match="has no result of 'adda'; did you mean 'ada'"):
        choose_student(read_class(tmp_path), "adda", tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema": 1}', "null", '"x"', "[" * 100_000])
def test_what_is_no_result_file_is_an_error(tmp_path, content):
    """Whatever it holds, no traceback."""
    path = tmp_path / "ada.json"
    path.write_text(content)
    with pytest.raises(GraderError, match=r"ada\.json is no result of this version of the grader"):
        read_grade(path)


def test_a_file_that_is_not_there_or_not_utf_8_is_an_error(tmp_path):
    """The sentence names it."""
    (tmp_path / "bob.json").write_bytes(b"\xff")
    with pytest.raises(GraderError, match=r"cannot read .*ada\.json \(No such file"):
        read_grade(tmp_path / "ada.json")
    with pytest.raises(GraderError, match=r"bob\.json is no result"):
        read_grade(tmp_path / "bob.json")


@pytest.mark.parametrize(
    ("change", "of_test"),
    [
        ({"student": 1}, False),
        ({"messages": [1]}, False),
        ({"messages": None}, False),
        ({"max_score": 0}, False),
        ({"max_score": float("nan")}, False),
        ({"max_score": float("inf")}, False),
        ({"max_score": 1.0}, False),  # less than the points earned
        ({"graded_at": "yesterday"}, False),
        ({"status": "excellent"}, False),
        ({"tests": [{}]}, False),
        ({"title": None}, True),
        ({"feedback": ["x"]}, True),
        ({"misconception": 3}, True),
        ({"points": "many"}, True),
        ({"points": -1.0, "score": 0.0}, True),
        ({"outcome": "failed", "score": 1e9}, True),
        ({"outcome": "failed", "score": float("nan")}, True),
        ({"seconds": None}, True),
        ({"unknown": 1}, True),
    ],
)
def test_nonsense_in_a_field_is_an_error(tmp_path, change, of_test):
    """A report is made of texts and numbers that make sense, or not at all."""
    path = write(tmp_path, ordinary())
    content = json.loads(path.read_text())
    (content["tests"][0] if of_test else content).update(change)
    path.write_text(json.dumps(content))
    with pytest.raises(GraderError, match="is no result of this version of the grader"):
        read_grade(path)
