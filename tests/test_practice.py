"""`grader test`: what students meet on their own machine, here and in the sandbox."""

import json
import re

import pytest

# Every mistake is a task of its own, so that one run shows them all.
LIMITS = """
id = "gallery"
title = "A gallery of mistakes"
dataset = "digits"
packages = ["numpy"]

[limits]
test_seconds = 0.5
submission_seconds = 60
memory_mb = 512
"""
WRONG = """
import sys
import time

import numpy as np


class OwnError(Exception):
    pass


def helper(x):
    return x[99]


def right(x):
    return x


def stub(x):
    raise NotImplementedError("stub")


def raises(x):
    return helper(x)


def own_error(x):
    raise OwnError("mine")


def asserts(x):
    assert len(x) == 99, "99 are needed"


def value(x):
    return x + 1


def shape(x):
    return x[:2]


def dtype(x):
    return x.astype(np.float32)


def nothing(x):
    x + 1


def not_a_number(x):
    return x * np.nan


def unusable(x):
    return lambda: x


def mutates(x):
    x += 1
    return x.copy()


def view(x):
    return x[:]


def no_error(x):
    return x


def prints(x):
    print("x is", x)
    return x + 1


def skips(x):
    sys.modules["pytest"].skip("not today")


def exits(x):
    sys.exit(0)


def loops(x):
    while True:
        pass


def loops_in_raises(x):
    while True:
        pass


def loops_past_errors(x):
    for _ in range(40):  # endless, it would hang: the bare except swallows the interruption
        try:
            time.sleep(0.05)
        except:
            pass
"""
MISTAKES = re.findall(r"^def (?!helper)(\w+)", WRONG, re.MULTILINE)
MODULES = {
    "syntax": "def syntax(x):\n    return x +\n",
    "imports": "from math import root\n\n\ndef imports(x):\n    return x\n",
    "foreign": "import torch\n\n\ndef foreign(x):\n    return x\n",
    "fails": "\n\nTABLE = [1, 2][7]\n\n\ndef fails(x):\n    return x\n",
    "misnamed": "def mis_named(x):\n    return x\n",
    "missing": None,
    "import_loops": "while True:\n    pass\n",
}
FILES = {f"{name}.py": text for name, text in MODULES.items()}
TASKS = [("wrong.py", name) for name in MISTAKES] + [(f"{name}.py", name) for name in MODULES]
CALLS = {
    "mutates": "assert_unchanged(function, X, names=('x',))",
    "view": "assert_unchanged(function, X, names=('x',))",
    "no_error": "assert_raises(ValueError, function, X)",
    "loops_in_raises": "assert_raises(ValueError, function, X)",
}
HEAD = """
import numpy as np
import pytest

from grader.checks import assert_allclose, assert_raises, assert_unchanged

X = np.array([1.0, 2.0, 3.0])
"""
TEST = '''

@pytest.mark.task("{name}", points=2)
def test_{name}(student):
    """The mistake called {name}."""
    function = student.{module}.{name}
    {call}
'''
CHECK = 'assert_allclose(function(X), X, name="result", hint="Return x.")'
GALLERY = {
    "lengths.py": None,
    "frames.py": None,
    "tests/test_lengths.py": None,
    "tests/test_frames.py": None,
    "hidden_tests/test_hidden.py": None,
    "assignment.toml": LIMITS
    + "".join(f'[[task]]\nname = "{n}"\nfile = "{f}"\npoints = 2\n' for f, n in TASKS),
    "wrong.py": WRONG,
    **FILES,
    "tests/test_gallery.py": HEAD
    + "".join(
        TEST.format(name=n, module=f.removesuffix(".py"), call=CALLS.get(n, CHECK))
        for f, n in TASKS
    ),
}


@pytest.fixture(scope="module")
def gallery(write_tiny, tmp_path_factory):
    """Return the folder with every mistake."""
    return write_tiny(tmp_path_factory.mktemp("gallery"), GALLERY)


@pytest.fixture(scope="module")
def here(gallery, run_python):
    """Return what `grader test --json` printed, run once for all tests."""
    return run_python("-m", "grader", "test", "--json", cwd=gallery)


@pytest.fixture(scope="module")
def isolated(gallery, run_python):
    """Return the same with `--isolated`."""
    return run_python("-m", "grader", "test", "--json", "--isolated", cwd=gallery)


@pytest.fixture(scope="module")
def both(here, isolated):
    """Return the results of both runs, by task."""
    runs = [json.loads(run.stdout)["tests"] for run in (here, isolated)]
    return [{result["task"]: result for result in run} for run in runs]


@pytest.fixture
def practise(run_python):
    """Give `practise(folder, *options)`: run `grader test` there."""

    def run(folder, *options):
        return run_python("-m", "grader", "test", *options, cwd=folder)

    return run


# ---------------------------------------------------------------- one mistake at a time


def at(code):
    """Return how the place of that line of wrong.py is given."""
    number = next(n for n, line in enumerate(WRONG.splitlines(), 1) if code in line)
    return f"  at wrong.py, line {number}: {code}"


@pytest.mark.parametrize(
    ("task", "sentence"),
    [
        ("stub", "stub is not written yet"),
        ("raises", "raises raised IndexError: index 99 is out of bounds for axis 0 with size 3\n"
                   + at("return x[99]")),
        ("own_error", "own_error raised OwnError: mine\n" + at('raise OwnError("mine")')),
        ("asserts", "asserts raised AssertionError: 99 are needed\n" + at("assert len(x)")),
        ("value", "result differs from what is expected (3 of 3 elements)"),
        ("shape", "result has shape (2,), expected (3,)"),
        ("dtype", "float32"),
        ("nothing", "None"),
        ("not_a_number", "result contains NaN at [0]"),
        ("mutates", "x was changed by the call (3 of 3 elements)"),
        ("view", "view returned a view: its result and an argument share memory"),
        ("no_error", "no_error returned"),
        ("prints", "printed: x is [1. 2. 3.]"),
        ("exits", "exits raised SystemExit: 0\n" + at("sys.exit(0)")),
        ("syntax", "syntax.py cannot be imported: SyntaxError: invalid syntax (syntax.py, line 2)"),
        ("imports", "imports.py cannot be imported: ImportError: cannot import name 'root'"),
        ("foreign", "foreign.py, line 1 imports torch"),
        ("fails", "fails.py cannot be imported: IndexError: list index out of range\n"
                  "  at fails.py, line 3: TABLE = [1, 2][7]"),
        ("misnamed", "misnamed.py has no function 'misnamed'"),
        ("missing", "missing.py is missing from the submission"),
    ],
)  # fmt: skip
def test_a_mistake_is_described_alike_here_and_in_the_sandbox(both, task, sentence):
    """The sentence says what is wrong and where; it is the grader's own, word for word."""
    ours, graders = (run[task] for run in both)
    assert sentence in ours["feedback"]
    assert ours["outcome"] == "failed"
    assert ours["score"] == 0
    for key in ("outcome", "feedback", "hint", "title", "score", "points"):
        assert ours[key] == graders[key]


@pytest.mark.parametrize("task", ["loops", "loops_in_raises", "loops_past_errors", "import_loops"])
def test_an_endless_loop_is_out_of_time_wherever_it_stands(both, task):
    """Here the line is shown; in the sandbox, where the worker is killed, the function."""
    for run in both:
        assert run[task]["outcome"] == "timeout"
        assert "was still running when its time was up" in run[task]["feedback"]


def test_an_interrupted_loop_shows_its_line(both):
    """Only a run in this process can say where the loop is."""
    here, isolated = both
    assert re.search(r"\n  at wrong\.py, line \d+: (while True:|pass)", here["loops"]["feedback"])
    assert isolated["loops"]["feedback"] == "loops was still running when its time was up"


def test_a_value_that_is_no_data_cannot_be_used(both):
    """A function that returns a function fails, in words that say so."""
    for run in both:
        assert run["unusable"]["outcome"] == "failed"
        assert "function" in run["unusable"]["feedback"]


def test_skipping_its_own_test_earns_nothing(both):
    """Here it is an exception like another; in the sandbox there is no pytest to call."""
    here, isolated = both
    assert here["skips"]["feedback"].startswith("skips raised Skipped: not today\n  at wrong.py")
    assert "skips raised KeyError: 'pytest'" in isolated["skips"]["feedback"]
    assert [(run["skips"]["outcome"], run["skips"]["score"]) for run in both] == [("failed", 0)] * 2


def test_what_is_right_earns_its_points_among_all_the_mistakes(both, here, isolated):
    """No mistake spreads to another task."""
    for run, printed in zip(both, (here, isolated), strict=True):
        assert (run["right"]["outcome"], run["right"]["score"]) == ("passed", 2)
        assert json.loads(printed.stdout)["score"] == 2


# ---------------------------------------------------------------- the command


def test_json_is_one_object_and_nothing_else(here, isolated):
    """Whatever a student prints, stdout is one line of the schema, out of the public points."""
    for run in (here, isolated):
        assert (run.returncode, run.stderr) == (1, "")
        assert run.stdout.count("\n") == 1
        content = json.loads(run.stdout)
        assert content["schema"] == "deltagrade/result/v1"
        assert (content["assignment"], content["student"]) == ("gallery", "you")
        assert content["max_score"] == 2 * len(TASKS)
        assert content["messages"] == []
        assert set(content["tests"][0]) == {
            "test", "task", "title", "visibility", "outcome", "score", "points", "seconds",
            "feedback", "hint", "accuracy", "misconception", "fingerprint",
        }  # fmt: skip


def test_the_result_says_where_it_was_made(here, isolated):
    """A run in this process used no sandbox, and says so; both hash the same files."""
    ours, graders = (json.loads(run.stdout) for run in (here, isolated))
    assert ours["environment"]["sandbox"] == "not used"
    assert graders["environment"]["sandbox"] in {"full", "reduced", "none"}
    assert ours["submission_sha256"] == graders["submission_sha256"]


def test_a_report_is_readable(gallery, practise):
    """Title, task, what is wrong, hint, points and next step, without a traceback."""
    done = practise(gallery, "-k", "value or right or stub")
    assert done.returncode == 1
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "gallery: A gallery of mistakes"
    assert "  failed: The mistake called value.  (2 points, test_value)" in lines
    assert "    result differs from what is expected (3 of 3 elements)" in lines
    assert "    hint: Return x." in lines
    assert lines[-6:] == [
        "  right      2 / 2      1 of 1 test passed",
        "  stub       0 / 2      0 of 1 test passed",
        "  value      0 / 2      0 of 1 test passed",
        "  total      2 / 6",
        "",
        "Next: write stub.",
    ]
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize("options", [[], ["--isolated"]], ids=["here", "isolated"])
def test_all_right_is_exit_0_and_torch_is_never_imported(write_tiny, run_python, tmp_path, options):
    """A solved assignment passes; importing torch would take longer than everything else."""
    folder = write_tiny(tmp_path / "a")
    decoy = tmp_path / "decoy"
    decoy.mkdir()
    for name in ("torch", "scipy", "sklearn", "pandas"):
        (decoy / f"{name}.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'a').close()\n")
    code = f"import sys; sys.path.insert(0, {str(decoy)!r}); from grader.cli import main; "
    done = run_python("-c", code + f"sys.exit(main(['test', *{options}]))", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "total      35 / 35" in done.stdout
    assert done.stdout.endswith("Hidden tests will try your functions on other inputs.\n")
    assert not (tmp_path / "imported").exists()


@pytest.mark.parametrize("options", [[], ["--isolated"]], ids=["here", "isolated"])
def test_pictures_are_drawn_into_a_new_folder(write_tiny, practise, tmp_path, options):
    """Each wrong image becomes a PNG; the folder need not be there."""
    changes = {"frames.py": "def frame(image):\n    return image.repeat(3, 0).repeat(3, 1)\n"}
    folder = write_tiny(tmp_path / "a", changes)
    done = practise(folder, *options, "--pictures", "wrong/images")
    assert (done.returncode, done.stderr) == (1, "")
    pictures = list((folder / "wrong" / "images").iterdir())
    assert [picture.suffix for picture in pictures] == [".png"]
    assert pictures[0].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("options", [[], ["--isolated"]], ids=["here", "isolated"])
def test_pictures_that_cannot_be_written_are_a_sentence(write_tiny, practise, tmp_path, options):
    """A file in the way of the folder is named, without a traceback."""
    changes = {"frames.py": "def frame(image):\n    return image.repeat(3, 0).repeat(3, 1)\n"}
    folder = write_tiny(tmp_path / "a", changes | {"wrong": "a file"})
    done = practise(folder, *options, "--pictures", "wrong")
    assert done.returncode == 2
    assert done.stderr.startswith("grader: ")
    assert "Traceback" not in done.stderr
    assert "wrong" in done.stderr


# ---------------------------------------------------------------- what cannot be done


@pytest.mark.parametrize("options", [[], ["--isolated"]], ids=["here", "isolated"])
def test_a_selection_that_matches_nothing_is_a_sentence(tiny, practise, options):
    """A misspelt name must not look like success."""
    done = practise(tiny, *options, "-k", "convolve2d")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "grader: no public test of tiny matches 'convolve2d'; try a task's name\n"
    )


@pytest.mark.parametrize("options", [[], ["--isolated"]], ids=["here", "isolated"])
def test_tests_that_cannot_be_read_are_our_word_and_pythons(
    write_tiny, practise, tmp_path, options
):
    """A broken test file is said to be one, with the line."""
    folder = write_tiny(tmp_path / "a", {"tests/test_frames.py": "x = (\n"})
    done = practise(folder, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("grader: the tests cannot be ")
    assert "test_frames.py" in done.stderr
    assert "SyntaxError: '(' was never closed" in done.stderr


@pytest.mark.parametrize("options", [[], ["--isolated"]], ids=["here", "isolated"])
def test_tests_without_a_marker_do_not_look_like_success(write_tiny, practise, tmp_path, options):
    """A run in which nothing was judged is no yes."""
    unmarked = "def test_it(student):\n    assert student.frames.frame(1) == 2\n"
    none = dict.fromkeys(["tests/test_lengths.py", "tests/test_frames.py"])
    folder = write_tiny(tmp_path / "a", none | {"tests/test_it.py": unmarked})
    done = practise(folder, *options)
    assert done.returncode == 2
    assert "total" not in done.stdout


def test_a_folder_without_an_assignment_is_a_sentence(practise, tmp_path):
    """It says where it looked and what to do."""
    done = practise(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("grader: no assignment.toml in or above ")
    assert "cd into your assignment" in done.stderr


def test_the_assignment_is_found_from_within_and_by_name(tiny, practise, tmp_path):
    """In `tests/` it is the folder above; a folder can be named."""
    assert practise(tiny / "tests", "-k", "square").returncode == 0
    assert practise(tmp_path, "tiny", "-k", "square").returncode == 0


# ---------------------------------------------------------------- whose code runs where

SPY = "import sys\nwith open({path!r}, 'a') as file:\n    file.write(sys.argv[0] + '\\n')\n"


def test_no_file_of_the_students_runs_on_the_trusted_side(write_tiny, practise, tmp_path):
    """With `--isolated` neither a declared file nor a conftest.py beside it is imported there."""
    spy = SPY.format(path=str(tmp_path / "seen"))
    folder = write_tiny(tmp_path / "a", {"conftest.py": spy})
    for file in ("lengths.py", "frames.py"):
        solved = (folder / file).read_text()
        guarded = "try:\n" + spy.replace("\n", "\n    ").replace("import", "    import", 1)
        (folder / file).write_text(solved + "\n" + guarded + "\nexcept OSError:\n    pass\n")
    done = practise(folder, "--isolated")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "seen").exists()
    practise(folder)
    assert (tmp_path / "seen").exists()  # in this process it is: the spy works


def test_settings_of_pytest_in_the_environment_do_not_reach_the_run(
    write_tiny, tmp_path, run_python
):
    """A student's own PYTEST_ADDOPTS or pytest.ini changes neither the result nor its form."""
    folder = write_tiny(tmp_path / "a", {"pytest.ini": "[pytest]\naddopts = --no-such-option\n"})
    code = "import os, sys; os.environ['PYTEST_ADDOPTS'] = '-v --maxfail=1'; "
    run = "from grader.cli import main; sys.exit(main(['test', *sys.argv[1:]]))"
    for options in ([], ["--isolated"]):
        done = run_python("-c", code + run, *options, cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
