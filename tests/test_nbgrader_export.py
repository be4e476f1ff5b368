"""Scores in nbgrader's own gradebook, read back with nbgrader's own code."""

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import GraderError
from grader.exports.nbgrader import nbgrader
from grader.results import Outcome
from tests.exports_examples import (
    HOSTILE,
    QUOTED,
    broken,
    grade,
    hostile,
    ordinary,
    rejected,
    result,
)

api = pytest.importorskip("nbgrader.api", reason="nbgrader is not installed")
pytest.importorskip("nbconvert", reason="nbgrader is not installed")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Make a gradebook that knows ada and ben: once, as it takes nbgrader a while."""
    folder = tmp_path_factory.mktemp("fresh")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")  # for `alembic`
        book = opened(folder)
    with book:
        book.add_student("ada")
        book.add_student("ben")
    return folder / "gradebook.db"


@pytest.fixture
def course(fresh, tmp_path):
    """Give a course with such a gradebook."""
    shutil.copy(fresh, tmp_path)
    return tmp_path


def opened(course):
    return api.Gradebook(f"sqlite:///{course / 'gradebook.db'}")


def cells(course, student="ada", assignment="a1"):
    with opened(course) as book:
        (notebook,) = book.find_submission(assignment, student).notebooks
        return {cell.name: (cell.score, cell.max_score) for cell in notebook.grades}


def comments(course, student="ada"):
    with opened(course) as book:
        notebooks = book.find_submission("a1", student).notebooks
        return {each.name: each.comment for n in notebooks for each in n.comments}


def test_each_task_is_a_cell_with_its_points(course):
    """The assignment is added to a gradebook that does not know it."""
    recorded = nbgrader(course, [ordinary(), ordinary(student="ben")])

    assert not recorded.problems
    assert cells(course) == {"pad2d-tests": (2.0, 10.0), "flip-tests": (3.0, 8.0)}
    with opened(course) as book:
        ben = book.find_submission("a1", "ben")
        assert (ben.score, ben.max_score, ben.needs_manual_grade) == (5.0, 18.0, False)


def test_comments_say_what_is_wrong_and_nothing_hidden(course):
    """They stand at the cells with the answers."""
    nbgrader(course, [ordinary()])
    pad2d, flip = comments(course)["pad2d"], comments(course)["flip"]

    assert "files missing: edges.py" in pad2d
    assert "padded[0, 0] is 1" in pad2d
    assert "hint: Look at the corners." in pad2d
    assert "flips.py, line 12" in flip
    assert QUOTED not in pad2d + flip


def test_the_time_of_a_submission_is_kept(course):
    """Ours where there is none; theirs is more exact, and formgrader compares it."""
    nbgrader(course, [ordinary(submitted_at="2026-11-01T12:00:00+01:00")])
    nbgrader(course, [ordinary(submitted_at="2026-11-02T12:00:00+01:00")])
    with opened(course) as book:
        assert book.find_submission("a1", "ada").timestamp == datetime(2026, 11, 1, 11)


def test_nothing_is_said_where_nothing_is_wrong(course):
    """Not even an empty block."""
    nbgrader(course, [grade(result())])
    assert comments(course) == {"pad2d": None}


def test_students_are_matched_letter_for_letter(course, tmp_path, capsys):
    """Whoever is not in the course is listed, the others are exported, the exit code is 1."""
    (tmp_path / "submitted" / "eve" / "a1").mkdir(parents=True)
    (tmp_path / "submitted" / "ben" / "a1").mkdir(parents=True)
    (tmp_path / "autograded" / "ben" / "a1").mkdir(parents=True)
    names = ("Ada", "ben", "ben ", "eve")
    out = written(tmp_path, *(ordinary(student=name) for name in names))

    assert main(["export", "nbgrader", str(out), "-o", str(course)]) == 1
    said = capsys.readouterr().err
    assert "Ada is no student" in said
    assert "2 of 4 scores" in said
    assert 'lists 1 of them only when they are in autograded/: nbgrader autograde a1 "--' in said
    with opened(course) as book:
        assert {s.student.id for s in book.find_assignment("a1").submissions} == {"ben", "eve"}


def written(tmp_path, *grades):
    folder = tmp_path / "graded" / "results"
    folder.mkdir(parents=True)
    for each in grades:
        (folder / f"{each.student}.json").write_text(json.dumps(each.to_json()))
    return folder.parent


def test_a_new_gradebook_takes_everybody(tmp_path):
    """There is nobody yet with whom a name could be confused."""
    recorded = nbgrader(tmp_path / "new.db", [ordinary()])
    assert not recorded.problems
    assert "the gradebook had no students; all are added" in recorded.notes


def test_what_we_could_not_grade_is_not_exported(course):
    """And what could not be read earns nothing, with the reason."""
    recorded = nbgrader(course, [ordinary(student="ben"), rejected()])
    assert not recorded.problems
    assert {score for score, _ in cells(course).values()} == {0.0}
    assert "not a readable zip file" in comments(course)["pad2d"]

    recorded = nbgrader(course, [broken(student="ben")])
    assert recorded.problems == ("ben is not exported: the grader itself failed; grade again",)
    assert cells(course, "ben")["pad2d-tests"] == (2.0, 10.0)


def test_lateness_and_overrides_count(course):
    """The total of `nbgrader export` is the one that counts."""
    nbgrader(course, [ordinary(adjustment=-1.0)])
    late = ordinary(adjustment=-2.0, adjustments=("someone decided",))
    nbgrader(course, [late, ordinary(student="ben", adjustment=3.0)])

    ada, ben = run_nbgrader(course, "export", "--to", "theirs.csv")
    assert (float(ada["raw_score"]), float(ada["score"]), float(ben["score"])) == (5.0, 3.0, 8.0)
    assert "someone decided" in comments(course)["pad2d"]


def run_nbgrader(course, *command):
    """Run nbgrader itself in a course; return the rows of the table that it was told to write."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", *command],
        cwd=course, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader((course / command[-1]).read_text().splitlines()))


def test_what_a_person_decided_stays(course):
    """A manual score and a manual comment go before ours."""
    nbgrader(course, [ordinary()])
    with opened(course) as book:
        book.find_grade("flip-tests", "a1", "a1", "ada").manual_score = 8.0
        book.find_comment("flip", "a1", "a1", "ada").manual_comment = "very well"
        book.db.commit()
    nbgrader(course, [ordinary()])

    assert cells(course)["flip-tests"] == (8.0, 8.0)
    assert comments(course)["flip"] == "very well"
    with opened(course) as book:
        assert book.find_grade("flip-tests", "a1", "a1", "ada").needs_manual_grade
        assert not book.find_grade("pad2d-tests", "a1", "a1", "ada").needs_manual_grade


def test_another_version_of_the_assignment_is_refused(course):
    """Points that differ, cells that are missing, and cells too many."""
    nbgrader(course, [grade(result())])
    for other, why in (
        (grade(result(points=3.0)), "2 points for pad2d-tests, where the results have 3"),
        (grade(result(), result(task="flip")), "no such cell for flip-tests"),
        (grade(result(task="flip")), "no such cell for flip-tests"),
    ):
        with pytest.raises(GraderError, match=why):
            nbgrader(course, [other])
    nbgrader(course, [grade(result(), assignment="a2"), grade(result(), assignment="a2")])
    with opened(course) as book:
        book.add_grade_cell("more", "a2", "a2", max_score=1, cell_type="code")
    with pytest.raises(GraderError, match=r"cells that the results do not know \(more\)"):
        nbgrader(course, [grade(result(), assignment="a2")])


def test_an_assignment_of_theirs_keeps_its_own_cells(course):
    """A task with a slash is an answer in a notebook, its tests are cells with own points."""
    mine = grade(
        result(task="hw/squares", test="hw.ipynb::correct", points=1.0),
        result(
            Outcome.FAILED, task="hw/squares", test="hw.ipynb::invalid", title="invalid", points=2.0
        ),
    )
    nbgrader(course, [mine])

    assert cells(course) == {"correct": (1.0, 1.0), "invalid": (0.0, 2.0)}
    assert "invalid (failed, 0 of 2)" in comments(course)["squares"]


def test_hostile_text_stays_text(course):
    """Their feedback makes HTML of comments; ours has no tag, link or image in it."""
    filters = pytest.importorskip("nbconvert.filters", reason="nbgrader is not installed")
    attack = replace(hostile(), student="ada", assignment="a1")
    text = "```\n<script>alert(1)</script> ![x](http://example.org) " + "`" * 9
    nbgrader(course, [replace(attack, messages=(HOSTILE, text))])
    page = "".join(filters.markdown2html(text) for text in comments(course).values() if text)

    assert "&lt;script&gt;" in page
    for alive in ("<script", "<img", "<a ", "href"):
        assert alive not in page


def test_only_a_gradebook_of_theirs_is_written(tmp_path, capsys):
    """Ours has the same name; and a folder without any is no course."""
    ours = sqlite3.connect(tmp_path / "gradebook.db")
    ours.execute("CREATE TABLE grades (student TEXT)")
    ours.close()
    with pytest.raises(GraderError, match="is no gradebook of nbgrader"):
        nbgrader(tmp_path, [ordinary()])
    with pytest.raises(GraderError, match=r"there is no .*; name the folder of a course"):
        nbgrader(tmp_path / "elsewhere", [ordinary()])
    (tmp_path / "text.db").write_text("no database at all, but a long text" * 100)
    with pytest.raises(GraderError, match="cannot be read"):
        nbgrader(tmp_path / "text.db", [ordinary()])
    out = written(tmp_path, ordinary())
    assert main(["export", "nbgrader", str(out)]) == 2
    assert "name it, or its course, with -o" in capsys.readouterr().err


def test_without_nbgrader_a_sentence_says_what_to_install(course, monkeypatch):
    """Not a traceback."""
    monkeypatch.setitem(sys.modules, "nbgrader.api", None)
    with pytest.raises(GraderError, match=r'pip install "deltagrade\[nbgrader\]"'):
        nbgrader(course, [ordinary()])


def test_nbgrader_exports_points_by_task_with_our_plugin(course):
    """The columns are those of grades.csv; a formula is none."""
    with opened(course) as book:
        book.add_student("=1+1")
    nbgrader(course, [ordinary(), ordinary(student="=1+1", adjustment=-1.0)])
    exporter = "--exporter=grader.nbgrader.exporter.TaskExporter"

    formula, ada = run_nbgrader(course, "export", exporter, "--to", "tasks.csv")
    assert list(ada)[:5] == ["student", "score", "final_score", "max_score", "status"]
    assert (ada["pad2d"], ada["flip"], ada["score"], ada["max_score"]) == ("2", "3", "5", "18")
    assert (formula["student"], formula["final_score"]) == ("'=1+1", "4")


def test_formgrader_shows_the_scores(course):
    """What its pages ask for is there."""
    nbgrader(course, [ordinary()])
    with opened(course) as book:
        (row,) = [s for s in book.student_dicts() if s["id"] == "ada"]
        assert (row["score"], row["max_score"]) == (5.0, 18.0)
        (row,) = book.submission_dicts("a1")
        assert (row["score"], row["needs_manual_grade"]) == (5.0, False)
