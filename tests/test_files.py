"""Files are written whole or not at all."""

import errno
import os
import stat
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.files import write_atomically


def test_text_and_bytes_are_written_as_they_are(tmp_path):
    """Text becomes UTF-8, with no newline touched."""
    write_atomically(tmp_path / "text", "Größe\r\n")
    write_atomically(tmp_path / "bytes", b"\x00\xff")
    assert (tmp_path / "text").read_bytes() == "Größe\r\n".encode()
    assert (tmp_path / "bytes").read_bytes() == b"\x00\xff"


def test_a_file_is_replaced_and_nothing_else_is_left_behind(tmp_path):
    """The temporary file is gone afterwards."""
    path = tmp_path / "grades.csv"
    path.write_text("old and longer")
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_of_the_old_file_keeps_the_old_content(tmp_path):
    """The file is replaced, not written over."""
    path = tmp_path / "grades.csv"
    path.write_text("old")
    with path.open() as reader:
        write_atomically(path, "new")
        assert reader.read() == "old"


def test_an_unchanged_file_is_left_alone(tmp_path):
    """Writing the same again does not touch the file."""
    path = tmp_path / "grades.csv"
    path.write_text("same")
    before = path.stat()
    write_atomically(path, "same")
    assert path.stat().st_ino == before.st_ino


def test_a_full_disk_leaves_the_old_content_and_says_what_to_do(tmp_path, monkeypatch):
    """The sentence names the file and the reason."""
    path = tmp_path / "grades.csv"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        GraderError, match=r"cannot write .*grades\.csv \(No space left on device\)"
    ):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_the_way_is_a_sentence(tmp_path):
    """What cannot be replaced is named, and no temporary file stays."""
    (tmp_path / "grades.csv").mkdir()
    with pytest.raises(GraderError, match=r"cannot write .*grades\.csv"):
        write_atomically(tmp_path / "grades.csv", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["grades.csv"]


def test_a_missing_folder_is_a_sentence(tmp_path):
    """No folder is made by guessing."""
    with pytest.raises(GraderError, match="No such file or directory"):
        write_atomically(tmp_path / "nowhere" / "grades.csv", "new")


def test_a_device_is_written_to_and_stays(tmp_path):
    """A pipe, and the system's link to one, are no files to be replaced."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    ends = os.pipe()
    for path in (tmp_path / "pipe", Path(f"/dev/fd/{ends[1]}")):
        write_atomically(path, "seen")
    assert [os.read(end, 10) for end in (reader, ends[0])] == [b"seen", b"seen"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    for descriptor in (reader, *ends):
        os.close(descriptor)
