"""What lateness costs: read strictly, counted in days begun, capped."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from grader.course import assignment_sha256, read_assignment
from grader.errors import GraderError
from grader.late import LatePolicy

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
POLICY = LatePolicy(due=DUE, grace=timedelta(minutes=15), penalty_per_day=0.1, cap=0.25)
WRITTEN = (
    "\n[late]\ndue = 2026-12-01T23:59:00Z\ngrace_minutes = 15\npenalty_per_day = 0.1\ncap = 0.25\n"
)


@pytest.mark.parametrize(
    ("late", "share"),
    [
        (timedelta(days=-3), 0.0),
        (timedelta(0), 0.0),
        (timedelta(minutes=15), 0.0),
        (timedelta(minutes=15, seconds=1), 0.1),
        (timedelta(days=1), 0.1),
        (timedelta(days=1, seconds=1), 0.2),
        (timedelta(days=2, seconds=1), 0.25),
        (timedelta(days=400), 0.25),
    ],
)
def test_each_day_begun_costs_its_share_up_to_the_cap(late, share):
    """Days are counted from the due date; the grace decides whether it is late at all."""
    assert POLICY.share(POLICY.lateness(DUE + late, None)) == pytest.approx(share)


def test_an_extension_moves_the_due_date():
    """Of one student, for good or ill."""
    submitted = DUE + timedelta(days=2)
    assert POLICY.lateness(submitted, DUE + timedelta(days=3)) == timedelta(days=-1)


def test_a_time_without_a_zone_is_read_in_that_of_the_due_date():
    """Brightspace writes the time of the course."""
    berlin = timezone(timedelta(hours=1))
    policy = LatePolicy(due=DUE.astimezone(berlin), grace=timedelta(0), penalty_per_day=0.1, cap=1)
    assert policy.lateness(datetime(2026, 12, 2, 1, 0), None) == timedelta(minutes=1)


def test_a_policy_is_read_from_the_description(tiny):
    """All four keys."""
    with (tiny / "assignment.toml").open("a") as file:
        file.write(WRITTEN)
    assert read_assignment(tiny).late == POLICY


def test_without_a_table_there_is_no_policy(tiny):
    """Nothing is taken off."""
    assert read_assignment(tiny).late is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("due = 2026-12-01T23:59:00Z\n", "", "'due' is missing; add due = "),
        ("00Z", "00", "'due' must be a time with its zone"),
        ("cap = 0.25\n", "", "'cap' is missing"),
        ("cap = 0.25", "cap = 25", "'cap' is a share of all points, at most 1; it is 25"),
        ("per_day = 0.1", "per_day = -0.1", "'penalty_per_day' must be 0 or more"),
        ("grace_minutes = 15", 'grace_minutes = "15"', "'grace_minutes' must be a number"),
        ("cap = 0.25", "cap = 0.25\nmercy = 1", "unknown key 'mercy'"),
    ],
)
def test_a_policy_is_read_strictly(tiny, old, new, sentence):
    """A misspelt key is an error, where it would cost points unnoticed."""
    assert old in WRITTEN
    with (tiny / "assignment.toml").open("a") as file:
        file.write(WRITTEN.replace(old, new))
    with pytest.raises(GraderError, match=sentence):
        read_assignment(tiny)


def test_a_policy_makes_no_grade_stale(tiny):
    """It is applied when results are written: a later due date needs no grading."""
    before = assignment_sha256(tiny)
    with (tiny / "assignment.toml").open("a") as file:
        file.write('\n[feedback]\nhidden = "visible"\n' + WRITTEN)
    assert assignment_sha256(tiny) == before
