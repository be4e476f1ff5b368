"""`grader gradebook`, `grader diff` and late policies: through the real commands."""

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.downloads import as_folder, as_zip, packed
from tests.test_classroom import DESCRIPTION, HALF, HIDDEN, PUBLIC, RIGHT, SOLVED, graded

LATE = """
[late]
due = 2026-12-01T12:00:00+01:00
grace_minutes = 10
penalty_per_day = 0.1
cap = 0.5
"""
TIMES = """student,submitted
ada,2026-12-01 11:59
ben,2026-12-02T12:00:00+01:00
"""


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """Lay out a course and a class of three, of which ben was late; grade them."""
    root = tmp_path_factory.mktemp("once")
    reference = "course/reference/tiny"
    as_folder(
        root,
        {
            f"{reference}/assignment.toml": DESCRIPTION + LATE,
            f"{reference}/sums.py": SOLVED,
            f"{reference}/tests/test_double.py": PUBLIC,
            f"{reference}/hidden_tests/test_halve.py": HIDDEN,
            "times.csv": TIMES,
        },
    )
    sources = {"ada": RIGHT, "ben": HALF, "cem": HALF}
    folder = as_zip(root / "class", {f"{name}/sums.py": s for name, s in sources.items()})
    graded(root / "course", folder, "--out", root / "out", "--times", root / "times.csv")
    return root


@pytest.fixture
def here(once, tmp_path):
    """Give each test a copy of its own."""
    return shutil.copytree(once, tmp_path / "here")


@pytest.fixture
def course(here):
    """Return the course."""
    return here / "course"


@pytest.fixture
def folder(here):
    """Return the class as it was handed in."""
    return here / "class.zip"


@pytest.fixture
def out(here):
    """Return the results."""
    return here / "out"


@pytest.fixture
def run(run_python, course):
    """Give `run("show", out)`: what `grader gradebook` prints, or its complaint."""

    def run(*arguments: object, command: str = "gradebook", code: int = 0) -> str:
        done = run_python("-m", "grader", command, *map(str, arguments), cwd=course)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code != 2 else done.stderr

    return run


def finals(out: Path) -> dict[str, tuple[str, str]]:
    """Return the score and the final score in grades.csv."""
    with (out / "grades.csv").open(newline="") as file:
        return {r["student"]: (r["score"], r["final_score"]) for r in csv.DictReader(file)}


def test_lateness_stands_beside_the_score_of_the_tests(out):
    """In grades.csv, in the result file, and in what the student reads."""
    result = json.loads((out / "results" / "ben.json").read_text())

    assert finals(out) == {"ada": ("100", "100"), "ben": ("60", "50"), "cem": ("60", "60")}
    assert (result["score"], result["final_score"]) == (60, 50)
    assert result["submitted_at"] == "2026-12-02T12:00:00+01:00"
    for page in ("ben.html", "ben.md"):
        assert "handed in 1 day late: 10 of 100 points" in (out / "feedback" / page).read_text()
    assert "not known when this was handed in" in (out / "feedback" / "cem.md").read_text()


def test_a_new_due_date_counts_without_grading_again(course, folder, out):
    """The times that were noted stay with the same files, though no table is given."""
    description = course / "reference" / "tiny" / "assignment.toml"
    description.write_text(description.read_text().replace("2026-12-01T", "2026-12-02T"))

    report = graded(course, folder, "--out", out)

    assert (report["graded"], report["cached"]) == (0, 3)
    assert finals(out)["ben"] == ("60", "60")


def test_the_time_of_other_files_is_not_theirs(course, out, tmp_path):
    """Who hands in something new without a time has none."""
    again = as_zip(tmp_path / "again", {"ada/sums.py": RIGHT, "ben/sums.py": HALF + "# new\n"})

    graded(course, again, "--out", out)

    assert json.loads((out / "results" / "ada.json").read_text())["submitted_at"]
    assert json.loads((out / "results" / "ben.json").read_text())["submitted_at"] == ""


def test_a_later_table_of_times_is_recorded(course, folder, out, here):
    """It is another row of the gradebook, though nothing is graded."""
    (here / "times.csv").write_text("student,submitted\nben,2026-12-03 11:00\n")

    report = graded(course, folder, "--out", out, "--times", here / "times.csv")

    assert report["graded"] == 0
    assert finals(out)["ben"] == ("60", "40")
    with closing(sqlite3.connect(out / "gradebook.db")) as book:
        rows = book.execute("SELECT COUNT(*) FROM grades WHERE student = 'ben'").fetchone()
    assert rows == (2,)


def test_an_override_survives_a_regrade_and_can_be_taken_back(course, folder, out, run):
    """It is the last word; without it, the tests and lateness count again."""
    said = run("override", out, "ben", "85.5", "--reason", "graded by hand", "--by", "Dr. Who")
    assert said == "ben: 85.5 of 100 points count now\n"
    assert finals(out)["ben"] == ("60", "85.5")

    graded(course, folder, "--out", out, "--force")
    assert finals(out)["ben"] == ("60", "85.5")
    assert "set the score to 85.5 points" in (out / "feedback" / "ben.html").read_text()
    assert "by hand" not in (out / "feedback" / "ben.html").read_text()

    run("override", out, "ben", "--remove", "--reason", "a mistake")
    assert finals(out)["ben"] == ("60", "50")


def test_an_extension_moves_one_students_due_date(out, run):
    """The others are as late as before."""
    run("extension", out, "ben", "2026-12-02 12:00", "--reason", "was ill")

    assert finals(out) == {"ada": ("100", "100"), "ben": ("60", "60"), "cem": ("60", "60")}


def test_a_comment_is_on_the_students_page_and_inert(out, run):
    """The student reads it; nothing in it is markup."""
    run("comment", out, "ada", "<b>Well</b> done!", "--reason", "asked for it")

    page = (out / "feedback" / "ada.html").read_text()
    assert "&lt;b&gt;Well&lt;/b&gt; done!" in page
    assert "asked for it" not in page


def test_the_history_says_who_when_and_why(out, run):
    """Grades and decisions, the oldest first; nothing is ever replaced."""
    for points in ("70", "80"):
        run("override", out, "ben", points, "--reason", f"to {points}", "--by", "Dr. Who")

    lines = run("history", out, "ben").splitlines()
    events = json.loads(run("history", out, "--json"))["events"]

    assert [line.split("  ", 2)[2] for line in lines] == [
        "graded: 60 of 100 points",
        "override: 70.0; by Dr. Who: to 70",
        "override: 80.0; by Dr. Who: to 80",
    ]
    assert len(events) == 5
    assert events[-1]["author"] == "Dr. Who"


def test_show_says_what_counts_and_why(out, run):
    """For people, and for programs."""
    run("override", out, "ben", "70", "--reason", "an appeal", "--by", "Dr. Who")

    text = run("show", out)
    (ben,) = json.loads(run("show", out, "ben", "--json"))["students"]

    assert "ben        60.0    70.0  2026-12-02T12:00:00+01:00" in text
    assert "override: 70.0; by Dr. Who: an appeal" in text
    assert (ben["final_score"], ben["decisions"][0]["reason"]) == (70, "an appeal")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["override", "{out}", "benn", "1", "--reason", "x"], "did you mean 'ben'?"),
        (["override", "{out}", "ben", "101", "--reason", "x"], "no score from 0 to 100"),
        (["override", "{out}", "ben", "nan", "--reason", "x"], "no score from 0 to 100"),
        (["override", "{out}", "ben", "1", "--reason", " "], "a decision needs a --reason"),
        (["override", "{out}", "ben", "--reason", "x"], "takes a value, or --remove"),
        (["override", "{out}", "ben", "1"], "required: --reason"),
        (["extension", "{out}", "ben", "soon", "--reason", "x"], "'soon' is no time such as"),
        (["show", "{out}/results"], "no gradebook.db in"),
        (["history", "{out}", "zoe"], "has no grade of 'zoe'"),
    ],
)
def test_a_decision_that_is_none_is_a_sentence(out, run, arguments, sentence):
    """Nothing is recorded."""
    complaint = run(*[argument.format(out=out) for argument in arguments], code=2)

    assert sentence in complaint
    assert len(json.loads(run("history", out, "--json"))["events"]) == 3


def test_a_hostile_student_name_stays_a_name(course, tmp_path, run):
    """In the gradebook, the table and the history."""
    name = "Robert'); DROP TABLE grades; #"
    folder = as_zip(tmp_path / "class", {f"{name}/sums.py": HALF})
    graded(course, folder, "--out", tmp_path / "out")

    run("override", tmp_path / "out", name, "70", "--reason", "'; DROP TABLE changes;--")

    assert finals(tmp_path / "out") == {name: ("60", "70")}
    assert len(json.loads(run("history", tmp_path / "out", "--json"))["events"]) == 2


def test_diff_says_whose_grade_changed_and_why(course, out, run, here, tmp_path):
    """By how much, and because of which test, or of a decision."""
    later = tmp_path / "later"
    sources = {"ada": HALF, "ben": HALF, "dan": RIGHT}
    changed = as_zip(tmp_path / "changed", {f"{n}/sums.py": s for n, s in sources.items()})
    graded(course, changed, "--out", later, "--times", here / "times.csv")
    run("override", later, "ben", "75", "--reason", "x")

    text = run(out, later, command="diff", code=1)
    found = json.loads(run(out, later, "--json", command="diff", code=1))["differences"]

    assert "ada: 100 → 60 (-40)" in text
    assert "   -40  halve: Half of a number.  (test_halve: passed → failed)" in text
    assert "ben: 50 → 75 (+25)\n     +25  lateness, or a decision in the gradebook" in text
    assert "cem: 60 → no grade (-60)" in text
    assert "dan: no grade → 100 (+100)" in text
    assert "4 grades differ between" in text
    assert [d["student"] for d in found] == ["ada", "ben", "cem", "dan"]
    assert found[0]["tests"][0]["points"] == -40


def test_no_difference_is_said_and_exits_with_0(out, run):
    """As `diff` does."""
    assert run(out, out, command="diff").startswith("no grades differ between")


def test_exports_say_the_score_that_counts(out, run, tmp_path):
    """A platform gets it; a student reads both."""
    template = tmp_path / "canvas.csv"
    template.write_text("Student,ID,SIS Login ID,A1 (7)\n    Points Possible,,,50\nBen,1,ben,\n")

    filled = run("canvas", out, "--template", template, command="export", code=1)
    shown = json.loads(run("gradescope", out / "results" / "ben.json", command="export"))

    assert filled.splitlines()[-1] == "Ben,1,ben,25"
    assert shown["score"] == 50
    assert shown["output"].startswith("50 of 100 points (60 from the tests)\nhanded in 1 day late")


def test_a_download_is_recognised_by_the_command(course, tmp_path, run_python):
    """It says on stderr as what it was read, and what belongs to nobody."""
    download = as_zip(
        tmp_path / "class",
        {
            "hopperada_1_10_sums.py": RIGHT, "notes.txt": "",
            "grossj_LATE_2_11_a.zip": packed({"sums.py": HALF}),
        },
    )  # fmt: skip
    arguments = ("-m", "grader", "grade", "tiny", str(download), "--out", str(tmp_path / "out"))

    done = run_python(*arguments, "--json", cwd=course)
    report = json.loads(done.stdout)

    assert done.stderr.splitlines() == [
        "grader: read as a download from canvas: 2 students",
        "grader: not assigned to a student: notes.txt",
    ]
    assert (report["layout"], report["unassigned"]) == ("canvas", ["notes.txt"])
    assert {s["student"]: s["score"] for s in report["students"]} == {
        "grossj_2": 60, "hopperada_1": 100,
    }  # fmt: skip
    assert "late, says Canvas" in (tmp_path / "out" / "grades.csv").read_text()
    run_python(
        "-m", "grader", "gradebook", "override", str(tmp_path / "out"), "hopperada_1", "70",
        "--reason", "by hand", cwd=course,
    )  # fmt: skip
    assert "notes.txt" in (tmp_path / "out" / "index.html").read_text()  # also afterwards


def test_times_come_from_the_download(course, tmp_path):
    """Brightspace says in each name when it was handed in."""
    name = "13395-80551 - Jürgen Groß - Dec 3, 2026 1201 PM - sums.py"

    graded(course, as_zip(tmp_path / "class", {name: RIGHT}), "--out", tmp_path / "out")

    assert finals(tmp_path / "out") == {"Jürgen Groß_13395": ("100", "70")}


def test_a_gradebook_of_the_first_version_is_taken_over(course, folder, out, run):
    """It knew no decisions; its grades are kept."""
    with closing(sqlite3.connect(out / "gradebook.db")) as book:
        book.executescript("DROP TABLE changes; PRAGMA user_version = 1;")

    run("override", out, "ada", "99", "--reason", "x")

    assert finals(out)["ada"] == ("100", "99")
