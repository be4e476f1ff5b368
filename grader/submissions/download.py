"""List what an instructor downloaded for a whole class: a folder, or one .zip.

Either way it becomes a list of members, of which nothing has been read, so that
what is said about a layout's names is said once for both. Nothing is extracted.

Trust: the download was made by a learning platform, but its names and bytes are
the students'. What can be listed is bounded, for the class and for each entry
of it: a student with a million files must not stop the others.
"""

import io
import os
import weakref
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from grader.errors import GraderError
from grader.submissions.archive import zip_members
from grader.submissions.files import MAX_NAMES, is_junk, read_regular
from grader.submissions.members import Kind, Member, top

MAX_CLASS_NAMES = 100_000  # fifty for each of 2000 students
_MAX_ZIP_READ = 32 << 20  # the directory of so many members has some 15 000 000 bytes
_DEEPEST = 4  # student, assignment, a folder of the student's, file


def list_download(path: Path) -> list[Member]:
    """Return the members of a class's folder or .zip, without what systems leave behind.

    Raises
    ------
    GraderError
        If it cannot be read, or holds more than any class hands in.
    """
    try:
        found = _folder_members(path) if path.is_dir() else _zip_members(path)
        members = list(islice(found, MAX_CLASS_NAMES + 1))
    except OSError as error:
        raise GraderError(
            f"cannot read {path} ({error.strerror}); name the folder or .zip with the submissions"
        ) from error
    except zipfile.BadZipFile as error:
        raise GraderError(
            f"{path} is not a readable zip file ({error}); download it again"
        ) from error
    if len(members) > MAX_CLASS_NAMES:
        raise GraderError(
            f"{path} holds more than {MAX_CLASS_NAMES} files; keep only the submissions in it"
        )
    return [member for member in members if not _is_litter(member.name)]


def _is_litter(name: str) -> bool:
    # A name that leads out begins with dots too, and must not be overlooked.
    return any(is_junk(part) for part in name.split("/") if part.strip("."))


def unwrapped(members: list[Member]) -> list[Member]:
    """Return the members of the only folder at the top; as they are when there is more."""
    tops = {top(member.name) for member in members}
    files = [m for m in members if "/" not in m.name and m.kind is not Kind.FOLDER]
    if len(tops) != 1 or files:
        return members
    inner = [replace(member, name=member.name.partition("/")[2]) for member in members]
    return [member for member in inner if member.name]


def _folder_members(folder: Path) -> Iterator[Member]:
    with os.scandir(folder) as listing:
        entries = sorted(islice(listing, MAX_CLASS_NAMES + 1), key=lambda entry: entry.name)
    # The only folder at the top is a wrapper, of which every entry has its own bound.
    ours = [entry for entry in entries if not is_junk(entry.name)]
    if len(ours) == 1 and ours[0].is_dir(follow_symlinks=False):
        for member in _folder_members(Path(ours[0].path)):
            yield replace(member, name=f"{ours[0].name}/{member.name}")
        return
    for entry in entries:
        yield from islice(_below(entry, entry.name, _DEEPEST), MAX_NAMES + 2)


def _below(entry: os.DirEntry[str], name: str, depth: int) -> Iterator[Member]:
    read = partial(read_regular, entry.path)
    if not entry.is_dir(follow_symlinks=False):
        is_file = entry.is_file(follow_symlinks=False)
        size = entry.stat(follow_symlinks=False).st_size
        yield Member(name=name, kind=Kind.FILE if is_file else Kind.OTHER, size=size, read=read)
        return
    yield Member(name=name, kind=Kind.FOLDER, size=0, read=read)
    if depth == 0 or is_junk(entry.name):
        return
    try:
        with os.scandir(entry) as listing:
            inner = list(islice(listing, MAX_NAMES + 1))
    except OSError:  # reading it says what is wrong
        yield Member(name=f"{name}/unreadable", kind=Kind.OTHER, size=0, read=read)
        return
    for each in sorted(inner, key=lambda entry: entry.name):
        yield from _below(each, f"{name}/{each.name}", depth - 1)


class _NarrowFile(io.FileIO):
    """A file that gives no more than `_MAX_ZIP_READ` bytes at once.

    `zipfile` reads the whole directory in one go and makes an object for each member.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = _MAX_ZIP_READ + 1 if size is None or size < 0 else size
        content = super().read(min(wanted, _MAX_ZIP_READ + 1))
        if len(content) > _MAX_ZIP_READ:
            raise zipfile.BadZipFile("its directory is longer than any class's")
        return content


def _zip_members(path: Path) -> Iterator[Member]:
    file = _NarrowFile(path)
    try:
        archive = zipfile.ZipFile(file)
    except BaseException:
        file.close()
        raise
    weakref.finalize(archive, file.close)  # its members read from it for as long as they live
    for member in zip_members(archive):
        yield replace(member, name=_decoded(member.name).removesuffix("/"))


def _decoded(name: str) -> str:
    """Undo what `zipfile` makes of UTF-8 that is not marked as such: macOS never marks it."""
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name
