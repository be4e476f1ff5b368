"""The examiner, through a real session: it knows the answers and runs no student's code."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.course import read_assignment
from grader.errors import GraderError
from grader.results import Outcome, Visibility, total
from grader.session import ExaminerError, Session

BOTH = ("tests", "hidden_tests")
DRAWS = '''
import os

import pytest

from grader.checks import assert_allclose


@pytest.mark.task("square", points=1)
def test_draw(student, rng):
    """A draw."""
    assert_allclose(float(rng.random()), -1.0, name="draw")


@pytest.mark.task("square", points=1)
def test_draw_again(student, rng):
    """Another draw."""
    assert_allclose(float(rng.random()), -1.0, name="draw")


@pytest.mark.task("frame", points=1)
def test_prints(student):
    """A hidden test whose input must not get out."""
    assert_allclose(student.frames.frame([987654321]), 0, name="framed")


@pytest.mark.task("frame", points=1)
def test_reference_fails(student, reference):
    """The reference cannot do this."""
    assert student.frames.frame([1]) is None
    reference.frames.frame([1])


@pytest.mark.task("frame", points=1)
def test_examiner_dies(student):
    """The examiner itself ends on one submission only."""
    if student.lengths.square(1) == "die":
        os._exit(3)
'''
SILENT = b"def frame(image):\n    return None\n"
LOUD = b"def frame(image):\n    print('got', image)\n    return None\n"


@pytest.fixture(scope="module")
def folder(write_tiny, tmp_path_factory):
    """Return the reference, with some hidden tests more."""
    return write_tiny(tmp_path_factory.mktemp("tiny"), {"hidden_tests/test_more.py": DRAWS})


@pytest.fixture(scope="module")
def session(folder):
    """Return a session over public and hidden tests, shared by the tests that only ask it."""
    with Session(read_assignment(folder), tests=BOTH, dataset="digits") as session:
        yield session


@pytest.fixture
def solved(folder):
    """Return the reference as a submission."""
    return {name: (folder / name).read_bytes() for name in ("lengths.py", "frames.py")}


def by_name(results):
    """Return results by the name of the test function."""
    return {result.test.partition("::")[2]: result for result in results}


def open_session(folder, **options):
    """Return a session that has not been entered."""
    settings = {"tests": BOTH, "dataset": "digits"} | options
    return Session(read_assignment(folder), **settings)


# ---------------------------------------------------------------- what it runs


def test_the_tests_are_known_before_any_submission_is_seen(session):
    """Points and visibility come from the collected tests."""
    assert total(test.points for test in session.tests) == 105
    hidden = {test.test for test in session.tests if test.visibility is Visibility.HIDDEN}
    assert "test_hidden.py::test_random_length" in hidden
    assert "test_frames.py::test_frame" not in hidden


def test_hidden_tests_compare_with_the_reference(session, solved):
    """A right submission passes them, a wrong one is told what was expected."""
    right = by_name(session.examine(solved, seed=1))
    assert right["test_random_squares"].outcome is Outcome.PASSED
    assert right["test_frame_of_a_digit"].outcome is Outcome.PASSED
    broken = solved | {"lengths.py": b"def square(x):\n    return x + 1\n"}
    wrong = by_name(session.examine(broken, seed=1))
    assert wrong["test_random_squares"].feedback.startswith("squares differs from what is expected")
    assert wrong["test_random_length"].feedback.endswith("lengths.py has no function 'length'")


def test_the_same_seed_gives_the_same_numbers(session, solved):
    """A grade can be re-made; another seed and another test draw other numbers."""

    def draws(seed):
        results = by_name(session.examine(solved, seed=seed))
        return [results[name].feedback for name in ("test_draw", "test_draw_again")]

    first = draws(7)
    assert draws(7) == first
    assert first[0] != first[1]
    assert not set(draws(8)) & set(first)


def test_submissions_graded_side_by_side_do_not_mix(session, solved):
    """Each is one fork of its own."""
    wrong = solved | {"frames.py": SILENT}
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda s: session.examine(s, seed=1), [solved, wrong] * 2))
    outcomes = [by_name(run)["test_frame"].outcome for run in runs]
    assert outcomes == [Outcome.PASSED, Outcome.FAILED] * 2


def test_what_a_hidden_test_made_it_print_stays_here(session, solved):
    """Printing an input would carry it out; a public test's output is shown."""
    results = by_name(session.examine(solved | {"frames.py": LOUD}, seed=1))
    assert "printed: got [[7]]" in results["test_frame"].feedback
    assert results["test_prints"].outcome is Outcome.FAILED
    assert "987654321" not in results["test_prints"].feedback
    assert "printed" not in results["test_prints"].feedback


def test_a_reference_that_fails_is_our_fault(session, solved):
    """The student is not told that their function raised it."""
    result = by_name(session.examine(solved | {"frames.py": SILENT}, seed=1))[
        "test_reference_fails"
    ]
    assert result.outcome is Outcome.BROKEN
    assert result.feedback.startswith("not the student's fault: AttributeError")


def test_the_submissions_own_limit_ends_the_run(tiny, write_tiny):
    """What was not reached is out of time, scores nothing, and is not run."""
    slow = "import time\n\n\ndef square(x):\n    time.sleep(0.4)\n    return x * x\n"
    text = (tiny / "assignment.toml").read_text()
    limited = text.replace("submission_seconds = 60", "submission_seconds = 0.5")
    write_tiny(tiny, {"assignment.toml": limited, "tests/test_frames.py": None})
    rest = "\n\ndef length(x):\n    return float(square(x).sum() ** 0.5)\n"
    with open_session(tiny, tests=("tests",), select="square or length") as session:
        results = by_name(session.examine({"lengths.py": (slow + rest).encode()}, seed=1))
    assert results["test_worked_example"].outcome is Outcome.PASSED
    assert results["test_length[3-4]"].outcome is Outcome.TIMEOUT
    assert results["test_length[0]"].outcome is Outcome.TIMEOUT
    assert "not run: all tests together may take 0.5 s" in results["test_length[0]"].feedback


# ---------------------------------------------------------------- what goes wrong


def test_an_examiner_that_dies_is_no_grade(session, solved):
    """The error is ours, and the next submission is graded as if nothing had happened."""
    deadly = solved | {"lengths.py": b"def square(x):\n    return 'die'\n"}
    with pytest.raises(ExaminerError, match="the examiner gave no answer: the connection was"):
        session.examine(deadly, seed=1)
    assert by_name(session.examine(solved, seed=1))["test_frame"].outcome is Outcome.PASSED


def test_a_defect_of_ours_is_shown_with_its_traceback(tiny, write_tiny):
    """Whoever mends the grader or a conftest.py needs to see what was raised."""
    hook = "def pytest_runtest_logreport(report):\n    raise RuntimeError('a defect of ours')\n"
    write_tiny(tiny, {"tests/conftest.py": hook})
    with open_session(tiny) as session, pytest.raises(ExaminerError, match="a defect of ours"):
        session.examine({}, seed=1)


def test_tests_that_cannot_be_collected_are_a_sentence_with_pythons_words(tiny, write_tiny):
    """The author reads which file, and what Python says about it."""
    write_tiny(tiny, {"hidden_tests/test_hidden.py": "import no_such_module\n"})
    with (
        pytest.raises(GraderError, match=r"the tests cannot be collected:(?s:.*)no_such_module"),
        open_session(tiny),
    ):
        pass


def test_a_marker_that_does_not_fit_stops_the_session(tiny, write_tiny):
    """A grade over misread points would be worse than none."""
    public = (tiny / "tests" / "test_frames.py").read_text()
    write_tiny(tiny, {"tests/test_frames.py": public.replace('"frame"', '"frmae"')})
    with (
        pytest.raises(GraderError, match=r"tiny has no task 'frmae'; did you mean 'frame'\?"),
        open_session(tiny),
    ):
        pass


def test_a_students_own_folder_has_no_reference_and_is_not_imported(tiny, write_tiny):
    """There the public tests run, and nothing of the folder's own files does."""
    spy = f"open({str(tiny / 'seen')!r}, 'a').close()\n"
    write_tiny(tiny, {"lengths.py": spy, "frames.py": spy})
    with open_session(tiny, tests=("tests",)) as session:
        results = session.examine({"frames.py": SILENT}, seed=1)
    assert len(results) == 4
    assert not (tiny / "seen").exists()


def test_an_examiner_that_is_gone_is_our_fault_too(tiny):
    """A server that was killed, or a session that was closed, gives no grade and no traceback."""
    with open_session(tiny, tests=("tests",)) as session:
        pass
    with pytest.raises(GraderError, match="the examiner has ended"):
        session.examine({}, seed=1)
