"""The gradebook: durable, complete, and clear about what is wrong with a file."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from grader.errors import GraderError
from grader.gradebook import Gradebook
from grader.results import Grade, Outcome, Result, Status, Visibility

RESULT = Result(
    test="test_a.py::test_one", task="pad", title="It pads.", visibility=Visibility.HIDDEN,
    points=100.0, outcome=Outcome.PASSED, seconds=0.5,
)  # fmt: skip
GRADE = Grade(
    assignment="a1", student="ada", status=Status.GRADED, submission_sha256="ab",
    graded_at="2026-03-01T12:00:00+00:00", environment={"sandbox": "full"}, max_score=100.0,
    results=(RESULT,),
)  # fmt: skip
FAILED = replace(GRADE, results=(replace(RESULT, outcome=Outcome.FAILED, feedback="no"),))


@pytest.fixture
def path(tmp_path):
    """Return where the gradebook lies."""
    return tmp_path / "gradebook.db"


def test_a_grade_is_there_when_the_book_is_opened_again(path):
    """A grade comes back whole, with what it was given for."""
    with Gradebook(path) as book:
        book.record(GRADE, "f1")
    with Gradebook(path) as book:
        entry = book.latest("a1")["ada"]
    assert (entry.fingerprint, entry.grade) == ("f1", GRADE)


def test_the_latest_grade_counts_and_the_earlier_ones_stay(path):
    """Rows are only ever added."""
    with Gradebook(path) as book:
        for mark, grade in [("f1", GRADE), ("f2", FAILED)]:
            book.record(grade, mark)
        assert book.latest("a1")["ada"].grade == FAILED
    with closing(sqlite3.connect(path)) as connection:
        history = connection.execute("SELECT fingerprint, score FROM grades ORDER BY id").fetchall()
    assert history == [("f1", 100.0), ("f2", 0.0)]


def test_assignments_and_students_do_not_mix(path):
    """Each student has one grade in each assignment."""
    with Gradebook(path) as book:
        book.record(GRADE, "f1")
        book.record(replace(GRADE, student="bob"), "f2")
        book.record(replace(GRADE, assignment="a2"), "f3")
        assert {s: e.fingerprint for s, e in book.latest("a1").items()} == {
            "ada": "f1",
            "bob": "f2",
        }
        assert list(book.latest("a2")) == ["ada"]
        assert book.latest("a3") == {}


def test_a_killed_run_keeps_what_it_recorded(path, run_python):
    """A grade is on disk before the next one is begun."""
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from grader.gradebook import Gradebook; from grader.results import Grade, Status\n"
        "book = Gradebook(Path(sys.argv[1]))\n"
        "book.record(Grade(assignment='a1', student='eve', status=Status.GRADED, graded_at='',"
        " submission_sha256='', environment={}, max_score=1.0), 'f')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = run_python("-c", script, str(path), cwd=path.parent)
    assert killed.returncode < 0
    with Gradebook(path) as book:
        assert list(book.latest("a1")) == ["eve"]


def test_a_second_reader_sees_what_is_committed(path):
    """A report can be made while a class is being graded."""
    with Gradebook(path) as writer, Gradebook(path) as reader:
        writer.record(GRADE, "f1")
        assert reader.latest("a1")["ada"].grade == GRADE


def test_a_file_that_is_no_gradebook_is_a_sentence_and_is_left_alone(path):
    """The sentence says which file, and what to do."""
    path.write_bytes(b"student,score\n" * 500)
    with pytest.raises(GraderError, match=r"gradebook\.db \(file is not a database\).*move the"):
        Gradebook(path)
    assert path.read_bytes() == b"student,score\n" * 500


def test_a_damaged_page_is_a_sentence(path):
    """A gradebook that is damaged in its middle is not read half."""
    with Gradebook(path) as book:
        for number in range(50):
            book.record(replace(GRADE, student=f"s{number}"), "f")
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(GraderError, match=r"cannot use .*gradebook\.db"), Gradebook(path) as book:
        book.latest("a1")


def test_a_gradebook_of_another_version_is_refused(path):
    """A newer grader's rows are not misread."""
    with Gradebook(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(GraderError, match=r"gradebook\.db was written by another version"):
        Gradebook(path)


def test_a_place_that_cannot_be_written_is_a_sentence(path):
    """A folder in the way, or no folder at all, is said before anything is graded."""
    path.mkdir()
    for place in (path, path / "nowhere" / "gradebook.db"):
        with pytest.raises(GraderError, match=r"cannot use .* \(unable to open database file\)"):
            Gradebook(place)


def test_a_gradebook_that_may_only_be_read_takes_no_grade(path):
    """A grade that cannot be recorded is an error, never lost in silence."""
    with Gradebook(path) as book:
        book._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(GraderError, match="attempt to write a readonly database"):
            book.record(GRADE, "f1")
        assert book.latest("a1") == {}
