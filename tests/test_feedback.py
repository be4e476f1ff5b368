"""What an assignment says about showing hidden tests."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.course import assignment_sha256, read_assignment
from grader.errors import GraderError
from grader.feedback import Feedback, Showing

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)


def describe(tiny: Path, table: str) -> None:
    """Add a table to the description of the tiny assignment."""
    path = tiny / "assignment.toml"
    path.write_text(path.read_text() + table)


@pytest.mark.parametrize(
    ("table", "feedback"),
    [
        ("", Feedback()),
        ('[feedback]\nhidden = "hidden"\n', Feedback()),
        ('[feedback]\nhidden = "visible"\n', Feedback(hidden=Showing.VISIBLE)),
        (
            '[feedback]\nhidden = "after_due_date"\ndue = 2026-12-02T00:59:00+01:00\n',
            Feedback(hidden=Showing.AFTER_DUE_DATE, due=DUE),
        ),
    ],
)
def test_the_table_is_read(tiny, table, feedback):
    """Without it, hidden tests stay hidden."""
    describe(tiny, table)
    assert read_assignment(tiny).feedback == feedback


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('hidden = "sometimes"', "'hidden' must be one of hidden, after_due_date, visible"),
        ('hidden = "after_due_date"', "add due = 2026-12-01T23:59:00Z"),
        ('hidden = "visible"\ndue = 2026-12-01T23:59:00', "'due' must be a time with its zone"),
        ('hidden = "visible"\ndue = "tomorrow"', "'due' must be a time with its zone"),
        ('hiden = "visible"', "rename 'hiden'"),
        ('hidden = "visible"\ndu = 1', "did you mean 'due'?"),
        ("hidden = true", "'hidden' must be a text"),
    ],
)
def test_a_mistake_in_the_table_is_an_error(tiny, table, problem):
    """The message names the file and says what to write."""
    describe(tiny, f"[feedback]\n{table}\n")
    with pytest.raises(GraderError, match=r"assignment\.toml") as caught:
        read_assignment(tiny)
    assert problem in str(caught.value)


def test_hidden_tests_are_revealed_after_the_due_date():
    """And not at it."""
    feedback = Feedback(hidden=Showing.AFTER_DUE_DATE, due=DUE)
    assert not feedback.reveals_hidden(DUE)
    assert feedback.reveals_hidden(DUE.replace(day=2))
    assert Feedback(hidden=Showing.VISIBLE).reveals_hidden(DUE)
    assert not Feedback(due=DUE).reveals_hidden(DUE.replace(day=2))


TABLE = '[feedback]\nhidden = "after_due_date"\ndue = 2026-12-01T23:59:00Z  # a [date]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [("", f"\n{TABLE}"), ("", f"\n{TABLE.rstrip()}"), ("[limits]", f"{TABLE}\n[limits]")],
    ids=["at the end", "without a last line break", "in the middle"],
)
def test_what_students_may_read_changes_no_grade(tiny, before, after):
    """An instructor can move the due date without grading everything again."""
    path, unchanged = tiny / "assignment.toml", assignment_sha256(tiny)
    text = path.read_text()
    path.write_text(text.replace(before, after) if before else text + after)
    assert read_assignment(tiny).feedback.due == DUE
    assert assignment_sha256(tiny) == unchanged
    path.write_text(path.read_text().replace("test_seconds = 5", "test_seconds = 6"))
    assert assignment_sha256(tiny) != unchanged
