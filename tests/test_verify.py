"""Verifying an assignment: a good one is proven, and every fault of a bad one is named."""

import json
import shutil
from dataclasses import replace

import pytest

from grader.authoring.answers import expected_answers, released_answers
from grader.authoring.findings import Claim, Row, tabulate
from grader.authoring.judging import find_problems
from grader.authoring.proof import keep_proof
from grader.authoring.report import verification_report
from grader.authoring.trials import REFERENCE, STUB, Evidence, Run
from grader.authoring.verify import verify_assignment
from grader.course import read_assignment
from grader.errors import GraderError
from grader.results import Outcome, Result, Test, Visibility

DESCRIPTION = """
id = "tiny"
title = "Numbers"
dataset = "digits"
packages = ["numpy"]

[limits]
test_seconds = 2
submission_seconds = 20
memory_mb = 384

[[task]]
name = "double"
file = "sums.py"
points = 60

[[task]]
name = "spread"
file = "sums.py"
points = 40
"""
SOLVED = '''"""Sums."""

import numpy as np


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


def spread(x):
    """Largest minus smallest."""
    ### BEGIN SOLUTION
    x = np.asarray(x)
    return x.max() - x.min()
    ### END SOLUTION
'''
PUBLIC = '''
import numpy as np
import pytest
from grader.checks import assert_allclose


@pytest.mark.task("double", points=20)
@pytest.mark.parametrize("x", [3, -4])
def test_double(student, x):
    """Twice a number."""
    assert_allclose(student.sums.double(x), x + x)


@pytest.mark.task("spread", points=20)
def test_spread(student):
    """The spread of three numbers."""
    assert_allclose(student.sums.spread(np.array([1.0, 5.0, 3.0])), 4.0)
'''
HIDDEN = '''
import pytest
from grader.checks import assert_allclose


@pytest.mark.task("double", points=20)
def test_any_double(student, reference, rng):
    """Twice any number."""
    x = rng.uniform(3, 4)
    assert_allclose(student.sums.double(x), reference.sums.double(x))


@pytest.mark.task("spread", points=20)
def test_any_spread(student, reference, rng):
    """The spread of any numbers."""
    x = rng.normal(size=9)
    assert_allclose(student.sums.spread(x), reference.sums.spread(x))
'''
MUTANTS = """
[[mutant]]
name = "squared"
file = "sums.py"
replace = "2 * x"
with = "x * x"
fails = ["test_double", "test_any_double"]
hint = "Twice, not squared."

[[mutant]]
name = "no-minimum"
file = "sums.py"
replace = "x.max() - x.min()"
with = "x.max()"
fails = ["test_spread"]
hint = "Subtract the smallest."

[[equivalent]]
file = "sums.py"
replace = "np.asarray(x)"
with = "x"
why = "Tests hand over arrays."
"""

# Each of these is a fault that must be found, and named.
BAD_PUBLIC = '''
import time
import pytest
from grader.checks import assert_allclose

SEEN = []


@pytest.mark.task("double", points=10)
def test_a_present(student):
    """Whoever tries gets points."""
    try:
        student.sums.double(1)
    except NotImplementedError:
        pass


@pytest.mark.task("double", points=10)
def test_b_depends_on_c(student):
    """Passes if the next test ran before it."""
    assert SEEN or student.sums.double(3) == 6


@pytest.mark.task("double", points=40)
def test_c_by_chance(student, rng):
    """Does not always tell 2 * x from x * x."""
    SEEN.append(1)
    x = int(rng.integers(2, 4))
    time.sleep(0.4)
    assert_allclose(student.sums.double(x), 2 * x)
'''
BAD_HIDDEN = '''
import numpy as np
import pytest
from grader.checks import assert_allclose


@pytest.mark.task("spread", points=40)
def test_memory(student):
    """Fills memory, and expects what the handout shows."""
    x = np.zeros(6_000_000)
    x[0] = 3.14159
    expected = 3.14159
    assert_allclose(student.sums.spread(x), expected)


@pytest.mark.task("spread", points=0)
def test_breaks(student):
    """Its own fault, when the answer is wrong."""
    if student.sums.spread(np.array([1.0, 2.0])) != 1:
        student.sums.spread(object())
'''
BAD_MUTANTS = """
[[mutant]]
name = "squared"
file = "sums.py"
replace = "2 * x"
with = "x * x"
fails = ["test_b_depends_on_c", "test_c_by_chanse", "test_c_by_chance"]
hint = "Twice, not squared."

[[mutant]]
name = "integer"
file = "sums.py"
replace = "2 * x"
with = "int(2 * x)"
fails = ["test_memory"]
hint = "Keep the fraction."

[[equivalent]]
file = "sums.py"
replace = "x.max() - x.min()"
with = "x.min() - x.min()"
why = "It is not."

[[equivalent]]
file = "sums.py"
replace = "2 * x"
with = "x + x"
why = "Nobody asked."
"""


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def write_good(folder):
    """Write the assignment in which everything is as it should be."""
    return write(
        folder,
        {
            "assignment.toml": DESCRIPTION,
            "README.md": "# Numbers\n\nDouble and spread.\n",
            "sums.py": SOLVED,
            "tests/test_public.py": PUBLIC,
            "hidden_tests/test_hidden.py": HIDDEN,
            "mutants.toml": MUTANTS,
        },
    )


def verify(folder, **options):
    settings = {"seeds": 2, "jobs": 2, "dataset": "digits", "progress": lambda _done, _all: None}
    return verify_assignment(read_assignment(folder), **settings | options)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Write a course with the good assignment."""
    course = tmp_path_factory.mktemp("course")
    write_good(course / "reference" / "tiny")
    return course


@pytest.fixture(scope="module")
def good(course, run_python):
    """Return what the command prints about the good assignment, as JSON."""
    done = run_python(
        "-m", "grader", "verify", "tiny", "--seeds", "2", "--jobs", "2", "--json", cwd=course
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def progress():
    """Collect the calls that report progress."""
    return []


@pytest.fixture(scope="module")
def bad(tmp_path_factory, progress):
    """Return what is found out about the bad assignment."""
    folder = write(
        write_good(tmp_path_factory.mktemp("bad")),
        {
            "README.md": "# Numbers\n\nThe spread of 3.14159 and 0 is 3.14159.\n",
            "tests/test_public.py": BAD_PUBLIC,
            "hidden_tests/test_hidden.py": BAD_HIDDEN,
            "mutants.toml": BAD_MUTANTS,
            "assignment.toml": DESCRIPTION.replace("384", "192").replace(
                "test_seconds = 2", "test_seconds = 1"
            ),
        },
    )
    return verify(folder, seeds=3, progress=lambda *counts: progress.append(counts))


def sentences(found, claim):
    return [problem.sentence for problem in found.problems if problem.claim is claim]


# ---------------------------------------------------------------- a good assignment


def test_a_good_assignment_is_proven(good):
    """Reference 100, stub 0, every mistake caught, nothing to complain about."""
    assert good["schema"] == "deltagrade/verify/v1"
    [found] = good["assignments"]
    assert (found["assignment"], found["ok"], found["seeds"]) == ("tiny", True, 2)
    assert found["reference"]["score"] == 100
    assert found["stub"] == 0
    assert (found["mutants"]["killed"], found["mutants"]["total"]) == (2, 2)
    assert found["recognised"] == 2
    assert found["problems"] == found["warnings"] == found["mutants"]["survivors"] == []


@pytest.fixture(scope="module")
def mistaken(good, course, run_python):
    """Release the assignment, and hand in each known mistake and another one."""
    done = run_python("-m", "grader", "release", "tiny", cwd=course)
    assert done.returncode == 0, done.stderr
    for name, wrong in {
        "squared": SOLVED.replace("2 * x", "x**2"),  # the mutant says x * x
        "no-minimum": SOLVED.replace("x.max() - x.min()", "sorted(x)[-1]"),
        "unknown": SOLVED.replace("2 * x", "3 * x"),
        "solved": SOLVED.replace("2 * x", "x + x"),
    }.items():
        shutil.copytree(course / "assignments" / "tiny", course / "class" / name)
        (course / "class" / name / "sums.py").write_text(wrong)
    return course


def hints(results):
    """Return the known mistakes that results name, with their hints."""
    return {(r["misconception"], r["hint"]) for r in results if r["misconception"]}


KNOWN = {
    "squared": {("squared", "Twice, not squared.")},
    "no-minimum": {("no-minimum", "Subtract the smallest.")},
    "unknown": set(),
    "solved": set(),
}


@pytest.mark.parametrize("isolated", [[], ["--isolated"]], ids=["here", "isolated"])
def test_a_student_who_makes_a_known_mistake_reads_its_hint(mistaken, run_python, isolated):
    """Public tests recognise it in a student's own run, written in whatever style."""
    for name, expected in KNOWN.items():
        folder = mistaken / "class" / name
        done = run_python("-m", "grader", "test", "--json", *isolated, cwd=folder)
        assert hints(json.loads(done.stdout)["tests"]) == expected


def test_a_graded_class_is_told_which_known_mistakes_it_made(mistaken, run_python):
    """Each grade names the mistake, and the class is counted."""
    out = mistaken / "graded"
    done = run_python(
        "-m", "grader", "grade", "tiny", "class", "--json", "--out", str(out), cwd=mistaken
    )
    assert done.returncode == 0, done.stderr
    for name, expected in KNOWN.items():
        grade = json.loads((out / "results" / f"{name}.json").read_text())
        assert hints(grade["tests"]) == expected
    counted = json.loads(done.stdout)["misconceptions"]
    assert [(each["task"], each["name"], each["students"]) for each in counted] == [
        ("double", "squared", ["squared"]),
        ("spread", "no-minimum", ["no-minimum"]),
    ]

    shown = run_python("-m", "grader", "grade", "tiny", "class", "--out", str(out), cwd=mistaken)

    assert "known mistake" in shown.stdout
    assert "       1  double  squared\n" in shown.stdout


def test_what_is_no_longer_proven_loses_its_proof(tmp_path, run_python):
    """A test that was made weaker is found out before students see it."""
    folder = write_good(tmp_path / "reference" / "tiny")
    keep_proof(read_assignment(folder), verify(folder))
    assert (folder / "fingerprints.json").is_file()
    weak = PUBLIC.replace("4.0", "4.0, rtol=1")
    (folder / "tests" / "test_public.py").write_text(weak)

    done = run_python("-m", "grader", "verify", "tiny", "--seeds", "2", cwd=tmp_path)

    assert done.returncode == 1
    assert "'no-minimum' passes test_spread" in done.stdout
    assert not (folder / "fingerprints.json").exists()


def test_systematic_edits_are_tried_and_counted(good):
    """All are killed but one, which the author declared to change nothing."""
    systematic = good["assignments"][0]["systematic"]

    assert systematic["total"] > 8
    assert systematic["equivalent"] == 1
    assert systematic["killed"] == systematic["total"] - 1
    assert (systematic["share"], systematic["survivors"]) == (1.0, [])


def test_the_table_says_which_test_catches_what(good):
    """`no-minimum` is caught by two tests, so by none of them alone."""
    table = {row["test"]: row for row in good["assignments"][0]["tests"]}

    assert table["test_any_double"]["catches"] == ["squared"]
    assert table["test_any_spread"]["catches"] == ["no-minimum"]
    assert table["test_spread"]["alone"] == []


# ---------------------------------------------------------------- a bad one


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (Claim.STUB, "test_public.py::test_a_present gives the stub 10 points; let it demand"),
        (Claim.SCORES, "squared does not earn the same under every seed: test_public.py::test_c"),
        (Claim.SCORES, "squared earns something else alone or in another order: test_public.py"),
        (Claim.SCORES, "test_hidden.py::test_breaks breaks on "),
        (Claim.LIMITS, "on the reference test_public.py::test_c_by_chance takes 0.4"),
        (Claim.LIMITS, "test_hidden.py::test_memory fails with less memory; it may use a third"),
        (Claim.RELEASE, "the hidden test expects 3.14159, which students can read in README.md"),
        (Claim.MUTANTS, "'test_c_by_chanse'; did you mean 'test_c_by_chance'?"),
        (Claim.MUTANTS, "'squared' passes test_c_by_chance; sharpen the test, or correct 'fails'"),
        (Claim.MUTANTS, "'integer' passes test_memory"),
        (Claim.SYSTEMATIC, "[[equivalent]] 1 of mutants.toml is none: test_hidden.py::test_"),
        (Claim.SYSTEMATIC, "of the systematic edits, 95% is the goal"),
    ],
)
def test_each_fault_is_named(bad, claim, sentence):
    """The sentence says what is wrong and what to do."""
    assert any(sentence in found for found in sentences(bad, claim)), bad.problems


def test_the_reference_and_the_points_are_not_among_the_faults(bad):
    """What is right is not complained about."""
    assert sentences(bad, Claim.REFERENCE) == sentences(bad, Claim.POINTS) == []
    assert bad.reference.score == 100


def test_what_should_only_be_looked_at_is_a_warning(bad):
    """A test that nothing fails, and an equivalent that nothing makes."""
    assert any("test_a_present is worth 10 points, and no wrong" in w for w in bad.warnings)
    assert "[[equivalent]] 2 is no systematic edit of sums.py; remove it" in bad.warnings


def test_a_survivor_is_shown_with_its_diff_and_the_closest_test(bad):
    """An author sees at once what was not noticed, and where it could have been."""
    survivors = {survivor.name: survivor for survivor in bad.mutants.survivors}

    assert set(survivors) == {"squared", "integer"}
    assert "-    return 2 * x\n+    return int(2 * x)\n" in survivors["integer"].diff
    assert survivors["integer"].closest == ("test_memory",)


def test_a_systematic_survivor_is_close_to_the_tests_of_its_task(bad):
    """The edit of `spread` that no test notices is for the tests of `spread`."""
    survivors = {survivor.name: survivor for survivor in bad.systematic.survivors}

    assert survivors["sums.py:16:9: np.asarray(x) → x"].closest == ("test_memory", "test_breaks")


def test_progress_ends_where_it_said(bad, progress):
    """Every trial was announced, and counted once."""
    _, total = progress[-1]

    assert [done for done, _ in progress] == list(range(1, total + 1))


def test_the_report_shows_it_all(bad):
    """Claims, survivors, problems, warnings, the table and the verdict."""
    report = verification_report(bad)

    assert "  proven  reference   100 of 100 points under 3 seeds\n" in report
    assert "  failed  stub        10 points\n" in report
    assert "mutant survives: integer\n    @@" in report
    assert "    +    return int(2 * x)\n" in report
    assert "    closest: test_memory\n" in report
    assert "problem: release: test_hidden.py:12: the hidden test expects 3.14159" in report
    assert "warning: test_public.py::test_a_present" in report
    assert "test_a_present             0\n" in report
    assert "test_b_depends_on_c        1\n" in report
    assert f"not proven: {len(bad.problems)} problems (in " in report


def test_the_table_names_what_would_get_through(bad):
    """How many mistakes a test catches, and which of them no other test does."""
    rows = (
        Row(test="test_long_name", catches=("one", "two"), alone=("two",)),
        Row(test="test_b", catches=("one",), alone=()),
    )

    report = verification_report(replace(bad, table=rows))

    assert (
        "  test            catches  that no other test catches\n"
        "  test_long_name        2  two\n"
        "  test_b                1\n"
    ) in report


def test_a_proven_report_ends_well(bad):
    """Without problems the last line is the proof."""
    report = verification_report(replace(bad, problems=(), seconds=2.0))

    assert report.endswith(f"\nproven in 2.0 s, sandbox tier {bad.sandbox}\n")
    assert "failed  " not in report


# ---------------------------------------------------------------- parts


def judge(assignment, *results, mutant=()):
    """Return the problems of an assignment whose reference came to these results.

    A mutant came to its own, which are given for each seed.
    """
    run = Run(tuple(results))
    runs = {REFERENCE: [run], STUB: [Run(())]}
    if mutant:
        runs["mutant"] = [Run(tuple(each)) for each in mutant]
    evidence = Evidence(
        tests=tuple(Test(**{key: getattr(r, key) for key in Test.__slots__}) for r in results),
        tier="full",
        weakness="",
        authored=runs,
        again={name: first for name, [first, *_] in runs.items()},
        systematic=(),
        lean=run,
    )
    return [problem.sentence for problem in find_problems(assignment, [], evidence)]


def result(task, points, outcome=Outcome.PASSED, **facts):
    test = Test(
        test=f"test_m.py::test_{task}",
        task=task,
        title="",
        visibility=Visibility.HIDDEN,
        points=points,
    )
    return Result.of(test, outcome, **facts)


def test_a_wrong_reference_is_named_with_the_reason(tmp_path):
    """A test that the author's own solution fails is the author's to mend."""
    assignment = read_assignment(write_good(tmp_path))
    failed = result("spread", 40.0, Outcome.FAILED, feedback="it is 3, expected 4\nworst: …")

    assert judge(assignment, result("double", 60.0), failed) == [
        "test_m.py::test_spread does not pass on the reference under seed 1 (it is 3, expected 4);"
        " correct the solution, or the test"
    ]


def test_points_that_do_not_add_up_and_tasks_without_tests_are_named(tmp_path):
    """Nobody is graded out of 60, and no task goes untested."""
    assignment = read_assignment(write_good(tmp_path))

    assert judge(assignment, result("double", 60.0)) == [
        "tiny: the tests of spread are worth 0 points, assignment.toml says 40;"
        " correct one of them",
        "no test is for the task spread; write one",
    ]


def test_a_slow_reference_is_named(tmp_path):
    """All tests together may take a third of a submission's time."""
    assignment = read_assignment(write_good(tmp_path))
    slow = [result("double", 60.0, seconds=0.5), result("spread", 40.0, seconds=7.0)]

    assert [sentence.partition(";")[0] for sentence in judge(assignment, *slow)] == [
        "on the reference test_m.py::test_spread takes 7.00 s",
        "on the reference all tests take 7.5 s",
    ]


@pytest.mark.parametrize("accuracy", [0.89, None])
def test_chance_may_decide_only_about_what_was_trained(tmp_path, accuracy):
    """A mistake that costs a little accuracy is near a tier under some seeds."""
    assignment = read_assignment(write_good(tmp_path))
    right = result("double", 60.0), result("spread", 40.0)
    above = result("double", 60.0, accuracy=accuracy)
    below = result("double", 60.0, Outcome.FAILED, share=0.6, accuracy=accuracy)

    problems = judge(assignment, *right, mutant=([above], [below]))

    expected = "mutant does not earn the same under every seed: test_m.py::test_double"
    assert [each.partition(";")[0] for each in problems] == ([] if accuracy else [expected])


def test_a_table_names_what_only_one_test_catches():
    """`alone` is what would get through without that test."""
    failing = [("one", frozenset({"a", "b"})), ("two", frozenset({"b"})), ("three", frozenset())]

    assert tabulate(failing, ["a", "b", "b", "c"]) == [
        Row(test="a", catches=("one",), alone=()),
        Row(test="b", catches=("one", "two"), alone=("two",)),
        Row(test="c", catches=(), alone=()),
    ]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("assert_allclose(f(1), 0.12345)", [(0.12345,)]),
        ("assert_allclose(f(1), 0.1234)", []),
        ("assert f(1) == 31415.9", [(31415.9,)]),
        ("assert_allclose(f(12345.6), 2)", []),  # an argument, not an answer
        ("assert_allclose(f(x), helper(12345.6))", []),
        ("assert_allclose(f(x), np.array([[1, -2], [5, 9]]))", [(1, -2, 5, 9)]),
        ("assert_allclose(f(x), [1, 2, 3, 4, 5])", []),  # it only counts
        ("assert_allclose(f(x), [0, 1, 0, 1, 0])", []),
        ("assert_allclose(f(x), -WANTED / 2)", []),
        ("assert_allclose(f(x), WANTED)", [(2.71828,)]),
        ("assert_raises(ValueError, f, 12345.6)", []),
    ],
)
def test_expected_values_are_told_from_inputs(line, numbers):
    """What a test expects counts, unless anyone would write it."""
    source = f"WANTED = 2.71828\n\ndef test(student):\n    {line}\n"
    if "-WANTED" in line:
        source = source.replace("2.71828", "2.5")

    assert [answer.numbers for answer in expected_answers(source)] == numbers


def test_expected_values_are_found_in_cases():
    """The columns of parametrize are known by their names, `pytest.param` or not."""
    source = (
        '@pytest.mark.parametrize(("x", "y"), [(11111, 12345), pytest.param(1, 54321, id="b")])\n'
        "def test(student, x, y):\n    assert_allclose(student.m.f(x), y)\n"
    )

    assert [answer.numbers for answer in expected_answers(source)] == [(12345,), (54321,)]


def test_an_expected_array_is_found_however_it_is_laid_out():
    """Brackets, dots and white space do not hide numbers; other numbers between them do."""
    source = "def test(student):\n    assert_allclose(f(x), [[1, -2], [5, 9]])\n"
    released = {"README.md": "[[ 1.,\n  -2.]\n [ 5., 9.]]", "stub.py": "1 -2 0 5 9"}

    [(answer, name)] = released_answers(source, released)

    assert (str(answer), answer.line, name) == ("[1, -2, 5, 9, …]", 2, "README.md")


def test_mutants_that_do_not_apply_stop_everything(tmp_path):
    """A stale edit proves nothing."""
    folder = write_good(tmp_path / "tiny")
    (folder / "mutants.toml").write_text(MUTANTS.replace('"2 * x"', '"3 * x"'))

    with pytest.raises(GraderError, match="mutant 'squared': 'replace' must occur once"):
        verify(folder)


def test_an_unknown_dataset_is_said_in_a_sentence(tmp_path):
    """Nothing is tried without the data that the tests need."""
    with pytest.raises(GraderError, match="did you mean 'digits'"):
        verify(write_good(tmp_path), dataset="digit")
