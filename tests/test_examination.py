"""The verdict on a test: fail closed, blame fairly, and say it in the student's words."""

import json
import sys

import pytest

from grader.course import read_assignment
from grader.examination import Examination
from grader.misconceptions import Misconceptions
from grader.results import Outcome, Test, Visibility
from grader.student import LocalModules, own_files

HEAD = """
id = "odd"
title = "Odd tests"
dataset = "digits"
packages = ["numpy"]

[limits]
test_seconds = 6
submission_seconds = 60
memory_mb = 512
"""
TASKS = {  # name: what it requires
    "right": [], "wrong": [], "builds": ["wrong"], "independent": ["wrong"], "unwritten": ["wrong"],
    "deep": ["builds"], "beside": ["right"], "fixture": [], "teardown": [], "marked_skip": [],
    "skips": [], "marked_xfail": [], "tests_fault": [], "plain_assert": [], "solved": [],
}  # fmt: skip
ODD = '''
import numpy as np

right = independent = teardown = marked_skip = skips = solved = lambda x: x
wrong = builds = deep = beside = fixture = marked_xfail = plain_assert = lambda x: x + 1
tests_fault = lambda x: None


def unwritten(x):
    raise NotImplementedError("unwritten")


class Own:
    def pad(self, x):
        return np.zeros(3)  # not numpy.pad


def banned(x):
    """Like np.pad, but by hand."""
    return np.pad(x, 1)
'''
TESTS = """
import pytest

from grader.checks import assert_allclose


@pytest.fixture
def broken():
    return 1 / 0


@pytest.fixture
def broken_afterwards():
    yield
    raise OSError("the disk is full")
"""
PLAIN = '''

@pytest.mark.task("{name}", points=2)
def test_{name}(student):
    """{name} gives back what it gets."""
    assert_allclose(student.odd.{name}(1), 1)
'''
SPECIAL = '''

@pytest.mark.task("fixture", points=2)
def test_fixture(student, broken):
    """A fixture fails."""


@pytest.mark.task("teardown", points=2)
def test_teardown(student, broken_afterwards):
    """A fixture fails after the test has passed."""
    assert student.odd.teardown(1) == 1


@pytest.mark.task("marked_skip", points=2)
@pytest.mark.skip(reason="later")
def test_marked_skip(student):
    """A mark skips this."""


@pytest.mark.task("skips", points=2)
def test_skips(student):
    """The test skips itself."""
    pytest.skip("not on this machine")


@pytest.mark.task("marked_xfail", points=2)
@pytest.mark.xfail(reason="known")
def test_marked_xfail(student):
    """A mark expects the failure."""
    assert_allclose(student.odd.marked_xfail(1), 1)


@pytest.mark.task("tests_fault", points=2)
def test_tests_fault(student):
    """The test adds to what came back."""
    assert student.odd.tests_fault(1) + 1 == 2


@pytest.mark.task("plain_assert", points=2)
def test_plain_assert(student):
    """A test may use a plain assert."""
    assert student.odd.plain_assert(1) == 1


@pytest.mark.task("banned", points=2)
def test_banned(student):
    """The result has a frame."""
    assert len(student.banned.banned([1])) == 3


@pytest.mark.task("banned", points=2)
def test_banned_again(student):
    """The result has a frame of zeros."""
'''
NAMED = ["fixture", "teardown", "marked_skip", "skips", "marked_xfail", "tests_fault",
         "plain_assert"]  # fmt: skip
GALLERY = {
    "lengths.py": None,
    "frames.py": None,
    "tests/test_lengths.py": None,
    "tests/test_frames.py": None,
    "hidden_tests/test_hidden.py": None,
    "odd.py": ODD,
    "banned.py": ODD,
    "assignment.toml": HEAD
    + "".join(
        f'[[task]]\nname = "{name}"\nfile = "odd.py"\npoints = 2\nrequires = {json.dumps(needs)}\n'
        for name, needs in TASKS.items()
    )
    + '[[task]]\nname = "banned"\nfile = "banned.py"\npoints = 4\nbanned = ["numpy.pad"]\n',
    "tests/test_odd.py": TESTS
    + "".join(PLAIN.format(name=name) for name in TASKS if name not in NAMED)
    + SPECIAL,
}


@pytest.fixture(scope="module")
def results(write_tiny, run_python, tmp_path_factory):
    """Return what became of each odd test, by the test's name; they run once."""
    folder = write_tiny(tmp_path_factory.mktemp("odd"), GALLERY)
    done = run_python("-m", "grader", "test", "--json", cwd=folder)
    assert done.stderr == ""
    tests = json.loads(done.stdout)["tests"]
    return {result["test"].partition("::test_")[2]: result for result in tests}


# ---------------------------------------------------------------- fail closed


@pytest.mark.parametrize(
    ("name", "outcome", "feedback"),
    [
        ("fixture", "broken", "not the student's fault: ZeroDivisionError: division by zero"),
        ("teardown", "broken", "not the student's fault: OSError: the disk is full"),
        ("marked_skip", "broken", "not the student's fault: Skipped: later"),
        ("skips", "failed", "the test was skipped, which earns nothing"),
        ("marked_xfail", "failed", "result is 2, expected 1"),
        ("plain_assert", "failed", "assert 2 == 1"),
        ("tests_fault", "failed", "what tests_fault returned cannot be used (TypeError: "),
    ],
)
def test_what_was_not_seen_to_pass_earns_nothing(results, name, outcome, feedback):
    """Skipped, expected to fail, or broken: no way around a test is a way to its points."""
    assert results[name]["feedback"].startswith(feedback)
    assert (results[name]["outcome"], results[name]["score"]) == (outcome, 0)
    assert (results["right"]["outcome"], results["right"]["score"]) == ("passed", 2)


def test_a_plain_assert_shows_none_of_our_objects(results):
    """A student can use the two values, and not where our objects lie in memory."""
    assert results["plain_assert"]["feedback"].startswith("assert 2 == 1")
    assert "object at 0x" not in results["plain_assert"]["feedback"]


# ---------------------------------------------------------------- tasks that build on others


def test_a_failure_points_to_the_task_it_builds_on(results):
    """The reason comes first, and what was seen stays below it."""
    assert results["builds"]["outcome"] == "skipped"
    assert results["builds"]["feedback"].splitlines()[:2] == [
        "builds builds on wrong, which does not pass its own tests yet",
        "result is 2, expected 1",
    ]
    assert results["wrong"]["outcome"] == "failed"


def test_the_deepest_unfinished_task_is_named(results):
    """That is the one to mend first."""
    assert results["deep"]["feedback"].startswith("deep builds on wrong, which")


def test_who_solves_a_task_in_another_way_keeps_its_points(results):
    """A required task that fails takes nothing from a test that passes."""
    assert (results["independent"]["outcome"], results["independent"]["score"]) == ("passed", 2)


def test_a_stub_stays_a_stub_whatever_it_builds_on(results):
    """`not written yet` says more than whom to blame."""
    assert results["unwritten"]["outcome"] == "failed"
    assert results["unwritten"]["feedback"] == "unwritten is not written yet"


def test_a_failure_above_a_working_task_is_its_own(results):
    """Nobody is blamed for what works."""
    assert results["beside"]["outcome"] == "failed"
    assert "builds on" not in results["beside"]["feedback"]


# ---------------------------------------------------------------- banned names


def test_a_banned_name_fails_each_test_of_its_task_with_the_line(results):
    """Right results do not help; a method or a comment of that name does not hurt."""
    line = next(n for n, text in enumerate(ODD.splitlines(), 1) if "np.pad(x" in text)
    for name in ("banned", "banned_again"):
        assert results[name]["outcome"] == "failed"
        assert results[name]["feedback"] == f"banned.py, line {line} uses numpy.pad"
        assert "by hand" in results[name]["hint"]


def test_a_ban_holds_for_its_own_task_only(results):
    """odd.py uses the same name, and nothing bans it there."""
    assert results["solved"]["outcome"] == "passed"


# ---------------------------------------------------------------- one examination, step by step


def known(task, name="test_it"):
    """Return a test of that task."""
    return Test(
        test=f"test_odd.py::{name}", task=task, title="It works.",
        visibility=Visibility.PUBLIC, points=2.0,
    )  # fmt: skip


@pytest.fixture
def examine(write_tiny, tmp_path, monkeypatch):
    """Give `examine(*tests)`: an examination of the odd assignment, nothing run yet."""
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    folder = write_tiny(tmp_path / "odd", GALLERY)
    assignment = read_assignment(folder)

    def start(*tests, seed=0):
        student = LocalModules(folder, own_files(folder, assignment.files))
        return Examination(
            assignment, student, tests, reference=None, known=Misconceptions(), seed=seed
        )

    return start


def report(outcome="passed", when="call"):
    """Return what pytest reports of a phase."""
    return pytest.TestReport("x", ("x", 0, "x"), {}, outcome, None, when, duration=0.1)


def test_a_test_that_never_reports_has_failed(examine):
    """A run that was cut short gives a result for every test all the same."""
    seen, unseen = known("right", "test_seen"), known("right", "test_unseen")
    examination = examine(seen, unseen)
    examination.begin(seen)
    examination.record(seen, report(), None)
    outcomes = {r.test: (r.outcome, r.feedback) for r in examination.results()}
    assert outcomes == {
        seen.test: (Outcome.PASSED, ""),
        unseen.test: (Outcome.FAILED, "this test never reported a result"),
    }


def test_a_set_up_that_worked_is_no_pass(examine):
    """Only the test's own phase can pass it."""
    test = known("right")
    examination = examine(test)
    examination.record(test, report(when="setup"), None)
    examination.record(test, report(when="teardown"), None)
    assert examination.results()[0].outcome is Outcome.FAILED


@pytest.mark.parametrize("outcome", ["failed", "skipped"])
def test_a_report_without_an_error_passes_only_if_it_says_so(examine, outcome):
    """`failed` without an exception is still a failure."""
    test = known("right")
    examination = examine(test)
    examination.record(test, report(outcome), None)
    assert examination.results()[0].outcome is Outcome.FAILED


def test_results_stand_in_the_order_of_the_assignments_tasks(examine):
    """Students mend from the top, whatever order the tests lie in."""
    tests = [known("deep", "a"), known("right", "b"), known("wrong", "c")]
    assert [r.task for r in examine(*tests).results()] == ["right", "wrong", "deep"]


def test_after_a_timeout_its_task_and_what_builds_on_it_get_less_time(examine):
    """An endless loop costs its full limit once; other tasks keep theirs."""
    first = known("wrong", "first")
    tests = {task: known(task, task) for task in ("wrong", "builds", "deep", "right")}
    examination = examine(first, *tests.values())
    assert all(examination.begin(test) == pytest.approx(6) for test in tests.values())
    examination.student.incident = Outcome.TIMEOUT
    examination.record(first, report("failed"), None)
    allowed = {task: examination.begin(test) for task, test in tests.items()}
    assert allowed == pytest.approx({"wrong": 1, "builds": 1, "deep": 1, "right": 6})


def test_a_test_that_had_no_processor_is_tried_again_with_more_time(examine):
    """Whoever is graded next door must not cost a student points; sleeping gets few tries."""
    tests = [known("right", f"test_{number}") for number in range(5)]
    examination = examine(*tests)
    again = []
    for test in tests:
        examination.begin(test)
        examination.student.incident, examination.student.starved = Outcome.TIMEOUT, True
        examination.record(test, report("failed"), None)
        again.append(examination.deserves_another_try(test))
    assert again == [True, True, True, False, False]
    assert not examination.deserves_another_try(tests[0])
    assert examination.begin(tests[0]) == pytest.approx(4)  # of what is left after others' timeouts


def test_an_endless_loop_is_not_tried_again(examine):
    """It had the processor all the time."""
    test = known("right")
    examination = examine(test)
    examination.student.incident, examination.student.starved = Outcome.TIMEOUT, False
    examination.record(test, report("failed"), None)
    assert not examination.deserves_another_try(test)


def test_a_test_that_is_not_run_says_so(examine):
    """The sentence gives the limit of all tests together."""
    test = known("right")
    examination = examine(test)
    examination.record_too_late(test)
    result = examination.results()[0]
    assert result.outcome is Outcome.TIMEOUT
    assert result.feedback == "not run: all tests together may take 60 s"


def test_seeds_differ_by_test_and_by_grade(examine):
    """The same grade of the same test is seeded alike."""
    one, other = known("right", "one"), known("right", "other")
    assert examine(seed=1).seed(one) == examine(seed=1).seed(one)
    assert examine(seed=1).seed(one) != examine(seed=1).seed(other)
    assert examine(seed=1).seed(one) != examine(seed=2).seed(one)
