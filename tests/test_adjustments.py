"""From the score of the tests to the score that counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from grader.adjustments import Decisions, adjusted, decisions_of, unadjusted
from grader.gradebook import Change, Kind
from grader.late import LatePolicy
from grader.results import Status
from tests.exports_examples import grade, result

DUE = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
POLICY = LatePolicy(due=DUE, grace=timedelta(minutes=10), penalty_per_day=0.1, cap=0.5)
FULL = grade(result(points=100.0), max_score=100.0)
NOTHING = Decisions()


def handed_in(**late: float):
    """Return a full grade for what was handed in so late."""
    return replace(FULL, submitted_at=(DUE + timedelta(**late)).isoformat())


@pytest.mark.parametrize(
    ("late", "final", "sentence"),
    [
        ({"minutes": -1}, 100, None),
        ({"minutes": 5}, 100, "handed in 5 minutes late, for which nothing is taken off"),
        ({"seconds": 5}, 100, "handed in less than a minute late, for which nothing is taken off"),
        ({"hours": 2}, 90, "handed in 2 hours late: 10 of 100 points are taken off"),
        ({"hours": 25, "minutes": 1}, 80, "handed in 1 day 1 hour 1 minute late: 20 of 100"),
        ({"days": 30}, 50, "handed in 30 days late: 50 of 100 points are taken off"),
    ],
)
def test_lateness_is_taken_off_and_said(late, final, sentence):
    """The student reads how late, and what it cost."""
    found = adjusted(handed_in(**late), POLICY, NOTHING)

    assert (found.score, found.final_score) == (100, final)
    assert [said.startswith(sentence) for said in found.adjustments] == [True] * bool(sentence)


def test_nobody_falls_below_zero():
    """Half of all points cannot be taken from who has ten."""
    poor = replace(handed_in(days=30), results=(result(points=100.0, outcome="failed", share=0.1),))

    assert adjusted(poor, POLICY, NOTHING).final_score == 0


def test_without_a_time_nothing_is_taken_off_and_a_note_says_so():
    """Nobody is late whose time is not known."""
    found = adjusted(FULL, POLICY, NOTHING)

    assert found.final_score == 100
    assert "not known when this was handed in" in found.adjustments[0]
    assert adjusted(FULL, None, NOTHING) == FULL


def test_a_broken_grade_has_no_penalty():
    """It is no grade yet."""
    broken = replace(handed_in(days=3), status=Status.BROKEN)

    assert adjusted(broken, POLICY, NOTHING) == broken


def test_an_override_is_the_last_word():
    """No penalty is taken off it, and a higher or lower score does not change it."""
    found = adjusted(handed_in(days=3), POLICY, Decisions(override=85.5))

    assert found.final_score == 85.5
    assert found.adjustments == ("your instructor set the score to 85.5 points",)
    assert adjusted(found, POLICY, Decisions(override=0.0)).final_score == 0


def test_the_latest_decision_of_each_kind_counts_and_can_be_taken_back():
    """Every change is a row; an empty value ends what was before."""

    def change(kind: Kind, value: str) -> Change:
        return Change(
            assignment="a1", student="ada", kind=kind, value=value, author="x", made_at="",
            reason="r",
        )  # fmt: skip

    rows = [
        change(Kind.OVERRIDE, "10"), change(Kind.COMMENT, "Well done."),
        change(Kind.OVERRIDE, "20"), change(Kind.EXTENSION, "2026-12-02T12:00:00+00:00"),
    ]  # fmt: skip

    assert decisions_of(rows)["ada"] == Decisions(
        override=20.0, comment="Well done.", extension=DUE + timedelta(days=1)
    )
    assert decisions_of([*rows, change(Kind.OVERRIDE, "")])["ada"].override is None
    assert decisions_of(rows)["ben"] == NOTHING


def test_adjusting_twice_is_adjusting_once():
    """Results are written again and again from the same grade."""
    once = adjusted(handed_in(hours=2), POLICY, Decisions(comment="Hello."))

    assert adjusted(once, POLICY, Decisions(comment="Hello.")) == once
    assert unadjusted(once) == handed_in(hours=2)
