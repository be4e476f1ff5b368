"""Grading a class: through the real command, with real zygotes and workers."""

import contextlib
import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

DESCRIPTION = """
id = "tiny"
title = "Numbers"
dataset = "digits"
packages = ["numpy"]

[limits]
test_seconds = 2
submission_seconds = 20
memory_mb = 512

[[task]]
name = "double"
file = "sums.py"
points = 60

[[task]]
name = "halve"
file = "sums.py"
points = 40
"""
SOLVED = '''
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return x * 2
    ### END SOLUTION


def halve(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION
'''
PUBLIC = '''
import pytest
from grader.checks import assert_allclose


@pytest.mark.task("double", points=60)
def test_double(student):
    """Twice 2 is 4."""
    assert_allclose(student.sums.double(2), 4)
'''
HIDDEN = '''
import pytest
from grader.checks import assert_allclose


@pytest.mark.task("halve", points=40)
def test_halve(student, reference, rng):
    """Half of a number."""
    x = rng.uniform()
    assert_allclose(student.sums.halve(x), reference.sums.halve(x))
'''
RIGHT = "def double(x):\n    return x + x\n\n\ndef halve(x):\n    return x * 0.5\n"
HALF = "def double(x):\n    return x + x\n\n\ndef halve(x):\n    return x\n"
CHEAT = "\n\ndef double(x):\n    return np.add(x, x)\n\n\ndef halve(x):\n    return x / 2\n"
SLOW = "import time\n\n\ndef double(x):\n    time.sleep(0.15)\n    return x + x\n"


@pytest.fixture
def course(tmp_path):
    """Lay out a course with one tiny assignment."""
    folder = tmp_path / "course" / "reference" / "tiny"
    (folder / "tests").mkdir(parents=True)
    (folder / "hidden_tests").mkdir()
    (folder / "assignment.toml").write_text(DESCRIPTION)
    (folder / "sums.py").write_text(SOLVED)
    (folder / "tests" / "test_double.py").write_text(PUBLIC)
    (folder / "hidden_tests" / "test_halve.py").write_text(HIDDEN)
    return tmp_path / "course"


@pytest.fixture
def class_folder(tmp_path):
    """Lay out a class of four, one of whom handed in a damaged archive."""
    folder = tmp_path / "class"
    for student, source in {"ada": RIGHT, "ben": HALF, "cem": RIGHT.replace("+", "-")}.items():
        hand_in(folder, student, source)
    (folder / "dan.zip").write_bytes(b"PK\x03\x04 but not for long")
    return folder


def hand_in(folder: Path, student: str, source: str) -> None:
    (folder / student).mkdir(parents=True, exist_ok=True)
    (folder / student / "sums.py").write_text(source)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "grader", "grade", *map(str, arguments)]


def grade(course: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("tiny", *arguments), cwd=course, capture_output=True, text=True, check=False
    )


def graded(course: Path, *arguments: object) -> dict:
    """Grade, and return the JSON report."""
    done = grade(course, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def table(out: Path) -> list[tuple[str, str, str]]:
    with (out / "grades.csv").open(newline="") as file:
        return [(row["student"], row["score"], row["status"]) for row in csv.DictReader(file)]


def rows(out: Path) -> list[str]:
    """Every grade ever recorded, by student."""
    with contextlib.closing(sqlite3.connect(out / "gradebook.db")) as book:
        return [name for (name,) in book.execute("SELECT student FROM grades ORDER BY student")]


def test_a_class_is_graded_without_pytorch(course, tmp_path, monkeypatch):
    """Neither the command nor the examiner loads it, and no worker has it, unless a course does."""
    decoy = tmp_path / "decoy"
    decoy.mkdir()
    (decoy / "torch.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'a').close()\n")
    monkeypatch.setenv("PYTHONPATH", str(decoy))
    tells = (
        'def double(x):\n    import sys\n    return x * 2 if "torch" not in sys.modules else 0\n'
    )
    hand_in(tmp_path / "class", "ada", f"{tells}\n\ndef halve(x):\n    return x / 2\n")
    report = graded(course, tmp_path / "class", "--out", tmp_path / "out")
    assert [student["score"] for student in report["students"]] == [100.0]
    assert not (tmp_path / "imported").exists()


def test_a_class_is_graded_and_written_down(course, class_folder, tmp_path):
    """The report, the CSV table, the result files and the gradebook agree."""
    out = tmp_path / "out"

    report = graded(course, class_folder, "--out", out)

    assert report["schema"] == "deltagrade/class/v1"
    assert (report["assignment"], report["graded"], report["cached"]) == ("tiny", 4, 0)
    scores = {s["student"]: (s["status"], s["score"], s["max_score"]) for s in report["students"]}
    assert scores == {
        "ada": ("graded", 100.0, 100.0),
        "ben": ("graded", 60.0, 100.0),
        "cem": ("graded", 40.0, 100.0),
        "dan": ("rejected", 0.0, 100.0),
    }
    assert table(out) == [
        ("ada", "100", "graded"),
        ("ben", "60", "graded"),
        ("cem", "40", "graded"),
        ("dan", "0", "rejected"),
    ]
    assert rows(out) == ["ada", "ben", "cem", "dan"]
    result = json.loads((out / "results" / "ben.json").read_text())
    assert [(t["test"], t["outcome"]) for t in result["tests"]] == [
        ("test_double.py::test_double", "passed"),
        ("test_halve.py::test_halve", "failed"),
    ]
    assert result["environment"]["sandbox"] in ("reduced", "full")


def test_a_second_run_grades_only_what_has_changed(course, class_folder, tmp_path):
    """A changed submission is graded again; the others, and rejections, are not."""
    out = tmp_path / "out"
    graded(course, class_folder, "--out", out)
    hand_in(class_folder, "ben", RIGHT)

    report = graded(course, class_folder, "--out", out)

    assert (report["graded"], report["cached"]) == (1, 3)
    assert rows(out) == ["ada", "ben", "ben", "cem", "dan"]
    assert table(out)[1] == ("ben", "100", "graded")


def test_a_changed_hidden_test_makes_every_grade_stale(course, class_folder, tmp_path):
    """What decides a grade includes the hidden tests."""
    out = tmp_path / "out"
    graded(course, class_folder, "--out", out)
    hidden = course / "reference" / "tiny" / "hidden_tests" / "test_halve.py"
    hidden.write_text(HIDDEN.replace("uniform()", "uniform(1, 2)"))

    report = graded(course, class_folder, "--out", out)

    assert (report["graded"], report["cached"]) == (4, 0)


def test_force_grades_everything_again(course, class_folder, tmp_path):
    """`--force` does not look at what is known."""
    out = tmp_path / "out"
    graded(course, class_folder, "--out", out)

    assert graded(course, class_folder, "--out", out, "--force")["graded"] == 4


def test_a_lost_result_file_is_written_again(course, class_folder, tmp_path):
    """The gradebook is the truth; the files are made from it."""
    out = tmp_path / "out"
    graded(course, class_folder, "--out", out)
    before = (out / "results" / "ada.json").read_text()
    (out / "results" / "ada.json").unlink()

    graded(course, class_folder, "--out", out)

    assert (out / "results" / "ada.json").read_text() == before


def test_a_run_killed_half_way_is_resumed(course, tmp_path):
    """After kill -9, the same command ends with the same table and grades nobody twice."""
    folder = tmp_path / "class"
    for number in range(60):
        source = SLOW if number % 3 else HALF
        hand_in(folder, f"student-{number:02}", source + f"# {number}\n")
    undisturbed, out = tmp_path / "undisturbed", tmp_path / "out"
    graded(course, folder, "--out", undisturbed)

    arguments = command("tiny", folder, "--out", out)
    with subprocess.Popen(arguments, cwd=course, stdout=subprocess.DEVNULL) as killed:
        wait_for(lambda: len(list((out / "results").glob("*.json"))) >= 10)
        killed.kill()
    recorded = len(rows(out))
    report = graded(course, folder, "--out", out)

    assert 10 <= recorded < 60
    assert (report["graded"], report["cached"]) == (60 - recorded, recorded)
    assert rows(out) == sorted(f"student-{number:02}" for number in range(60))
    assert table(out) == table(undisturbed)


def test_kill_9_leaves_no_process_behind(course, tmp_path):
    """Zygotes and workers end with the grader, however it ends."""
    folder = tmp_path / "class"
    hand_in(folder, "mallory", "def double(x):\n    while True: pass\n")
    arguments = command("tiny", folder, "--out", tmp_path / "out")
    with subprocess.Popen(arguments, cwd=course) as killed:
        wait_for(lambda: len(descendants_of(killed.pid)) >= 3)
        family = descendants_of(killed.pid)
        killed.kill()

    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))


def test_ctrl_c_leaves_a_consistent_gradebook(course, tmp_path):
    """Ctrl-C ends the run with 130; the next run goes on from there."""
    folder, out = tmp_path / "class", tmp_path / "out"
    for number in range(20):
        hand_in(folder, f"student-{number:02}", SLOW + f"# {number}\n")
    arguments = command("tiny", folder, "--out", out)
    with subprocess.Popen(arguments, cwd=course, stderr=subprocess.PIPE, text=True) as run:
        wait_for(lambda: len(list((out / "results").glob("*.json"))) >= 3)
        run.send_signal(signal.SIGINT)
        complaint = run.communicate()[1]

    assert run.returncode == 130
    assert "interrupted" in complaint
    assert "Traceback" not in complaint
    graded(course, folder, "--out", out)
    assert rows(out) == [f"student-{number:02}" for number in range(20)]


def test_two_graders_do_not_share_a_folder(course, tmp_path):
    """A second run into the same folder is refused while the first one works."""
    folder, out = tmp_path / "class", tmp_path / "out"
    for number in range(20):
        hand_in(folder, f"student-{number:02}", SLOW + f"# {number}\n")
    with subprocess.Popen(command("tiny", folder, "--out", out), cwd=course) as first:
        wait_for((out / "gradebook.db").exists)
        second = grade(course, folder, "--out", out)
        first.kill()

    assert second.returncode == 2
    assert "another grader is writing" in second.stderr


def test_entries_that_are_no_submission_are_named(course, class_folder, tmp_path):
    """A stray file is mentioned, not graded."""
    (class_folder / "notes.txt").write_text("late: ben")

    done = grade(course, class_folder, "--out", tmp_path / "out")

    assert "ignored: notes.txt" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{empty}"], "no submissions in"),
        (["{missing}"], "cannot read"),
        (["{class}", "--dataset", "digit"], "did you mean 'digits'?"),
        (["{class}", "--out", "/dev/null/out"], "choose another folder with --out"),
        (["{twice}"], "are one student's"),
    ],
)
def test_bad_input_gets_a_sentence(course, class_folder, tmp_path, arguments, sentence):
    """Exit code 2, and one line that says what to do."""
    (tmp_path / "empty").mkdir()
    hand_in(tmp_path / "twice", "ada", RIGHT)
    (tmp_path / "twice" / "ada.zip").write_bytes(b"PK")
    places = {name: str(tmp_path / name) for name in ("empty", "missing", "twice", "class")}
    filled = [argument.format_map(places) for argument in arguments]

    done = grade(course, *filled)

    assert done.returncode == 2
    assert done.stderr.startswith("grader: ")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_assignment_is_corrected(course, class_folder):
    """A misspelt name gets a suggestion."""
    arguments = command("tinny", class_folder)

    done = subprocess.run(arguments, cwd=course, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert "no assignment 'tinny' in reference/; did you mean 'tiny'?" in done.stderr


def test_the_output_may_not_lie_among_the_submissions(course, class_folder):
    """Otherwise the next run would grade it as a student."""
    done = grade(course, class_folder, "--out", class_folder / "graded")

    assert done.returncode == 2
    assert "lies among the submissions" in done.stderr


def test_a_zygote_that_dies_stops_the_class_in_a_sentence(course, tmp_path):
    """Nobody is graded broken for it, and the next run goes on."""
    folder, out = tmp_path / "class", tmp_path / "out"
    for number in range(20):
        hand_in(folder, f"student-{number:02}", SLOW + f"# {number}\n")
    arguments = command("tiny", folder, "--out", out)
    with subprocess.Popen(arguments, cwd=course, stderr=subprocess.PIPE, text=True) as run:
        wait_for(lambda: len(list((out / "results").glob("*.json"))) >= 3)
        for pid in descendants_of(run.pid):
            with contextlib.suppress(OSError):
                if b"grader.sandbox.zygote" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)
        complaint = run.communicate()[1]

    assert run.returncode == 2
    assert "the worker zygote has ended; run the same command again" in complaint
    graded(course, folder, "--out", out)
    assert rows(out) == [f"student-{number:02}" for number in range(20)]


def test_banned_names_are_found_whatever_a_comment_says(course, tmp_path):
    """A coding comment that Python does not know does not switch the search off."""
    description = course / "reference" / "tiny" / "assignment.toml"
    banned = DESCRIPTION.replace("points = 60", 'points = 60\nbanned = ["numpy.add"]')
    description.write_text(banned)
    hand_in(tmp_path / "class", "mia", f"# coding: nope\nimport numpy as np\n{CHEAT}")

    report = graded(course, tmp_path / "class", "--out", tmp_path / "out")

    assert report["students"][0]["score"] == 40


def test_tests_that_do_not_add_up_are_refused(course, class_folder, tmp_path):
    """The denominator is the author's promise; nobody is graded out of 90."""
    test = course / "reference" / "tiny" / "tests" / "test_double.py"
    test.write_text(PUBLIC.replace("points=60", "points=50"))

    done = grade(course, class_folder, "--out", tmp_path / "out")

    assert done.returncode == 2
    assert "worth 50 points, assignment.toml says 60" in done.stderr


def test_a_broken_test_is_our_fault(course, class_folder, tmp_path):
    """A hidden test that fails by itself marks the submission broken, and the next run retries."""
    hidden = course / "reference" / "tiny" / "hidden_tests" / "test_halve.py"
    hidden.write_text(HIDDEN.replace("reference.sums.halve(x)", "reference.sums.third(x)"))
    out = tmp_path / "out"

    done = grade(course, class_folder, "--out", out, "--json")

    assert done.returncode == 1
    statuses = {s["student"]: s["status"] for s in json.loads(done.stdout)["students"]}
    assert statuses == {"ada": "broken", "ben": "broken", "cem": "broken", "dan": "rejected"}
    again = json.loads(grade(course, class_folder, "--out", out, "--json").stdout)
    assert (again["graded"], again["cached"]) == (3, 1)


def test_a_full_disk_is_said_in_a_sentence(course, class_folder, tmp_path):
    """No traceback when nothing can be written; what was recorded before is kept."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", disk], check=True)
    try:
        done = grade(course, class_folder, "--out", disk / "out")
    finally:
        subprocess.run(["umount", disk], check=True)

    assert done.returncode == 2
    assert "make room" in done.stderr
    assert "Traceback" not in done.stderr


def wait_for(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def descendants_of(pid: int) -> list[int]:
    """Return the descendants of a process."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family[1:]
