"""Finding and reading the submissions of a class."""

import io
import os
import socket
import time
import zipfile
from pathlib import Path

import pytest

from grader.course import Assignment, Limits, Task
from grader.errors import GraderError
from grader.submissions.intake import Entry, find_ignored, find_submissions, read_submission

SOURCE = b"def pad2d(image):\n    return image\n"


def assignment_with(*files):
    tasks = tuple(
        Task(name=f"task{i}", file=file, points=1, requires=(), banned=())
        for i, file in enumerate(files)
    )
    limits = Limits(test_seconds=1, submission_seconds=1, memory_mb=1)
    return Assignment(
        id="a", title="A", dataset="digits", packages=(), limits=limits, tasks=tasks, folder=Path()
    )


TWO = assignment_with("padding.py", "edges.py")
ONE = assignment_with("losses.py")


def write(path, content=SOURCE):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def read(path, assignment=TWO):
    return read_submission(Entry("alice", path), assignment)


# --- finding


def test_each_student_is_a_folder_or_an_archive(tmp_path):
    write(tmp_path / "zoë" / "padding.py")
    for name in ("bob.zip", "carol.tar.gz", "dan.v2.TGZ", ".DS_Store", "Thumbs.db", "._bob.zip"):
        write(tmp_path / name)
    (tmp_path / "__MACOSX").mkdir()
    write(tmp_path / "notes.txt")
    write(tmp_path / "erin.py")
    entries = find_submissions(tmp_path, TWO)
    assert [entry.student for entry in entries] == ["bob", "carol", "dan.v2", "zoë"]
    assert entries[0].path == tmp_path / "bob.zip"
    assert find_ignored(tmp_path, TWO) == ["erin.py", "notes.txt"]


def test_a_single_file_may_be_named_for_its_student(tmp_path):
    write(tmp_path / "alice.py")
    [entry] = find_submissions(tmp_path, ONE)
    submission = read_submission(entry, ONE)
    assert (submission.student, submission.sources) == ("alice", {"losses.py": SOURCE})


@pytest.mark.parametrize(
    ("one", "other"),
    [("alice.zip", "alice.tgz"), ("Alice.zip", "alice.zip"), ("e\u0301.zip", "\u00e9.zip")],
)
def test_two_entries_of_one_student_are_an_error(tmp_path, one, other):
    write(tmp_path / one)
    write(tmp_path / other)
    with pytest.raises(GraderError, match="are one student's; remove one") as caught:
        find_submissions(tmp_path, TWO)
    assert repr(one) in str(caught.value)
    assert repr(other) in str(caught.value)


def test_no_submissions_no_folder_and_a_file_are_errors(tmp_path):
    with pytest.raises(GraderError, match="no submissions in"):
        find_submissions(tmp_path, TWO)
    with pytest.raises(GraderError, match="No such file"):
        find_submissions(tmp_path / "none", TWO)
    write(tmp_path / "file")
    with pytest.raises(GraderError, match="Not a directory"):
        find_submissions(tmp_path / "file", TWO)


def test_a_submission_taken_for_a_class_is_an_error(tmp_path):
    write(tmp_path / "padding.py")
    with pytest.raises(GraderError, match=r"is itself one submission \(it holds padding.py\)"):
        find_submissions(tmp_path, TWO)


@pytest.mark.parametrize(
    "name",
    [
        "a\x1b[31mlice",
        "a\nb",
        "-rf",
        " alice",
        "alice ",
        "a\\b",
        "c:a",
        "x" * 101,
        "ä" * 101,
        "😀" * 51,
        b"\xff".decode(errors="surrogateescape"),
    ],
)
def test_a_name_that_cannot_name_a_result_is_an_error(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(GraderError, match="cannot be a student's name; rename it") as caught:
        find_submissions(tmp_path, TWO)
    assert str(caught.value).isprintable()


# --- reading


def test_the_declared_files_of_a_folder_are_read_and_nothing_else(tmp_path):
    for name in ("padding.py", "edges.py", "helper.py", "conftest.py", "README.md", "tests/t.py"):
        write(tmp_path / name, name.encode())
    submission = read(tmp_path)
    assert submission.sources == {"padding.py": b"padding.py", "edges.py": b"edges.py"}
    assert submission.notes == ("extra files ignored: conftest.py, helper.py",)
    assert not submission.rejected


def test_notes_say_where_the_files_were_and_which_are_missing(tmp_path):
    write(tmp_path / "a1" / "padding.py")
    write(tmp_path / "data" / "x.csv")
    submission = read(tmp_path)
    assert submission.sources == {"padding.py": SOURCE}
    assert submission.notes == ("files found in folder a1/", "files missing: edges.py")


def test_extra_files_are_listed_up_to_a_few_without_control_characters(tmp_path):
    write(tmp_path / "padding.py")
    for i in range(8):
        write(tmp_path / f"a{i}\x1b.py")
    assert read(tmp_path).notes[1].endswith("a3?.py, a4?.py and 3 more")


def test_several_folders_are_rejected(tmp_path):
    write(tmp_path / "a" / "padding.py")
    write(tmp_path / "b" / "padding.py")
    assert "several of its folders hold the files asked for (a/, b/)" in read(tmp_path).rejected


def test_an_empty_folder_is_rejected(tmp_path):
    assert "it holds none of padding.py, edges.py" in read(tmp_path).rejected


def test_names_that_differ_only_by_case_are_rejected(tmp_path):
    write(tmp_path / "padding.py")
    write(tmp_path / "PADDING.py")
    if len(list(tmp_path.iterdir())) == 2:
        assert "beside" in read(tmp_path).rejected


@pytest.mark.parametrize("place", ["padding.py", "a1/padding.py"])
def test_what_is_no_regular_file_is_rejected_by_name(tmp_path, place):
    path = tmp_path / "alice" / place
    secret = tmp_path / "secret.py"
    write(secret)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(secret)
    assert (
        read(tmp_path / "alice").rejected == "alice: padding.py is a link; hand in the file itself"
    )
    path.unlink()
    os.link(secret, path)
    assert "padding.py is a hard link" in read(tmp_path / "alice").rejected
    path.unlink()
    os.mkfifo(path)
    assert "padding.py is not a regular file" in read(tmp_path / "alice").rejected
    path.unlink()
    path.mkdir()
    assert "padding.py is not a regular file" in read(tmp_path / "alice").rejected


def test_a_socket_is_rejected(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("padding.py")
        assert "not a regular file" in read(tmp_path).rejected


def test_linked_folders_are_not_followed(tmp_path):
    write(tmp_path / "other" / "padding.py")
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "a1").symlink_to(tmp_path / "other")
    assert "a1 is a link" in read(tmp_path / "alice").rejected
    (tmp_path / "bob").symlink_to(tmp_path / "other")
    assert "it is a link" in read(tmp_path / "bob").rejected
    assert "bob" in [entry.student for entry in find_submissions(tmp_path, TWO)]


def test_a_device_is_rejected_at_once():
    assert "not a regular file" in read(Path("/dev/zero"), ONE).rejected


def test_a_source_above_the_cap_is_rejected_unread(tmp_path):
    write(tmp_path / "padding.py")
    with (tmp_path / "padding.py").open("r+b") as file:
        file.truncate(3 << 30)
    assert "padding.py is larger than 1 MB" in read(tmp_path).rejected


def test_a_file_that_grows_while_it_is_read_is_rejected(tmp_path, monkeypatch):
    write(tmp_path / "padding.py")
    monkeypatch.setattr(os, "read", lambda _, size: b"x" * size)
    assert "padding.py is larger than 1 MB" in read(tmp_path).rejected


def test_a_folder_with_very_many_files_is_rejected_quickly(tmp_path):
    write(tmp_path / "padding.py")
    for i in range(3000):
        (tmp_path / f"x{i}").touch()
    began = time.monotonic()
    assert "more than 2000 files" in read(tmp_path).rejected
    assert time.monotonic() - began < 1


def test_very_many_files_in_a_folder_that_is_not_looked_into_do_not_matter(tmp_path):
    write(tmp_path / "padding.py")
    (tmp_path / "data").mkdir()
    for i in range(3000):
        (tmp_path / "data" / f"x{i}").touch()
    assert read(tmp_path).sources == {"padding.py": SOURCE}


def test_a_bad_archive_is_rejected_by_name(tmp_path):
    write(tmp_path / "alice.zip", b"no zip")
    assert read(tmp_path / "alice.zip").rejected == (
        "alice.zip: it is not a readable zip file (File is not a zip file); export it again"
    )


def test_a_submission_that_vanished_is_rejected(tmp_path):
    assert "No such file" in read(tmp_path / "alice.zip").rejected


def test_the_hash_depends_on_the_sources_alone(tmp_path):
    write(tmp_path / "alice" / "a1" / "padding.py")
    with zipfile.ZipFile(tmp_path / "alice.zip", "w") as archive:
        archive.writestr("padding.py", SOURCE)
        archive.writestr("notes.txt", b"x")
    first = read(tmp_path / "alice").sha256
    assert read(tmp_path / "alice.zip").sha256 == first
    write(tmp_path / "alice" / "a1" / "edges.py", b"")
    second = read(tmp_path / "alice").sha256
    write(tmp_path / "alice" / "a1" / "edges.py", b"#")
    third = read(tmp_path / "alice").sha256
    write(tmp_path / "alice.zip", b"bad")
    assert len({first, second, third, read(tmp_path / "alice.zip").sha256}) == 4


def test_a_zip_of_a_released_folder_needs_no_notes(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("padding.py", "edges.py", "README.md", "tests/test_a.py", "assignment.toml"):
            archive.writestr(name, b"")
    write(tmp_path / "alice.zip", buffer.getvalue())
    assert read(tmp_path / "alice.zip").notes == ()


def test_a_fifo_or_a_link_is_somebodys_and_rejected(tmp_path):
    """What is neither a file nor a folder is not overlooked, and not waited for."""
    os.mkfifo(tmp_path / "eve")
    (tmp_path / "fay").symlink_to("/etc/passwd")

    entries = find_submissions(tmp_path, TWO)
    reasons = {entry.student: read_submission(entry, TWO).rejected for entry in entries}

    assert "not a regular file" in reasons["eve"]
    assert "it is a link" in reasons["fay"]
