"""What a student may read of a grade."""

import pytest

from grader.errors import GraderError
from grader.exports.view import fit, view
from grader.results import Outcome, Status
from tests.exports_examples import QUOTED, broken, grade, ordinary, rejected, result


def texts_of(shown) -> str:
    return "\n".join(
        [*shown.messages, *(f"{t.name} {t.test} {t.explanation}" for t in shown.tests)]
    )


@pytest.mark.parametrize("make", [ordinary, broken])
def test_nothing_that_a_hidden_test_or_our_own_fault_says_is_shown(make):
    """Inputs and expected values stay with the instructor."""
    assert QUOTED not in texts_of(view(make(), show_hidden=False))
    assert QUOTED in texts_of(view(make(), show_hidden=True))


def test_a_hidden_test_shows_title_outcome_and_points():
    """So a student knows which behaviour is wrong, and what it costs."""
    shown = view(ordinary(), show_hidden=False).tests[2]

    assert (shown.name, shown.outcome, shown.score, shown.points) == (
        "Sizes.", Outcome.FAILED, 0.0, 2.0,
    )  # fmt: skip
    assert shown.text == "This hidden test does not pass."
    assert shown.test == ""


def test_of_hidden_tests_only_the_hint_about_a_known_mistake_is_shown():
    """A test's own hint may quote its inputs; a mutant's was written for students."""
    shown = view(ordinary(), show_hidden=False).tests

    assert shown[2].hint == ""
    assert shown[3].hint == "The mirror does not repeat the edge."


@pytest.mark.parametrize("outcome", [o for o in Outcome if o.is_wrong])
def test_every_outcome_of_a_hidden_test_is_put_into_words(outcome):
    """Whatever became of it, its own words are not shown."""
    failed = result(outcome, hidden=True, feedback=QUOTED, hint=QUOTED)
    (shown,) = view(grade(failed), show_hidden=False).tests

    assert shown.text.endswith(".")
    assert QUOTED not in shown.explanation


def test_a_public_test_shows_everything():
    """Its file is in the student's hands."""
    shown = view(ordinary(), show_hidden=False).tests[1]

    assert shown.explanation == (
        "padded differs\n  worst: padded[0, 0] is 1\nhint: Look at the corners."
    )
    assert shown.test == "test_padding.py::test_corners"


def test_a_hidden_test_that_passes_says_nothing():
    """There is nothing to mend."""
    (shown,) = view(grade(result(hidden=True)), show_hidden=False).tests

    assert shown.passed
    assert shown.explanation == ""


def test_a_rejected_submission_has_one_test_that_says_why():
    """Readers of reports take no tests for no faults."""
    (shown,) = view(rejected(), show_hidden=False).tests

    assert (shown.outcome, shown.points) == (Outcome.FAILED, 100.0)
    assert "not a readable zip file" in shown.text


def test_a_submission_that_we_failed_to_grade_has_one_test_without_our_reasons():
    """It is nobody's fault but ours, and the reasons are the instructor's."""
    died = grade(status=Status.BROKEN, messages=(f"the examiner died: {QUOTED}",))
    (shown,) = view(died, show_hidden=False).tests

    assert shown.outcome is Outcome.BROKEN
    assert "not your fault" in shown.text
    assert QUOTED in view(died, show_hidden=True).tests[0].text


def test_texts_are_shortened_until_they_fit():
    """The longest text that the limit allows is kept, and every test."""
    long = view(grade(*[result(Outcome.FAILED, feedback="x" * 4_000)] * 3), show_hidden=False)

    def write(shown):
        return "\n".join(test.text for test in shown.tests)

    assert fit(write, long, 20_000) == write(long)
    assert len(fit(write, long, 7_000)) == 3 * 2_001 + 2
    assert fit(write, long, 100) == "…\n…\n…"


def test_what_fits_in_no_way_is_an_error():
    """The sentence names the student and a way out."""
    with pytest.raises(GraderError, match="the result of ada has 1 tests, too many"):
        fit(lambda shown: shown.student, view(grade(result()), show_hidden=False), 2)
