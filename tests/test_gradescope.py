"""An autograder for Gradescope, set up and run in a tree laid out as Gradescope's.

The tree is what Gradescope makes: the zip unpacked into source/, run_autograder
copied beside it, submission/ and results/. It is bound to /autograder by bubblewrap,
in a root of its own, which stands for Gradescope's container.
"""

import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.course import assignment_sha256
from grader.gradescope import run
from tests.downloads import as_folder
from tests.test_classroom import DESCRIPTION, HALF, HIDDEN, PUBLIC, RIGHT, SOLVED

LATE = "\n[late]\ndue = 2026-12-01T12:00:00Z\ngrace_minutes = 0\npenalty_per_day = 0.1\ncap = 0.5\n"
LANDLOCK_CREATE_RULESET = 444
HOSTILE = """
import os, sys
for path in ("/autograder/results/results.json", "results.json"):
    try:
        with open(path, "w") as file:
            file.write('{"score": 100}')
    except OSError:
        pass
for path in ("/autograder/source/reference/tiny/hidden_tests/test_halve.py", "/etc/shadow"):
    try:
        print(open(path).read())
    except OSError:
        pass


def double(x):
    os._exit(0)


def halve(x):
    sys.exit(0)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Lay out a course with one tiny assignment."""
    root = tmp_path_factory.mktemp("course")
    files = {
        "assignment.toml": DESCRIPTION + LATE,
        "sums.py": SOLVED,
        "tests/test_double.py": PUBLIC,
        "hidden_tests/test_halve.py": HIDDEN,
    }
    return as_folder(root, {f"reference/tiny/{name}": text for name, text in files.items()})


@pytest.fixture(scope="module")
def autograder(course, run_python, tmp_path_factory):
    """Make the zip."""
    target = tmp_path_factory.mktemp("zip") / "autograder.zip"
    done = run_python(
        "-m", "grader", "release", "tiny", "--gradescope", str(target), cwd=course
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="module")
def installed(autograder, tmp_path_factory):
    """Unpack it and run setup.sh, which installs the grader with pip."""
    demand_index(tmp_path_factory.mktemp("index"))
    tree = tmp_path_factory.mktemp("tree")
    unpack(autograder, tree)
    done = in_container(tree, "bash", "/autograder/source/setup.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    return tree


@pytest.fixture
def tree(installed, tmp_path):
    """Give each test a tree of its own; only the environment, which nobody changes, is shared."""
    tree = tmp_path / "tree"
    shutil.copytree(installed, tree, ignore=shutil.ignore_patterns("venv", "submission"))
    (tree / "venv").mkdir()
    (tree / "of").symlink_to(installed)  # for in_container
    return tree


def demand_index(folder: Path) -> None:
    """Skip where pip has no index; whatever else goes wrong with the setup is a failure."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), "iniconfig"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("pip cannot reach a package index")
    if not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed")


def unpack(autograder: Path, tree: Path) -> None:
    """Do what Gradescope does with the zip."""
    with zipfile.ZipFile(autograder) as archive:
        for info in archive.infolist():
            path = Path(archive.extract(info, tree / "source"))
            path.chmod(info.external_attr >> 16 & 0o777)
    shutil.copy(tree / "source" / "run_autograder", tree)
    (tree / "results").mkdir()


def in_container(
    tree: Path, *command: str, options: tuple[str, ...] = (), keep: tuple[int, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command where the tree is /autograder, and the rest of the machine is read-only."""
    root = ["--tmpfs", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]  # noqa: S108
    for path in sorted(Path("/").iterdir()):
        if path.is_symlink():
            root += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir() and path.name not in ("dev", "proc", "tmp", "autograder"):
            root += ["--ro-bind", str(path), str(path)]
    root += ["--bind", str(tree), "/autograder", "--chdir", "/autograder"]
    if (tree / "of").exists():
        root += ["--ro-bind", str((tree / "of").resolve() / "venv"), "/autograder/venv"]
    return subprocess.run(
        ["bwrap", *root, *options, *command],
        capture_output=True, text=True, check=False, pass_fds=keep,
    )  # fmt: skip


def autograde(
    tree: Path,
    submission: Mapping[str, object] | None,
    options: tuple[str, ...] = (),
    keep: tuple[int, ...] = (),
) -> dict:
    """Hand in, run the autograder, and return its results."""
    if submission is not None:
        (tree / "submission").mkdir()
        as_folder(tree / "submission", submission)
    (tree / "results" / "results.json").unlink(missing_ok=True)
    done = in_container(tree, "/autograder/run_autograder", options=options, keep=keep)
    assert done.returncode == 0, done.stderr
    return checked((tree / "results" / "results.json").read_text())


def checked(text: str) -> dict:
    """Return results after a look at what Gradescope demands of them."""
    results = json.loads(text)
    assert isinstance(results["score"], float | int)
    assert results["tests"]
    for test in results["tests"]:
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] == "visible"  # or the student sees no total
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["number"], str)
    return results


def test_the_zip_holds_scripts_grader_and_hidden_tests(autograder, course):
    """The scripts at its root, one of them executable; the same files decide a grade."""
    with zipfile.ZipFile(autograder) as archive:
        names = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
        archive.extractall(autograder.parent / "unpacked")
    here, there = course / "reference/tiny", autograder.parent / "unpacked/reference/tiny"

    assert names["run_autograder"] == names["setup.sh"] == 0o755
    assert names["reference/tiny/hidden_tests/test_halve.py"] == 0o644
    assert [name for name in names if name.startswith("wheels/deltagrade-")]
    assert assignment_sha256(there) == assignment_sha256(here)


def test_the_zip_is_the_same_whenever_it_is_made(autograder, course, run_python, tmp_path):
    """Whoever compares two of them sees what has changed."""
    again = tmp_path / "again.zip"
    run_python("-m", "grader", "release", "tiny", "--gradescope", str(again), cwd=course)

    assert again.read_bytes() == autograder.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tiny", "--gradescope", "auto.tar"], "auto.tar must end in .zip"),
        (["tiny", "--gradescope", "a.zip", "--check"], "take one assignment, and nothing else"),
        (["tiny", "--gradescope", "nowhere/a.zip"], "cannot write nowhere/a.zip"),
    ],
)
def test_what_cannot_be_made_is_a_sentence(course, run_python, arguments, sentence):
    """Exit code 2."""
    done = run_python("-m", "grader", "release", *arguments, cwd=course)

    assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr


def test_a_good_submission_gets_its_points(tree):
    """As it would at home, with the total in sight."""
    results = autograde(tree, {"sums.py": RIGHT})

    assert results["score"] == 100
    assert results["output"].splitlines()[0] == "100 of 100 points"
    assert [test["status"] for test in results["tests"]] == ["passed", "passed"]
    assert results["stdout_visibility"] == "hidden"


def test_a_wrong_submission_reads_why_but_nothing_hidden(tree):
    """A hidden test says that it does not pass, and no more."""
    results = autograde(tree, {"sums.py": HALF})

    assert results["score"] == 60
    (wrong,) = [test for test in results["tests"] if test["status"] == "failed"]
    assert wrong["output"] == "This hidden test does not pass."


def test_a_hostile_submission_writes_no_results_and_reads_no_tests(tree):
    """What it wrote is nowhere, what it looked for it did not find."""
    results = autograde(tree, {"sums.py": HOSTILE})

    assert results["score"] == 0
    assert "assert_allclose" not in json.dumps(results)
    assert len(results["tests"]) == 2


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        ({}, "it holds none of sums.py"),
        (None, "cannot be read (No such file or directory)"),
        ({"notes.txt": "sorry"}, "it holds none of sums.py"),
        ({"work.zip": b"PK no zip"}, "is not a readable zip file"),
        ({"a/sums.py": "", "b/sums.py": ""}, "several of its folders"),
    ],
)
def test_an_empty_or_broken_submission_reads_what_is_wrong(tree, submission, reason):
    """Such a submission has no points, and results that say so."""
    results = autograde(tree, submission)

    assert results["score"] == 0
    assert reason in results["output"]


def test_a_file_that_is_no_python_is_graded(tree):
    """Its tests fail, each with the reason."""
    results = autograde(tree, {"sums.py": "def double(x:\n"})

    assert (results["score"], len(results["tests"])) == (0, 2)


def test_an_archive_within_is_opened(tree):
    """Gradescope unpacks what is handed in as a zip, but not a zip in a folder."""
    assert autograde(tree, {"work.zip": {"sums.py": RIGHT}})["score"] == 100


def test_lateness_is_counted_from_what_gradescope_says(tree):
    """And a student's own due date, if there is another."""
    metadata = {
        "id": 1, "created_at": "2026-12-02T14:00:00.365935+01:00",
        "assignment": {"due_date": "2026-12-01T12:00:00.000000+00:00"},
        "users": [{"email": "ada@uni.example", "id": 7}],
    }  # fmt: skip
    (tree / "submission_metadata.json").write_text(json.dumps(metadata))
    late = autograde(tree, {"sums.py": RIGHT})
    shutil.rmtree(tree / "submission")
    metadata["users"][0]["assignment"] = {"due_date": "2026-12-04T12:00:00.000000+00:00"}
    (tree / "submission_metadata.json").write_text(json.dumps(metadata))
    extended = autograde(tree, {"sums.py": RIGHT})

    assert late["score"] == 80
    assert "handed in 1 day 1 hour late: 20 of 100 points are taken off" in late["output"]
    assert extended["score"] == 100


def test_without_user_namespaces_the_tier_is_reduced_and_hidden_tests_run(tree):
    """As in most containers: hidden files cannot be opened, though they exist."""
    options = ("--unshare-user", "--disable-userns")

    assert autograde(tree, {"sums.py": RIGHT}, options)["score"] == 100
    (tree / "submission" / "sums.py").write_text(HOSTILE)
    assert autograde(tree, None, options)["score"] == 0


def test_without_a_sandbox_hidden_tests_are_refused_in_the_results(tree):
    """Where the container forbids Landlock, as `grader grade` refuses it."""
    filters = [
        (0x20, 0, 0, 0),  # load the number of the system call
        (0x15, 0, 1, LANDLOCK_CREATE_RULESET),
        (0x06, 0, 0, 0x0005_0026),  # ENOSYS
        (0x06, 0, 0, 0x7FFF_0000),  # allow
    ]
    with tempfile.TemporaryFile() as program:
        program.write(b"".join(struct.pack("HBBI", *line) for line in filters))
        program.seek(0)
        options = ("--seccomp", str(program.fileno()))

        results = autograde(tree, {"sums.py": RIGHT}, options, keep=(program.fileno(),))

    assert results["score"] == 0
    assert "That is not your fault" in results["output"]
    assert "isolates submissions only at tier none, not reduced" in results["output"]
    assert "Landlock is missing" in results["output"]


@pytest.mark.parametrize("room", [401_408, 4096])
def test_a_full_disk_keeps_no_results_back(tree, room):
    """They take the room that was kept for them, or say that there is none."""
    (tree / "submission").mkdir()
    (tree / "submission" / "sums.py").write_text(RIGHT)
    options = ("--size", str(room), "--tmpfs", "/autograder/results")
    script = "/autograder/run_autograder 2>/dev/null; cat /autograder/results/results.json"

    done = in_container(tree, "bash", "-c", script, options=options)

    assert checked(done.stdout)["score"] == 100


def test_a_fault_of_ours_is_said_without_its_words(tmp_path, monkeypatch, capsys):
    """An exception's message may quote a hidden test; it goes to the instructor's log alone."""

    def fail(*_: object) -> str:
        raise RuntimeError("expected 42")

    as_folder(tmp_path, {"source/reference/tiny/assignment.toml": DESCRIPTION, "results/x": ""})
    monkeypatch.setattr(run, "results", fail)

    assert run.main(tmp_path, "tiny") == 0
    text = (tmp_path / "results" / "results.json").read_text()

    assert "the grader itself failed (RuntimeError)" in checked(text)["output"]
    assert "42" not in text
    assert "expected 42" in capsys.readouterr().err


def test_results_that_do_not_fit_give_way_to_a_sentence(tmp_path, monkeypatch):
    """Half a file of JSON would be none."""
    as_folder(tmp_path, {"source/reference/tiny/assignment.toml": DESCRIPTION, "results/x": ""})
    written = []

    def refuse(path: Path, text: str) -> None:
        written.append(text)
        if len(text) > 100_000:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(run, "results", lambda *_: "x" * 200_000)
    monkeypatch.setattr(run, "replace_in_place", refuse)
    run.main(tmp_path, "tiny")

    assert "cannot be written (No space left on device)" in checked(written[-1])["output"]


def test_a_run_that_is_stopped_leaves_results(tree):
    """Out of time or of memory, or killed: what was there from the start says so."""
    script = tree / "run_autograder"
    assert '"420"' in script.read_text()
    script.write_text(script.read_text().replace('"420"', '"1"'))

    results = autograde(tree, {"sums.py": "import time\n\n\ndef double(x):\n    time.sleep(9)\n"})

    assert "The reason: it ended before it was done" in results["output"]
    assert results["tests"][0]["max_score"] == 100


def test_without_a_setup_there_are_results(autograder, tmp_path):
    """Gradescope runs the autograder even when its setup failed."""
    if not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed")
    unpack(autograder, tmp_path)

    results = autograde(tmp_path, {"sums.py": RIGHT})

    assert "The reason: it is not installed; its setup failed" in results["output"]


def test_broken_tests_are_our_fault_and_quote_nothing(tree):
    """The student reads that the tests cannot be collected, and none of their lines."""
    hidden = tree / "source" / "reference" / "tiny" / "hidden_tests" / "test_halve.py"
    hidden.write_text(HIDDEN + "\nSECRET = = 42\n")

    results = autograde(tree, {"sums.py": RIGHT})

    assert "The reason: the tests cannot be collected" in results["output"]
    assert "SECRET" not in json.dumps(results)


def test_the_assignment_may_be_missing(tree):
    """A damaged image still gives results."""
    shutil.rmtree(tree / "source" / "reference")

    assert "cannot read" in autograde(tree, {"sums.py": RIGHT})["output"]
