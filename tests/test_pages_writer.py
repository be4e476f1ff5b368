"""Writing pages: only those that changed, and never half of one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.course import Assignment
from grader.feedback import Feedback, Showing
from grader.pages.writer import Pages
from grader.results import Grade, Outcome, Visibility
from tests.page_grades import MISMATCH, assignment, grade, result

HIDDEN = result(
    "pad", "test_secret", Outcome.FAILED, visibility=Visibility.HIDDEN, feedback=MISMATCH
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give a folder for results."""
    (tmp_path / "feedback").mkdir()
    return tmp_path


def write(out: Path, given: Grade, described: Assignment | None = None) -> None:
    """Write a student's pages as a run of the grader does."""
    Pages(out, described or assignment()).write_student(given, json.dumps(given.to_json()))


def test_a_student_gets_a_page_and_its_markdown(out):
    """Both lie under the student's name."""
    write(out, grade("Ada L", [HIDDEN]))
    assert sorted(path.name for path in (out / "feedback").iterdir()) == ["Ada L.html", "Ada L.md"]
    assert "<h1>Padding &amp; blurring</h1>" in (out / "feedback" / "Ada L.html").read_text()
    assert "# Padding \\& blurring" in (out / "feedback" / "Ada L.md").read_text()


@pytest.fixture
def unrenderable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it an error to render a page."""

    def refuse(*_: object, **__: object) -> str:
        pytest.fail("a page was made anew")

    monkeypatch.setattr("grader.pages.writer.render", refuse)


def test_a_page_whose_grade_has_not_changed_is_left_alone(out, request):
    """A run over a class that is graded already makes no page."""
    write(out, grade("ada", [HIDDEN]))
    request.getfixturevalue("unrenderable")
    write(out, grade("ada", [HIDDEN]))


@pytest.mark.parametrize("missing", ["ada.html", "ada.md"])
def test_a_page_that_is_missing_is_written_again(out, missing):
    """Whoever deletes one gets it back."""
    write(out, grade("ada", [HIDDEN]))
    (out / "feedback" / missing).unlink()
    write(out, grade("ada", [HIDDEN]))
    assert (out / "feedback" / missing).is_file()


def test_a_page_whose_grade_changed_is_written_again(out):
    """The score on the page is that of the grade."""
    write(out, grade("ada", [HIDDEN]))
    write(out, grade("ada", [replace(HIDDEN, outcome=Outcome.PASSED)]))
    assert "10</span> <span" in (out / "feedback" / "ada.html").read_text()


@pytest.mark.parametrize(
    ("hidden", "days", "revealed"),
    [
        (Showing.HIDDEN, -1, False),
        (Showing.AFTER_DUE_DATE, 1, False),
        (Showing.AFTER_DUE_DATE, -1, True),
        (Showing.VISIBLE, 1, True),
    ],
)
def test_hidden_tests_are_shown_as_the_assignment_says(out, hidden, days, revealed):
    """A page that was written before the due date is written again after it."""
    write(out, grade("ada", [HIDDEN]))
    due = datetime.now(UTC) + timedelta(days=days)
    write(out, grade("ada", [HIDDEN]), assignment(Feedback(hidden=hidden, due=due)))
    for name in ("ada.html", "ada.md"):
        text = (out / "feedback" / name).read_text()
        assert ("padded differs" in text) == revealed


def test_a_class_gets_a_page_by_name_and_one_by_score(out):
    """Each links to the other, and says which it is."""
    Pages(out, assignment()).write_class([grade("ada", [HIDDEN]), grade("ben", [HIDDEN])])
    by_name, by_score = ((out / name).read_text() for name in ("index.html", "by-score.html"))
    assert 'href="by-score.html#students"' in by_name
    assert 'href="index.html#students"' in by_score
    assert '<strong aria-current="page">by score</strong>' in by_score
