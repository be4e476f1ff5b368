"""The pytest plugin, as plain `pytest` loads it: by its entry point, in processes of their own."""

import json
import re

import pytest

# Whoever meets it in another project must not pay for it.
UNRELATED = """
import sys


def test_something_else():
    assert "numpy" not in sys.modules
    assert "grader.plugin" in sys.modules


def test_that_fails():
    assert 1 + 1 == 3
"""
WRONG_FRAMES = '"""Frames."""\n\n\ndef frame(image):\n    return image\n'


@pytest.fixture
def run_pytest(run_python):
    """Give `run_pytest(*arguments, cwd=folder)`, with markers and settings as strict as can be."""

    def run(*arguments, cwd, stdin=""):
        strict = ("--strict-markers", "-W", "error", "-p", "no:cacheprovider")
        return run_python("-m", "pytest", *strict, *arguments, cwd=cwd, stdin=stdin)

    return run


def points(stdout):
    """Return each line of the table of points as {task: "score / points"}."""
    rows = (
        line.split() for line in stdout.splitlines() if " / " in line and "collected" not in line
    )
    return {row[0]: " ".join(row[1:4]) for row in rows}


def marked(marker, body="assert student", documentation='"""It works."""'):
    """Return a test file with one test of that marker."""
    return (
        "import pytest\nfrom grader.checks import assert_allclose\n\n\n"
        f"@pytest.mark.{marker}\ndef test_it(student):\n    {documentation}\n    {body}\n"
    )


# ---------------------------------------------------------------- points


def test_plain_pytest_shows_the_points_of_each_task(write_tiny, run_pytest, tmp_path):
    """Below pytest's own report stands what was earned, out of the public tests."""
    folder = write_tiny(
        tmp_path / "a", {"frames.py": WRONG_FRAMES, "hidden_tests/test_hidden.py": None}
    )
    done = run_pytest(cwd=folder)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert points(done.stdout) == {
        "square": "5 / 5", "length": "20 / 20", "frame": "0 / 10", "total": "25 / 35",
    }  # fmt: skip
    assert "framed has shape (1, 1), expected (3, 3)" in done.stdout
    assert "1 failed, 3 passed" in done.stdout


def test_a_selection_is_measured_against_its_own_points(tiny, run_pytest):
    """`-k` takes a task's name; what was not selected counts neither way."""
    done = run_pytest("-k", "square", "tests", cwd=tiny)
    assert done.returncode == 0
    assert points(done.stdout) == {"square": "5 / 5", "total": "5 / 5"}
    one_case = run_pytest("tests/test_lengths.py::test_length[3-4]", cwd=tiny)
    assert points(one_case.stdout) == {"length": "10 / 10", "total": "10 / 10"}


def test_an_author_runs_public_and_hidden_tests_in_the_reference_folder(tiny, run_pytest):
    """There the solved files are the student's and the reference at once."""
    done = run_pytest(cwd=tiny)
    assert done.returncode == 0
    assert points(done.stdout)["total"] == "100 / 100"


def test_public_tests_are_run_before_hidden_ones(tiny, run_pytest):
    """A submission that remembers a hidden input has no public test left to tell it in."""
    done = run_pytest("-v", str(tiny), cwd=tiny)

    folders = re.findall(r"^(tests|hidden_tests)/\S+ PASSED", done.stdout, re.MULTILINE)
    assert sorted(folders, reverse=True) == folders
    assert set(folders) == {"tests", "hidden_tests"}


def test_two_assignments_in_one_run_keep_their_points_apart(write_tiny, run_pytest, tmp_path):
    """Each assignment has its own table, and its own modules of the same name."""
    write_tiny(tmp_path / "a")
    write_tiny(tmp_path / "b", {"frames.py": WRONG_FRAMES})
    done = run_pytest("--import-mode=importlib", cwd=tmp_path)
    totals = [line.split()[1:] for line in done.stdout.splitlines() if "total" in line]
    assert totals == [["100", "/", "100"], ["90", "/", "100"]]


# ---------------------------------------------------------------- other people's runs


def test_an_unrelated_run_is_untouched(run_pytest, tmp_path):
    """The plugin is loaded, but imports no numpy, shows nothing and judges nothing."""
    (tmp_path / "test_unrelated.py").write_text(UNRELATED)
    done = run_pytest("-q", cwd=tmp_path)
    assert "1 failed, 1 passed" in done.stdout
    assert "assert (1 + 1) == 3" in done.stdout
    assert "total" not in done.stdout


def test_the_marker_is_declared_and_described(run_pytest, tmp_path):
    """`pytest --markers` explains it; strict markers accept it."""
    done = run_pytest("--markers", cwd=tmp_path)
    assert "@pytest.mark.task(name, points): the task of an assignment" in done.stdout


def test_a_test_of_a_task_outside_any_assignment_is_a_sentence(run_pytest, tmp_path):
    """It says which file lies in the wrong place."""
    (tmp_path / "test_lost.py").write_text(marked('task("square", points=1)'))
    done = run_pytest(cwd=tmp_path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "test_lost.py is in no assignment: no assignment.toml beside or above it" in done.stderr


# ---------------------------------------------------------------- markers and fixtures, misused


MISUSES = {
    "unknown_task": (
        marked('task("sqare", points=1)'),
        "tiny has no task 'sqare'; did you mean 'square'?",
    ),
    "no_points": (marked('task("square")'), 'write the marker as task("name", points=…)'),
    "no_name": (marked("task(points=1)"), 'write the marker as task("name", points=…)'),
    "bare_points": (marked('task("square", 1)'), 'write the marker as task("name", points=…)'),
    "points_in_words": (marked('task("square", points="many")'), "test_points_in_words.py"),
    "points_below_0": (marked('task("square", points=-1)'), "test_points_below_0.py"),
    "points_not_a_number": (marked('task("square", points=float("nan"))'), "test_points_not_a"),
    "a_number_for_a_name": (marked("task(3, points=1)"), 'write the marker as task("name"'),
    "no_docstring": (
        marked('task("square", points=1)', documentation="pass"),
        "test_no_docstring.py::test_it has no docstring",
    ),
    "unknown_marker": (marked('tusk("square", points=1)'), "'tusk' not found in `markers`"),
}
# One process collects one file after the other: each start of Python costs more than that.
COLLECT = """
import contextlib, io, json, sys
from pathlib import Path

import pytest

said = {}
for file in sys.argv[1:]:
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        code = pytest.main(["--strict-markers", "-p", "no:cacheprovider", "-q", file])
    said[Path(file).stem] = [int(code), text.getvalue()]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(write_tiny, run_python, tmp_path_factory):
    """Return the exit code and the words of a run for each misused marker."""
    files = {f"tests/test_{name}.py": test for name, (test, _) in MISUSES.items()}
    folder = write_tiny(tmp_path_factory.mktemp("misuses"), files)
    done = run_python("-c", COLLECT, *files, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", MISUSES)
def test_a_marker_that_does_not_fit_is_one_sentence(said, name):
    """An author's mistake ends the run before any test, without a traceback of ours."""
    code, words = said[f"test_{name}"]
    assert code in {pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERRUPTED}
    assert MISUSES[name][1] in words
    assert "Traceback" not in words
    assert " passed" not in words


def test_a_student_fixture_without_a_marker_is_an_error(write_tiny, run_pytest, tmp_path):
    """A test that is worth nothing by mistake does not pass in silence."""
    folder = write_tiny(
        tmp_path / "a", {"tests/test_bad.py": "def test_it(student):\n    assert student\n"}
    )
    done = run_pytest("tests/test_bad.py", cwd=folder)
    assert done.returncode != 0
    assert 'test_bad.py::test_it needs a marker @pytest.mark.task("…", points=…)' in (
        done.stdout + done.stderr
    )


def test_two_tests_of_one_name_are_refused(write_tiny, run_pytest, tmp_path):
    """Results are kept by file and test name: the second would swallow the first's points."""
    folder = write_tiny(
        tmp_path / "a",
        {
            "tests/test_same.py": marked('task("square", points=1)'),
            "hidden_tests/test_same.py": marked('task("square", points=2)'),
        },
    )
    done = run_pytest("--import-mode=importlib", cwd=folder)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "test_same.py::test_it" in done.stderr


# ---------------------------------------------------------------- random numbers

DRAWS = '''
import pytest


@pytest.mark.task("square", points=1)
@pytest.mark.parametrize("case", range(2))
def test_draw(student, rng, case):
    """A draw."""
    print("DRAW", rng.integers(2**62), rng.integers(2**62))


@pytest.mark.task("square", points=1)
def test_draw_again(student, rng):
    """Another draw."""
    print("DRAW", rng.integers(2**62), rng.integers(2**62))
'''


def test_each_test_draws_its_own_numbers_and_the_same_each_time(write_tiny, run_pytest, tmp_path):
    """A failure on random input can be seen again; no test's numbers depend on another's."""
    folder = write_tiny(tmp_path / "a", {"tests/test_draws.py": DRAWS})

    def draws(*arguments):
        done = run_pytest("-s", *arguments, cwd=folder)
        return [line.split("DRAW")[1] for line in done.stdout.splitlines() if "DRAW" in line]

    first = draws("tests/test_draws.py")
    assert len(set(first)) == 3
    assert draws("tests/test_draws.py", "-k", "again or 1") == first[1:]


# ---------------------------------------------------------------- accuracy tiers

TIERS = """
[[tier]]
test = "test_learned"
dataset = "digits"
accuracy = 0.5
share = 0.25

[[tier]]
test = "test_learned"
dataset = "digits"
accuracy = 0.9
share = 1.0
"""
LEARNED = '''
import pytest


@pytest.mark.task("square", points=1)
@pytest.mark.parametrize("case", [1, 2])
def test_learned(student, tiers, case):
    """Every case of a test has the tiers of its function."""
    assert tiers == {0.5: 0.25, 0.9: 1.0}


@pytest.mark.task("square", points=1)
def test_learnt(student, tiers):
    """The description says nothing about it."""
'''


def test_a_test_gets_the_tiers_that_the_description_lists(write_tiny, run_pytest, tmp_path):
    """By its function's name, and for the data set in use; a missing one is the author's fault."""
    folder = write_tiny(tmp_path / "a", {"tests/test_learning.py": LEARNED})
    (folder / "assignment.toml").write_text((folder / "assignment.toml").read_text() + TIERS)
    done = run_pytest("tests/test_learning.py", cwd=folder)
    assert "2 passed, 1 error" in done.stdout
    assert (
        "assignment.toml has no [[tier]] for the test 'test_learnt' on 'digits';"
        " add one with share = 1.0, or correct one" in done.stdout
    )


# ---------------------------------------------------------------- time

SHORT = {"test_seconds = 5": "test_seconds = 0.3"}
LOOP = '"""Frames."""\n\n\ndef frame(image):\n    while True:\n        pass\n'


def description(tiny, changes):
    """Return the tiny assignment's description with other limits."""
    text = (tiny / "assignment.toml").read_text()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_an_endless_loop_is_interrupted_and_the_line_is_shown(tiny, write_tiny, run_pytest):
    """The other tests still run."""
    write_tiny(tiny, {"frames.py": LOOP, "assignment.toml": description(tiny, SHORT)})
    done = run_pytest("tests", cwd=tiny)
    assert "1 failed, 3 passed" in done.stdout
    assert "frames.py:5: in frame\n    while True:" in done.stdout
    assert points(done.stdout)["frame"] == "0 / 10"


def test_whoever_debugs_has_time(tiny, write_tiny, run_pytest):
    """At a breakpoint the clock stands still: the test passes long after its time."""
    solved = (tiny / "frames.py").read_text()
    stops = solved.replace("    H, W", "    breakpoint()\n    H, W")
    write_tiny(tiny, {"frames.py": stops, "assignment.toml": description(tiny, SHORT)})
    done = run_pytest(
        "--pdb", "tests/test_frames.py", cwd=tiny, stdin="import time\ntime.sleep(0.6)\nc\n"
    )
    assert "(Pdb)" in done.stdout
    assert "TimeUp" not in done.stdout
    assert points(done.stdout)["total"] == "10 / 10"


def test_time_in_the_debugger_is_not_taken_from_the_tests_that_follow(tiny, write_tiny, run_pytest):
    """A long look at one test leaves the others their time."""
    solved = (tiny / "frames.py").read_text()
    stops = solved.replace("    H, W", "    breakpoint()\n    H, W")
    limits = {"submission_seconds = 60": "submission_seconds = 0.5"}
    slow = "import time\n\n\ndef square(x):\n    time.sleep(0.05)\n    return x * x\n"
    changes = {"frames.py": stops, "lengths.py": slow}
    write_tiny(tiny, changes | {"assignment.toml": description(tiny, limits)})
    done = run_pytest(
        "-s", "tests/test_frames.py", "tests/test_lengths.py", "-k", "square or frame",
        cwd=tiny, stdin="import time\ntime.sleep(0.8)\nc\n",
    )  # fmt: skip
    assert points(done.stdout)["total"] == "15 / 15"
