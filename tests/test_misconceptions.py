"""Known mistakes: recognised by equal answers, and only when nothing speaks against them."""

import json

import pytest

from grader.errors import GraderError
from grader.misconceptions import (
    FINGERPRINTS,
    PRACTICE_SEED,
    Misconceptions,
    count_misconceptions,
    tabulate_answers,
)
from grader.results import Grade, Outcome, Result, Status, Test, Visibility

SEED = 7
HINTS = {"sum": "Divide by N.", "sign": "Go downhill.", "axis": "Look at the axis."}


def result(test, outcome=Outcome.FAILED, mark="", task="loss", **facts):
    """Return a test's result."""
    described = Test(test=test, task=task, title=test, visibility=Visibility.PUBLIC, points=1)
    return Result.of(described, outcome, fingerprint=mark, **facts)


def passed(test):
    """Return the result of a test that passed."""
    return result(test, Outcome.PASSED)


def known(**table):
    """Return misconceptions with one table, of the seed of grades."""
    return Misconceptions(assignment_sha256="ab", hints=HINTS, tables={SEED: table})


def names(results):
    """Return the mistakes that were recognised, in the order of the tests."""
    return [each.misconception for each in results]


def test_an_equal_answer_gets_the_name_and_the_hint():
    """The author's hint replaces what a check could guess."""
    [found] = known(a={"f1": ["sum"]}).recognise([result("a", mark="f1", hint="Hm.")], SEED)
    assert (found.misconception, found.hint) == ("sum", "Divide by N.")


@pytest.mark.parametrize(
    ("given", "seed"),
    [
        (result("a", mark="f2"), SEED),  # another answer
        (result("a"), SEED),  # no fingerprint
        (result("b", mark="f1"), SEED),  # another test
        (result("a", mark="f1"), SEED + 1),  # other inputs
        (result("a", Outcome.SKIPPED, mark="f1"), SEED),  # its root lies in another task
    ],
)
def test_anything_else_is_left_as_it_is(given, seed):
    """No hint is better than a wrong one."""
    assert known(a={"f1": ["sum"]}).recognise([given], seed) == (given,)


def test_an_answer_that_two_mistakes_give_is_nobodys():
    """It could be either."""
    table = known(a={"f1": ["sum", "sign"]})
    assert names(table.recognise([result("a", mark="f1")], SEED)) == [""]


def test_a_passed_test_that_one_of_two_would_have_failed_decides():
    """Who passes the test of the sign has no wrong sign; an exception says nothing."""
    table = known(a={"f1": ["sum", "sign"]}, b={"f9": ["sign"]})
    results = [result("a", mark="f1"), passed("b")]
    assert names(table.recognise(results, SEED)) == ["sum", ""]
    assert names(table.recognise([result("a", mark="f1"), result("b")], SEED)) == ["", ""]


def test_the_tests_of_other_tasks_tell_two_mistakes_apart():
    """Who passes the tests of the function below has not made the mistake there."""
    table = known(a={"f1": ["sum", "sign"]}, b={"f2": ["sign"]})
    results = [result("a", mark="f1"), result("b", Outcome.PASSED, task="train")]
    assert names(table.recognise(results, SEED)) == ["sum", ""]


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ([], "sum"),
        ([result("b", mark="f2")], "sum"),  # a second equal answer
        ([result("b", mark="f7")], ""),  # one for, one against
        ([passed("b")], ""),
        ([result("b", mark="f2"), passed("c")], "sum"),  # two for, one against
        ([result("b", mark="f2"), passed("c"), result("d", mark="f7")], ""),
        ([result("b"), result("c", Outcome.CRASHED)], "sum"),  # these gave no answer
        ([result("b", mark="f7", task="train"), passed("e")], "sum"),  # of other matters
    ],
)
def test_what_could_be_chance_is_weighed_against_the_other_tests(others, found):
    """3 x is x squared if x is 3, but not if it is 4."""
    table = known(a={"f1": ["sum"]}, b={"f2": ["sum"]}, c={"f3": ["sum"]}, d={"f4": ["sum"]})
    first, *_ = table.recognise([result("a", mark="f1"), *others], SEED)
    assert first.misconception == found


def test_practice_knows_only_its_own_table_and_hints():
    """What students receive says nothing of hidden tests and their mistakes."""
    everything = Misconceptions(
        assignment_sha256="ab",
        hints=HINTS,
        tables={SEED: {"hidden": {"f1": ["axis"]}}, PRACTICE_SEED: {"a": {"f2": ["sum"]}}},
    )
    released = everything.for_practice().to_text()
    assert json.loads(released)["hints"] == {"sum": "Divide by N."}
    assert "hidden" not in released
    assert "axis" not in released


def test_a_file_is_read_as_it_was_written(tmp_path):
    """Nothing is lost on the way to the disk."""
    written = known(a={"f1": ["sum"]})
    (tmp_path / FINGERPRINTS).write_text(written.to_text())
    assert Misconceptions.read(tmp_path) == written


def test_without_a_file_nothing_is_known(tmp_path):
    """An assignment may have no known mistakes."""
    assert Misconceptions.read(tmp_path) == Misconceptions()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"assignment_sha256": "a", "hints": {}}', "\xff"]
)
def test_a_damaged_file_is_named_with_a_remedy(tmp_path, text):
    """A student reads this."""
    (tmp_path / FINGERPRINTS).write_text(text, encoding="latin-1")
    with pytest.raises(GraderError, match=r"fingerprints\.json cannot be read.*delete it"):
        Misconceptions.read(tmp_path)


def test_a_table_holds_each_answer_once_with_all_who_give_it():
    """Failures without an answer, such as exceptions, are in no table."""
    runs = {
        "sum": [result("a", mark="f1"), result("b")],
        "sign": [result("a", mark="f1"), result("b", mark="f2"), passed("c")],
    }
    assert tabulate_answers(runs) == {"a": {"f1": ["sum", "sign"]}, "b": {"f2": ["sign"]}}


def grade(student, *results):
    """Return a grade with these results."""
    return Grade(
        assignment="x",
        student=student,
        status=Status.GRADED,
        submission_sha256="",
        graded_at="",
        environment={},
        max_score=100,
        results=results,
    )


def test_a_class_is_counted_by_student_not_by_test():
    """Who fails four tests by one mistake has made one mistake."""

    def wrong(test, name, task="loss"):
        return result(test, task=task, misconception=name, hint=HINTS[name])

    occurrences = count_misconceptions(
        [
            grade("ada", wrong("a", "sum"), wrong("b", "sum"), wrong("c", "sum", task="train")),
            grade("ben", wrong("a", "sign"), passed("b")),
            grade("cleo", wrong("a", "sum")),
            grade("dan", passed("a")),
        ]
    )
    assert [(o.name, o.task, o.students) for o in occurrences] == [
        ("sum", "loss", ("ada", "cleo")),
        ("sign", "loss", ("ben",)),
    ]
    assert occurrences[0].hint == "Divide by N."
