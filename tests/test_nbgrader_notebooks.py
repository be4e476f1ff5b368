"""An assignment that nbgrader's authors wrote, graded by nbgrader and by us."""

import json
from math import inf, nan

import pytest

from grader.cli import main
from grader.course import Limits
from grader.errors import GraderError, SubmissionRejectedError
from grader.nbgrader.handed_in import lay_out
from grader.nbgrader.session import judge
from grader.nbgrader.source import SourceCell, SourceNotebook, read_source
from grader.results import Outcome
from tests.nbgrader_course import hand_in, listed, quickstart, run_nbgrader, scores

SECONDS = 5
HARMFUL = (nan, inf, -1.0, 2.5, 1, "2.0", [2.0], True)
SQUARES = """\
def squares(n):
    if n < 1:
        raise ValueError("n must be at least 1")
    return [i ** 2 for i in range(1, n + 1)]
"""
SUM = "def sum_of_squares(n):\n    return sum(squares(n))\n"
HONEST = {
    "perfect": {"squares": f"%matplotlib inline\n{SQUARES}", "sum_of_squares": SUM},
    "untouched": {},
    "no-error": {"squares": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"},
    "from-zero": {"squares": SQUARES.replace("(1, n + 1)", "(n)"), "sum_of_squares": SUM},
    "own-sum": {
        "squares": SQUARES,
        "sum_of_squares": "def sum_of_squares(n):\n    return sum(i * i for i in range(1, n + 1))",
    },
    "noisy": {
        "squares": SQUARES.replace("    if", "    import sys\n    sys.stderr.write('.')\n    if"),
        "sum_of_squares": SUM,
    },
    "syntax-error": {"squares": "def squares(n:", "sum_of_squares": SUM},
    "endless": {"squares": SQUARES.replace("    if", "    while n == 11:\n        pass\n    if")},
}
HOSTILE = {
    "exits": {"squares": "import os\nos._exit(0)"},
    "raises-exit": {"squares": "def squares(n):\n    raise SystemExit(0)"},
    "edits-the-tests": {"correct_squares": "pass", "squares_invalid_input": "pass"},
    "forges": {"squares": "import deltagrade_cells\ndeltagrade_cells.run = lambda *a: 'passed'"},
    "points": {"correct_squares": "100.0", "squares": "from math import nan as squares"},
    "nameless-error": {"squares": "def squares(n):\n    raise type('', (Exception,), {})"},
    "lying-error": {
        "squares": "class E(Exception):\n    def __str__(self): raise self\n\n\n"
        "def squares(n):\n    raise E",
    },
    "strange": {
        "squares": "x = '" + "y" * 200_000 + "'\n\0",
        "sum_of_squares": "[" * 90_000,
    },
    "reads": {
        "squares": "import pathlib\nprint(pathlib.Path('{source}').read_text())",
        "sum_of_squares": SUM,
    },
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Let nbgrader make its course; the honest hand in, and nbgrader grades them."""
    course = quickstart(tmp_path_factory.mktemp("nbgrader"))
    for student, answers in HONEST.items():
        hand_in(course, student, "ps1", "problem1", answers)
    run_nbgrader(course, "autograde", "ps1", f"--Execute.timeout={SECONDS}")
    return course


@pytest.fixture(scope="module")
def out(course):
    """Grade everybody, the hostile too; give the folder with the results."""
    source = course / "source" / "ps1" / "problem1.ipynb"
    for student, answers in HOSTILE.items():
        texts = {name: text.replace("{source}", str(source)) for name, text in answers.items()}
        hand_in(course, student, "ps1", "problem1", texts)
    out = course.parent / "graded"
    limits = Limits(test_seconds=SECONDS, submission_seconds=60, memory_mb=1024)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("grader.nbgrader.source.LIMITS", limits)
        assert main(["grade", "--layout", "nbgrader", str(course), "--out", str(out)]) == 0
    return out


def result_of(out, student):
    return json.loads((out / "results" / f"{student}.json").read_text())


def test_the_points_are_those_of_nbgrader(course, out):
    """For every honest submission, whether it is right, wrong, noisy or endless."""
    ours = {student: result_of(out, student)["score"] for student in HONEST}

    assert ours == scores(course, "ps1")
    assert len(set(ours.values())) > 3  # it is no comparison of zeros


def test_each_cell_of_tests_has_its_own_points(out):
    """And the answer before it is its task."""
    tests = result_of(out, "no-error")["tests"]
    assert [(test["test"], test["task"], test["score"], test["points"]) for test in tests] == [
        ("problem1.ipynb::correct_squares", "problem1/squares", 1.0, 1.0),
        ("problem1.ipynb::squares_invalid_input", "problem1/squares", 0.0, 1.0),
        ("problem1.ipynb::correct_sum_of_squares", "problem1/sum_of_squares", 0.0, 0.5),
        ("problem1.ipynb::sum_of_squares_uses_squares", "problem1/sum_of_squares", 0.0, 0.5),
    ]
    assert "did not raise\n  at cell squares_invalid_input, line 7" in tests[1]["feedback"]
    assert tests[0]["title"] == "Check that squares returns the correct output for several inputs"


def test_the_result_says_how_far_it_can_be_trusted(out):
    """And what it leaves to a person."""
    result = result_of(out, "perfect")
    assert result["environment"]["trust"] == "tests and answers shared a process, as in nbgrader"
    assert result["environment"]["sandbox"] in ("full", "reduced")
    assert any("sum_of_squares_equation (1)" in message for message in result["messages"])


@pytest.mark.parametrize("student", HOSTILE)
def test_tricks_earn_nothing(out, student):
    """Whoever ends the process, edits the tests or reads files has no points."""
    result = result_of(out, student)
    assert result["score"] == 0.0
    assert result["status"] == "graded"
    assert "BEGIN HIDDEN TESTS" not in json.dumps(result)


def test_an_endless_cell_costs_only_itself(out):
    """As in nbgrader, the cells that follow are run."""
    first, second, *_ = result_of(out, "endless")["tests"]
    assert (first["outcome"], second["outcome"]) == ("timeout", "passed")


def test_the_scores_get_into_their_gradebook(course, out):
    """A comment stands at the answer; what a person grades stays open."""
    assert main(["export", "nbgrader", str(out), "-o", str(course)]) == 0
    from nbgrader.api import Gradebook  # noqa: PLC0415 - only where it is installed

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        place = ("problem1", "ps1", "from-zero")
        assert book.find_grade("squares_invalid_input", *place).auto_score == 1.0
        assert "assert squares(1) == [1]" in book.find_comment("squares", *place).comment
        assert book.find_grade("sum_of_squares_equation", *place[:2], "reads").needs_manual_grade


def test_formgrader_lists_what_nbgrader_has_not_run(course, out):
    """The copy into autograded/ runs none of it, and keeps the scores."""
    assert main(["export", "nbgrader", str(out), "-o", str(course)]) == 0
    run_nbgrader(course, "autograde", "ps1", "--Autograde.autograde_preprocessors=[]")
    assert listed(course, "ps1") == {
        student: [True, result_of(out, student)["score"]] for student in HONEST | HOSTILE
    }


@pytest.mark.parametrize(
    "value",
    [
        None, "passed", {}, {"error": "", "stderr": "", "value": None},
        {"error": 0, "late": False, "stderr": "", "value": None},
        *({"error": "", "late": False, "stderr": "", "value": v} for v in HARMFUL),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_earns_nothing(value):
    """Whatever the submission's process says in place of the truth."""
    outcome, feedback, share = judge({"value": value}, 2.0)
    assert (outcome is Outcome.PASSED, share) == (False, 0.0)
    assert feedback


def test_a_number_at_the_end_is_a_part_of_the_points():
    """A plain float, as nbgrader asks for."""
    answer = {"error": "", "late": False, "stderr": "", "value": 0.5}
    assert judge({"value": answer}, 2.0)[2] == 0.25
    assert judge({"value": answer | {"value": 2.0}}, 2.0)[0] is Outcome.PASSED


NOTEBOOK = SourceNotebook(
    name="hw",
    cells=(
        SourceCell(name="answer", is_code=True, source="theirs", is_locked=False),
        SourceCell(name="tests", is_code=True, source="the tests", is_locked=True),
    ),
)


def notebook(*cells):
    return json.dumps(
        {
            "nbformat": 4,
            "cells": [
                {"cell_type": kind, "source": text, "metadata": {"nbgrader": {"grade_id": name}}}
                for kind, text, name in cells
            ],
        }
    ).encode()


def test_tests_are_the_instructor_s_and_the_last_of_two_cells_counts():
    """Whatever the student's copy of them says, or has become."""
    steps = lay_out(
        NOTEBOOK,
        notebook(
            ("code", "early", "tests"), ("markdown", "answer = 1", "answer"),
            ("markdown", "text", "own"), ("code", ["own =", " 2"], "own"),
            ("markdown", [1], "tests"), ("code", "half a \ud800", 3),
        ),
    )  # fmt: skip
    assert [step.source for step in steps] == [
        "early", "answer = 1", "own = 2", "the tests", "half a ?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"nbformat": 4, "cells": 1}', b'{"nbformat": 4, "cells": [1]}',
     b"[" * 100_000, b"\xff\xfe", b'{"nbformat": 3, "worksheets": []}'],
)  # fmt: skip
def test_what_is_no_notebook_is_rejected(content):
    """With a sentence, and no traceback."""
    with pytest.raises(SubmissionRejectedError, match=r"hw\.ipynb (is|has) .*; "):
        lay_out(NOTEBOOK, content)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--layout", "nbgrader", "."], "say which assignment, and then the folder"),
        (["a1_convolution"], "say which assignment, and then the folder"),
        (["ps1", ".", "--layout", "nbgrader"], "has no notebook with tests that are worth points"),
    ],
)
def test_what_cannot_be_graded_is_said(tmp_path, monkeypatch, capsys, arguments, why):
    """A folder without an assignment, and an assignment without tests."""
    for name in ("ps1", "ps2"):
        (tmp_path / "source" / name).mkdir(parents=True)
    (tmp_path / "submitted").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["grade", *arguments]) == 2
    assert why in capsys.readouterr().err


def test_tests_that_are_still_to_be_generated_are_refused(tmp_path):
    """Without this a cell of nothing but a comment would earn all its points."""
    nbformat = pytest.importorskip("nbformat")
    mark = {"grade": True, "solution": False, "points": 1, "grade_id": "t", "schema_version": 3}
    cell = nbformat.v4.new_code_cell("### AUTOTEST squares(1)", metadata={"nbgrader": mark})
    text = nbformat.writes(nbformat.v4.new_notebook(cells=[cell]))
    (tmp_path / "hw.ipynb").write_text(text)
    with pytest.raises(GraderError, match="the tests of t are still to be generated"):
        read_source(tmp_path)
