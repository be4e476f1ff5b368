"""Results: how points add up, and the result file's exact form."""

import json
from dataclasses import replace

import pytest

from grader.results import Grade, Outcome, Result, Status, Test, Visibility, total

TEST = Test(
    test="test_a.py::test_one",
    task="pad",
    title="It pads.",
    visibility=Visibility.PUBLIC,
    points=0.1,
)
GRADE = Grade(
    assignment="a1",
    student="ada",
    status=Status.GRADED,
    submission_sha256="ab" * 32,
    graded_at="2026-03-01T12:00:00+00:00",
    environment={
        "sandbox": "full", "python": "3.11.7", "numpy": "2.0", "torch": "not installed",
        "dataset": "digits", "grader": "0.1.0", "assignment_sha256": "cd" * 32,
    },
    max_score=100.0,
    results=(
        Result.of(TEST, Outcome.PASSED, seconds=0.123456),
        Result.of(TEST, Outcome.FAILED, feedback="padded is 3, expected 4", hint="Count again."),
    ),
    messages=("files missing: edges.py",),
)  # fmt: skip


def test_ten_times_a_tenth_is_one():
    """Points add up as a person adds them."""
    assert total([0.1] * 10) == 1.0
    assert total([]) == 0.0


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.PASSED])
def test_only_a_passed_test_earns_points(outcome):
    """Every other outcome earns nothing."""
    assert Result.of(TEST, Outcome.PASSED).score == 0.1
    assert Result.of(TEST, outcome).score == 0.0


def test_a_grade_counts_each_task_once_in_the_order_of_the_tests():
    """A task's score is the sum of its tests, wherever they stand."""
    tests = [replace(TEST, task=task, points=2.5) for task in ("pad", "frame", "pad")]
    outcomes = [Outcome.PASSED, Outcome.FAILED, Outcome.TIMEOUT]
    results = tuple(Result.of(t, o) for t, o in zip(tests, outcomes, strict=True))
    grade = replace(GRADE, results=results)
    assert [(t.task, t.score, t.points) for t in grade.tasks] == [
        ("pad", 2.5, 5),
        ("frame", 0, 2.5),
    ]
    assert grade.score == 2.5


def test_a_result_file_has_exactly_the_keys_of_its_schema():
    """Whoever reads result files relies on these names."""
    content = GRADE.to_json()
    assert list(content) == [
        "schema", "assignment", "student", "status", "submission_sha256", "submitted_at",
        "graded_at", "environment", "score", "adjustment", "final_score", "max_score", "tasks",
        "tests", "messages", "adjustments", "flags",
    ]  # fmt: skip
    assert content["schema"] == "deltagrade/result/v1"
    assert set(content["environment"]) == {
        "sandbox", "python", "numpy", "torch", "dataset", "grader", "assignment_sha256",
    }  # fmt: skip
    assert content["tasks"] == [{"task": "pad", "score": 0.1, "points": 0.2}]
    assert set(content["tests"][1]) == {
        "test", "task", "title", "visibility", "outcome", "score", "points", "seconds",
        "feedback", "hint", "accuracy", "misconception", "fingerprint",
    }  # fmt: skip
    assert content["tests"][1]["outcome"] == "failed"
    assert content["tests"][1]["score"] == 0.0
    assert content["messages"] == ["files missing: edges.py"]


def test_a_grade_survives_its_result_file():
    """What is read back equals what was written, but for the fourth decimal of the seconds."""
    again = Grade.from_json(json.loads(json.dumps(GRADE.to_json())))
    rounded = tuple(replace(result, seconds=round(result.seconds, 4)) for result in GRADE.results)
    assert again == replace(GRADE, results=rounded)
    assert isinstance(again.status, Status)
    assert isinstance(again.results[0].outcome, Outcome)
    assert isinstance(again.results[0].visibility, Visibility)


def test_a_test_survives_the_way_between_processes():
    """The examiner describes its tests as JSON."""
    assert Test.from_json(json.loads(json.dumps(TEST.to_json()))) == TEST


def test_a_rejected_submission_earns_nothing():
    """A grade without results scores 0 of its full points."""
    grade = replace(GRADE, status=Status.REJECTED, results=())
    assert (grade.score, grade.max_score, grade.tasks) == (0.0, 100.0, [])
