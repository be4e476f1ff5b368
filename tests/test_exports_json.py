"""The formats that are JSON: CTRF, Gradescope, PrairieLearn and the two Classrooms."""

import base64
import json
from pathlib import Path

import jsonschema
import pytest

from grader.errors import GraderError
from grader.exports.classroom import classroom
from grader.exports.classroom50 import classroom50
from grader.exports.ctrf import ctrf
from grader.exports.gradescope import gradescope
from grader.exports.prairielearn import prairielearn
from grader.exports.view import view
from grader.results import Outcome
from tests.exports_examples import EVERY, broken, grade, hostile, ordinary, rejected, result

SCHEMAS = Path(__file__).parent / "schemas"
RUNNER = {
    "CLASSROOM": "dl-2026",
    "ASSIGNMENT": "convolution",
    "USERNAME": "octo-ada",
    "SUBMISSION_TAG": "submit/2026-09-30T23-59-01Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/c",
    "RELEASE_URL": "https://example.org/r",
    "REVIEW_URL": "https://example.org/v",
}


def shown(make, *, show_hidden=False):
    return view(make(), show_hidden=show_hidden)


# ---------------------------------------------------------------- CTRF


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("show_hidden", [False, True])
def test_ctrf_obeys_its_published_schema(make, show_hidden):
    """Its keys are closed: nothing may be there that the schema does not name."""
    schema = json.loads((SCHEMAS / "ctrf-0.0.json").read_text())
    report = json.loads(ctrf(shown(make, show_hidden=show_hidden)))

    jsonschema.Draft7Validator(schema).validate(report)


def test_ctrf_counts_outcomes_and_keeps_their_names():
    """What did not pass is failed, skipped or other; the summary adds up."""
    results = json.loads(ctrf(shown(ordinary)))["results"]
    summary = results["summary"]

    assert (summary["tests"], summary["passed"], summary["failed"]) == (8, 1, 6)
    assert (summary["skipped"], summary["other"]) == (1, 0)
    assert summary["stop"] - summary["start"] == 2000
    assert [test["rawStatus"] for test in results["tests"]][-4:] == [
        "timeout", "crashed", "skipped", "failed",
    ]  # fmt: skip
    assert json.loads(ctrf(shown(broken)))["results"]["summary"]["other"] == 1


# ---------------------------------------------------------------- Gradescope

TOP = {
    "score", "execution_time", "output", "output_format", "test_output_format",
    "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
    "tags", "visibility", "extra_data",
}  # fmt: skip


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("show_hidden", [False, True])
def test_gradescope_gets_what_its_specification_names(make, show_hidden):
    """Keys, statuses, visibilities and formats are those documented."""
    results = json.loads(gradescope(shown(make, show_hidden=show_hidden)))

    assert set(results) <= TOP
    assert {results[key] for key in results if key.endswith("_format")} == {"text"}
    assert results["tests"]
    for test in results["tests"]:
        assert set(test) <= TEST
        assert test["status"] in ("passed", "failed")
        assert isinstance(test["number"], str)
        assert 0 <= test["score"] <= test["max_score"]
        assert test["visibility"] in ("visible", "after_published")


def test_gradescope_shows_students_their_total_at_once():
    """A single hidden test would hide it, so none is: hidden tests just say little."""
    results = json.loads(gradescope(shown(ordinary)))

    assert {test["visibility"] for test in results["tests"]} == {"visible"}
    assert (results["visibility"], results["score"]) == ("visible", 5.0)
    assert results["stdout_visibility"] == "hidden"


def test_gradescope_keeps_revealed_hidden_tests_until_grades_are_published():
    """What quotes inputs cannot be used for another attempt."""
    tests = json.loads(gradescope(shown(ordinary, show_hidden=True)))["tests"]

    waiting = [test["name"] for test in tests if test["visibility"] == "after_published"]
    assert waiting == ["pad2d: Sizes.", "pad2d: Modes.", "pad2d: Large."]


# ---------------------------------------------------------------- PrairieLearn


def test_prairielearn_gets_a_share_and_each_test():
    """The score is between 0 and 1; the tests have points."""
    results = json.loads(prairielearn(shown(ordinary)))

    assert results["gradable"] is True
    assert results["score"] == pytest.approx(5 / 18)
    assert [(t["points"], t["max_points"]) for t in results["tests"]] == [
        (2, 2), (0, 2), (0, 2), (0, 2), (0, 2), (0, 2), (0, 2), (3, 4),
    ]  # fmt: skip


@pytest.mark.parametrize("make", [rejected, broken])
def test_prairielearn_takes_no_attempt_for_what_was_not_judged(make):
    """Not gradable: no score, and the reason as a list."""
    results = json.loads(prairielearn(shown(make)))

    assert results["gradable"] is False
    assert "score" not in results
    assert len(results["format_errors"]) == 1
    assert results["format_errors"][0].endswith((".", "again"))


def test_prairielearn_stays_below_its_limit():
    """A thousand long messages are shortened; the points stay."""
    long = [result(Outcome.FAILED, feedback="é" * 4_000) for _ in range(1_000)]
    text = prairielearn(view(grade(*long), show_hidden=False))

    assert len(text.encode()) <= 1_000_000
    assert len(json.loads(text)["tests"]) == 1_000


# ---------------------------------------------------------------- GitHub Classroom

CLASSROOM_TEST = {
    "name", "status", "message", "test_code", "task_id", "filename", "line_no", "duration", "score",
}  # fmt: skip


def decoded(text):
    return json.loads(base64.b64decode(text, validate=True))


@pytest.mark.parametrize("make", EVERY)
def test_classroom_gets_what_its_reporter_reads(make):
    """There is always a test, and none shows its code."""
    results = decoded(classroom(shown(make)))

    assert set(results) == {"version", "status", "max_score", "tests"}
    assert results["version"] == 3
    assert results["status"] in ("pass", "fail", "error")
    assert results["tests"]
    for test in results["tests"]:
        assert set(test) == CLASSROOM_TEST
        assert test["status"] in ("pass", "fail", "error")
        assert test["test_code"] == ""


@pytest.mark.parametrize(
    ("make", "status"),
    [(lambda: grade(result()), "pass"), (ordinary, "fail"), (broken, "error"), (rejected, "error")],
)
def test_classroom_says_whether_all_passed(make, status):
    """An error is what no test of the student's decided."""
    assert decoded(classroom(shown(make)))["status"] == status


def test_classroom_points_add_up():
    """The reporter adds the scores of the tests."""
    results = decoded(classroom(shown(ordinary)))

    assert sum(test["score"] for test in results["tests"]) == 5
    assert results["max_score"] == 18


def test_classroom_names_no_file_of_a_hidden_test():
    """Its name is one of the things that are hidden."""
    tests = decoded(classroom(shown(ordinary)))["tests"]

    assert [test["filename"] for test in tests][:3] == ["test_padding.py", "test_padding.py", ""]


def test_classroom_fits_into_an_environment_variable():
    """Linux takes no more than 128 KiB in one; it is one line."""
    long = [result(Outcome.FAILED, feedback="x" * 4_000) for _ in range(200)]
    text = classroom(view(grade(*long), show_hidden=False))

    assert len(text) < 128 * 1024 - len("PYTEST_RESULTS=")
    assert "\n" not in text


# ---------------------------------------------------------------- Classroom 50

NAME = {"type": "string", "minLength": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
RESULT_SCHEMA = {  # classroom50/result/v1, in our words
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema", "classroom", "assignment", "assignment_type", "owner", "submission", "commit",
        "release", "review", "datetime", "score", "max-score", "tests",
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "submission": {"type": "string", "pattern": "^submit/"},
        "score": {"type": "integer", "minimum": 0},
        "max-score": {"type": "integer", "minimum": 0},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": {"type": "string", "minLength": 1},
                    "passed": {"type": "boolean"},
                    "score": {"type": "integer", "minimum": 0},
                    "max-score": {"type": "integer", "minimum": 0},
                },
            },
        },
        **dict.fromkeys(("classroom", "assignment", "owner"), NAME),
        **dict.fromkeys(("commit", "release", "review"), NAME),
        **dict.fromkeys(("datetime", "graded_at"), TIME),
    },
}  # fmt: skip


@pytest.mark.parametrize("make", EVERY)
def test_classroom50_obeys_its_schema(make):
    """Whole points, at most the maximum; closed keys."""
    content = json.loads(classroom50(shown(make), RUNNER))

    jsonschema.Draft202012Validator(RESULT_SCHEMA).validate(content)
    assert content["tests"]
    for scored in (content, *content["tests"]):
        assert scored["score"] <= scored["max-score"]


def test_classroom50_takes_the_identity_from_its_runner():
    """And the time of the submission from the tag, which grading again does not change."""
    content = json.loads(classroom50(shown(ordinary), RUNNER))

    assert (content["owner"], content["assignment"]) == ("octo-ada", "convolution")
    assert content["assignment_type"] == "individual"
    assert content["datetime"] == "2026-09-30T23:59:01Z"
    assert content["graded_at"] == "2026-10-01T12:00:00Z"
    other = json.loads(classroom50(shown(ordinary), {**RUNNER, "SUBMISSION_TAG": "submit/x"}))
    assert other["datetime"] == "2026-10-01T12:00:00Z"


@pytest.mark.parametrize(
    ("points", "share", "expected"),
    [(2.5, 1.0, (3, 3)), (2.5, 0.5, (1, 3)), (0.25, 0.0, (0, 0)), (3.0, 0.5, (2, 3))],
)
def test_classroom50_rounds_halves_up(points, share, expected):
    """The score and its maximum alike, so it never exceeds it."""
    one = grade(result(Outcome.FAILED, points=points, share=share))
    (test,) = json.loads(classroom50(view(one, show_hidden=False), RUNNER))["tests"]

    assert (test["score"], test["max-score"]) == expected


def test_classroom50_names_the_variables_that_are_missing():
    """They are there only where its runner starts us."""
    with pytest.raises(GraderError, match="no USERNAME, COMMIT_URL, which Classroom 50's runner"):
        classroom50(shown(ordinary), {**RUNNER, "USERNAME": "", "COMMIT_URL": ""})


# ---------------------------------------------------------------- all of them


def texts(content):
    """Yield every text in what was read from JSON."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list | dict):
        for each in content.values() if isinstance(content, dict) else content:
            yield from texts(each)


@pytest.mark.parametrize(
    ("write", "read"),
    [
        (ctrf, json.loads),
        (gradescope, json.loads),
        (prairielearn, json.loads),
        (classroom, decoded),
        (lambda view: classroom50(view, RUNNER), json.loads),
    ],
    ids=["ctrf", "gradescope", "prairielearn", "classroom", "classroom50"],
)
def test_hostile_text_steers_nothing(write, read):
    """Neither a terminal, nor the eye, nor GitHub's runner where a reporter prints it."""
    found = list(texts(read(write(shown(hostile)))))

    assert any("alert(1)" in text for text in found)
    for line in "\n".join(found).split("\n"):
        assert all(c.isprintable() or c == "\t" for c in line)
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
