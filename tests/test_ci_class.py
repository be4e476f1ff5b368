"""Collecting a class's repositories, and telling students: over HTTP, from real repositories."""

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from grader.cli import main
from grader.course import read_assignment
from grader.errors import GraderError
from grader.github import api
from grader.github.roster import Row, read_roster
from grader.output import open_output
from grader.results import Status
from grader.submissions.intake import Entry, read_submission
from tests.exports_examples import QUOTED, broken, ordinary
from tests.github_server import TOKEN, git, serve

HEADER = "student,repository\n"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """Give a server; the environment leads to it, and nothing waits for long."""
    monkeypatch.setattr(api, "_PATIENCE", (0.0, 0.0))
    with serve(tmp_path / "repositories") as hub:
        monkeypatch.setenv("GITHUB_API_URL", hub.url)
        monkeypatch.setenv("STUDENTS_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_REPOSITORY", "course/central")
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            monkeypatch.setenv(name, str(tmp_path / name))
        yield hub


@pytest.fixture
def course(write_tiny, tmp_path, monkeypatch):
    """Give a course, with a roster of ada and bob; it is the working folder."""
    write_tiny(tmp_path / "course" / "reference" / "tiny")
    monkeypatch.chdir(tmp_path / "course")
    write_roster("ada", "bob")
    return tmp_path / "course"


def write_roster(*students):
    lines = [f"{student},course/tiny-{student}\n" for student in students]
    Path("roster.csv").write_text(HEADER + "".join(lines))


def collect(*options):
    return main(["github", "collect", "tiny", "roster.csv", "--out", "class", *options])


def publish(*options):
    return main(["github", "publish", "roster.csv", "graded", *options])


# ---------------------------------------------------------------- the roster


def test_a_roster(tmp_path):
    """Spaces around a cell do not count; a reference may be named."""
    path = tmp_path / "roster.csv"
    path.write_text("student,repository,ref\nada, o/a ,\n\nbob,o/b.c,v1/x\n", encoding="utf-8-sig")

    assert read_roster(path) == [Row("ada", "o/a", "HEAD"), Row("bob", "o/b.c", "v1/x")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no column student and repository"),
        ("name,repository\n", "has no column student"),
        (HEADER, "names no student"),
        (HEADER + "ada,o/a\nAda,o/b\n", "line 3 repeats line 2"),
        (HEADER + "ada,o/a\nbob,O/A\n", "line 3 repeats line 2"),
        (HEADER + "../x,o/a\n", "cannot name a student"),
        (HEADER + "a/b,o/a\n", "cannot name a student"),
        (HEADER + "-x,o/a\n", "cannot name a student"),
        (HEADER + "ada,o/..\n", "is no repository"),
        (HEADER + "ada,o/a/../b\n", "is no repository"),
        (HEADER + "ada,https://x/o/a\n", "is no repository"),
        (HEADER + "ada\n", "is no repository"),
        ("student,repository,ref\nada,o/a,../../x\n", "is no branch"),
        ("student,repository,ref\nada,o/a,-x\n", "is no branch"),
        ("student,repository,ref\nada,o/a,a?b\n", "is no branch"),
    ],
)
def test_a_roster_that_is_wrong(tmp_path, text, reason):
    """It says where, and what to write."""
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(GraderError, match=reason):
        read_roster(tmp_path / "roster.csv")


def test_which_repositories_a_token_leads_to(tmp_path, monkeypatch, capsys):
    """Those of the roster; of one owner, and no more than one token can."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
    write_roster("ada", "bob")
    assert main(["github", "roster", "roster.csv"]) == 0
    assert capsys.readouterr().out == "owner=course\nrepositories=tiny-ada,tiny-bob\n"

    write_roster(*(f"s{n}" for n in range(501)))
    assert main(["github", "roster", "roster.csv"]) == 2
    Path("roster.csv").write_text(HEADER + "ada,o/a\nbob,p/b\n")
    assert main(["github", "roster", "roster.csv"]) == 2
    assert "one owner" in capsys.readouterr().err


# ---------------------------------------------------------------- collecting


def test_what_was_pushed_is_collected(hub, course, tmp_path):
    """As archives that are read like any submission; the outputs divide the class."""
    sources = {name: (course / "reference/tiny" / name).read_text() for name in ("lengths.py",)}
    hub.create("course/tiny-ada", sources)
    hub.create("course/tiny-bob", {"lengths.py": "old"})
    (hub.folder / "course/tiny-bob/frames.py").write_text("def frame(image): ...\n")
    hub.commit("course/tiny-bob")

    assert collect("--shards", "3") == 0

    assignment = read_assignment(course / "reference" / "tiny")
    ada = read_submission(Entry("ada", course / "class" / "ada.tar.gz"), assignment)
    bob = read_submission(Entry("bob", course / "class" / "bob.tar.gz"), assignment)
    assert ada.sources == {"lengths.py": sources["lengths.py"].encode()}
    assert set(bob.sources) == {"lengths.py", "frames.py"}
    lines = (tmp_path / "GITHUB_OUTPUT").read_text().splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    assert json.loads(outputs["shards"]) == [1, 2, 3]
    assert outputs["assignment"] == "tiny"
    assert "2 of 2 repositories" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()


def test_the_token_goes_to_github_and_not_where_it_redirects_to(hub, course):
    """An archive's address is good by itself."""
    hub.create("course/tiny-ada", {"lengths.py": "x = 1\n"})
    write_roster("ada")

    collect()

    assert hub.unredirected == [None]


def test_a_ref_is_collected(hub, course):
    """A tag, and not what was pushed since."""
    hub.create("course/tiny-ada", {"lengths.py": "x = 1\n"})
    git(hub.folder / "course/tiny-ada", "tag", "submitted")
    (hub.folder / "course/tiny-ada/lengths.py").write_text("x = 2\n")
    hub.commit("course/tiny-ada")
    Path("roster.csv").write_text("student,repository,ref\nada,course/tiny-ada,submitted\n")

    assert collect() == 0

    assignment = read_assignment(course / "reference" / "tiny")
    ada = read_submission(Entry("ada", course / "class" / "ada.tar.gz"), assignment)
    assert ada.sources == {"lengths.py": b"x = 1\n"}


def test_a_repository_that_is_not_there(hub, course, tmp_path, capsys):
    """The others are collected, and an archive of an earlier run does not stand in for it."""
    hub.create("course/tiny-ada", {"lengths.py": "x = 1\n"})
    hub.create("course/tiny-cy", {})
    write_roster("ada", "bob", "cy")
    (course / "class").mkdir()
    (course / "class" / "bob.tar.gz").write_bytes(b"old")

    assert collect() == 1

    assert [path.name for path in (course / "class").iterdir()] == ["ada.tar.gz"]
    said = capsys.readouterr().out
    assert "bob: no such repository or ref, or the app is not installed there" in said
    assert "cy: the repository is empty" in said
    assert "1 of 3 repositories" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()


def test_one_that_is_too_large(hub, course, monkeypatch, capsys):
    """It is its student's affair, and stops nobody else."""
    hub.create("course/tiny-ada", {"lengths.py": "x = 1\n"})
    large = "".join(random.Random(0).choices("0123456789abcdef", k=20_000))  # noqa: S311
    hub.create("course/tiny-bob", {"lengths.py": "x = 1\n", "data.txt": large})
    monkeypatch.setattr("grader.github.collect.MAX_ARCHIVE", 5_000)

    assert collect() == 1

    assert "bob: its archive is larger than" in capsys.readouterr().out
    assert [path.name for path in (course / "class").iterdir()] == ["ada.tar.gz"]


def test_nobody_could_be_collected(hub, course, capsys):
    """There is nothing to grade."""
    assert collect() == 2
    assert "no repository in roster.csv could be collected" in capsys.readouterr().err


@pytest.mark.parametrize(("answers", "code"), [([502, 503], 0), ([502, 503, 504], 2), ([403], 2)])
def test_github_has_troubles(hub, course, answers, code, capsys):
    """It is asked again; a student is never taken for missing because of it."""
    for student in ("ada", "bob"):
        hub.create(f"course/tiny-{student}", {"lengths.py": "x = 1\n"})
    hub.trouble["/repos/course/tiny-bob/commits/HEAD"] = answers

    assert collect() == code
    assert ("run this again later" in capsys.readouterr().err) == (code == 2)


def test_a_public_repository_is_refused(hub, course, capsys):
    """Its hidden tests are everybody's."""
    hub.private = False

    assert collect() == 2
    assert "make it private" in capsys.readouterr().err
    assert not any("tarball" in line for line in hub.log)


def test_what_the_environment_must_say(course, monkeypatch, capsys):
    """Both variables are named."""
    for name in ("GITHUB_API_URL", "STUDENTS_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    assert collect() == 2
    assert "GITHUB_API_URL and STUDENTS_TOKEN" in capsys.readouterr().err


def test_a_matrix_has_an_end(course, capsys):
    """GitHub takes 256 jobs."""
    assert collect("--shards", "257") == 2
    assert "at most 256" in capsys.readouterr().err


# ---------------------------------------------------------------- publishing


@pytest.fixture
def graded(hub, course):
    """Give the results of ada and bob, in graded/, and their repositories."""
    for student in ("ada", "bob"):
        hub.create(f"course/tiny-{student}", {"lengths.py": "x = 1\n"})
    write_graded(course, ordinary(student="ada"), ordinary(student="bob"))
    return course / "graded"


def write_graded(course, *grades):
    assignment = read_assignment(course / "reference" / "tiny")
    with open_output(course / "graded", assignment) as output:
        for grade in grades:
            output.record(grade, "0" * 64)


def test_feedback_as_an_issue(hub, graded):
    """One issue, which a second run leaves alone and a new grade changes."""
    assert publish() == 0
    (issue,) = hub.issues["course/tiny-ada"]
    assert issue["title"] == "Feedback: a1"
    assert "5 of 18" in issue["body"]
    assert QUOTED not in issue["body"]  # what a hidden test says

    writes = [line for line in hub.log if not line.startswith("GET")]
    issue["body"] = issue["body"].replace("\n", "\r\n").rstrip()  # as GitHub may give it back
    assert publish() == 0
    assert [line for line in hub.log if not line.startswith("GET")] == writes

    (graded / "feedback" / "ada.md").write_text("better")
    assert publish("--as", "issue") == 0
    assert [each["body"] for each in hub.issues["course/tiny-ada"]] == [
        "<!-- deltagrade a1 -->\nbetter"
    ]


def test_feedback_as_a_comment(hub, graded, capsys):
    """In the oldest open pull request; who has none is listed."""
    for number in (7, 3):
        hub.open_pull_request("course/tiny-ada", number)

    assert publish("--as", "pull-request") == 1
    assert publish("--as", "pull-request") == 1

    (comment,) = hub.comments["course/tiny-ada/3"]
    assert "5 of 18" in comment["body"]
    assert "course/tiny-bob: there is no open pull request" in capsys.readouterr().err

    (graded / "feedback" / "ada.md").write_text("better")
    publish("--as", "pull-request")
    assert hub.comments["course/tiny-ada/3"] == [comment]
    assert comment["body"].endswith("better")


def test_long_feedback_fits_into_an_issue(hub, graded):
    """GitHub takes 65 536 characters."""
    (graded / "feedback" / "ada.md").write_text("x" * 70_000)

    assert publish() == 0

    (issue,) = hub.issues["course/tiny-ada"]
    assert len(issue["body"]) < 65_536
    assert "## a1: 5 of 18 points" in issue["body"]


def test_who_is_not_told(hub, graded, course, capsys):
    """Nobody is told of a fault of ours; who has no grade is listed."""
    write_graded(course, broken(student="ada"))
    (graded / "results" / "bob.json").unlink()

    assert publish() == 1

    assert not any(hub.issues.values())
    said = capsys.readouterr().err
    assert "ada, course/tiny-ada: the grade is broken, by a fault of ours" in said
    assert "bob, course/tiny-bob: there is no grade" in said
    assert broken().status is Status.BROKEN


def test_a_result_of_a_stranger(hub, graded, capsys):
    """The roster says who is in the class, and a result does not."""
    write_roster("ada")

    assert publish() == 2
    assert "'bob', who is not in roster.csv" in capsys.readouterr().err
    assert not any(hub.issues.values())


def test_a_repository_without_the_app(hub, graded, capsys):
    """The others are told."""
    hub.trouble["/repos/course/tiny-ada/issues"] = [403]

    assert publish() == 1
    assert "ada, course/tiny-ada: GitHub answered 403; is the app" in capsys.readouterr().err
    assert len(hub.issues["course/tiny-bob"]) == 1


@pytest.mark.parametrize("status", [403, 429])
def test_github_says_when_to_come_again(monkeypatch, status):
    """After many issues at once; what it did not make is asked for again, and only then."""
    asked, waited = [], []

    class Busy(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            busy = len(asked) == 1
            self.send_response(status if busy else 201)
            if busy:
                self.send_header("Retry-After", "60")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    monkeypatch.setattr(api.time, "sleep", waited.append)
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        github = api.GitHub(f"http://127.0.0.1:{server.server_port}", TOKEN)
        try:
            assert github.send("POST", "/repos/o/r/issues", {"title": "Feedback"}) == {}
        finally:
            server.shutdown()
            thread.join()

    assert asked == [b'{"title": "Feedback"}'] * 2
    assert waited == [60.0]
