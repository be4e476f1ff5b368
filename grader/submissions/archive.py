"""Read the declared files out of an untrusted zip or tar.gz, in memory.

Nothing is ever extracted to disk, so a climbing name or a link can reach
nothing; such an archive is refused all the same, because no ordinary tool
makes one. The size of everything is bounded before it is allocated: of the
archive, of its list of members, of what is inflated.

The two formats differ in what is safe to leave to the standard library.
`zipfile` finds a member by a directory, and inflates only what we ask for.
`tarfile` must inflate everything to find anything, and parses headers of any
length with expressions that a hostile header slows down at will; so the blocks
of a tar are walked here, and only the decoding of one header is `tarfile`'s.

Trust: none. Whatever goes wrong inside is the archive's fault.
"""

import io
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from itertools import pairwise
from pathlib import Path

from grader.errors import SubmissionRejectedError
from grader.submissions.files import (
    MAX_NAMES,
    MAX_SOURCE,
    Found,
    choose_folder,
    demand_one_spelling,
    is_junk,
    read_regular,
    shown,
    too_large,
    too_many,
)

SUFFIXES = (".zip", ".tar.gz", ".tgz")
MAX_ARCHIVE = 50_000_000
MAX_INFLATED = 100_000_000  # of a tar.gz, which must be inflated whole
_MAX_TAR_HEADERS = 3 * MAX_NAMES  # a name may come with a long form of it and its attributes
_MAX_ZIP_READ = 1 << 20  # the directory of 2000 members has some 300 000 bytes
_MAX_TAR_HEADER = 1 << 16
_BLOCK = 512
_ZIP_HEADER = 30  # bytes before a member's name
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_PAX_RECORD = re.compile(rb"(?:^|\n)\d{1,9} (path|size|GNU\.sparse[^=\n]*)=([^\n]*)")


class _Kind(Enum):
    FILE = auto()
    FOLDER = auto()
    OTHER = auto()  # a link, a device, a pipe


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    name: str
    kind: _Kind
    size: int  # as announced
    read: Callable[[], bytes]


def read_archive(path: Path, declared: Sequence[str]) -> Found:
    """Return the declared files of a zip or tar.gz.

    Raises
    ------
    SubmissionRejectedError
        If it is damaged, too large, or unlike what an ordinary tool writes.
    """
    content = read_regular(path, MAX_ARCHIVE)
    kind, members = (
        ("zip", _zip_members) if path.name.lower().endswith(".zip") else ("tar.gz", _tar_members)
    )
    try:
        return _pick(members(content), declared)
    except SubmissionRejectedError:
        raise
    except Exception as error:
        reason = shown(str(error), 200) or type(error).__name__
        raise SubmissionRejectedError(
            f"it is not a readable {kind} file ({reason}); export it again"
        ) from error


def _pick(members: Iterable[_Member], declared: Sequence[str]) -> Found:
    """Choose the folder that holds the declared files, and read them."""
    folders: dict[str, dict[str, _Member]] = {}
    for count, member in enumerate(members):
        if count >= MAX_NAMES:
            raise too_many()
        *parents, name = _parts(member.name) or ("",)
        if len(parents) > 1 or any(map(is_junk, (*parents, name))) or member.kind is _Kind.FOLDER:
            continue
        if member.kind is _Kind.OTHER:
            raise SubmissionRejectedError(
                f"{shown(member.name)} in it is not a regular file; hand in plain files"
            )
        beside = folders.setdefault("".join(parents), {})
        if name in beside:
            raise SubmissionRejectedError(f"it holds {shown(member.name)} twice; export it again")
        beside[name] = member
    folder = choose_folder(
        [f for f, names in folders.items() if names.keys() & set(declared)], declared
    )
    chosen = folders[folder]
    demand_one_spelling(chosen, declared)
    return Found(
        sources={name: _read(chosen[name]) for name in declared if name in chosen},
        folder=folder,
        beside=sorted(chosen.keys() - set(declared)),
    )


def _parts(name: str) -> list[str]:
    """Split a member's name, and refuse one that no ordinary tool writes."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or _DRIVE.match(name):
        raise SubmissionRejectedError(
            f"{shown(name)} in it points out of the archive; export again"
        )
    if "\\" in name or "\0" in name:
        raise SubmissionRejectedError(f"{shown(name)} in it is not a portable name; rename it")
    return [part for part in parts if part not in {"", "."}]


def _read(member: _Member) -> bytes:
    if member.size > MAX_SOURCE:
        raise too_large(shown(member.name), MAX_SOURCE)
    content = member.read()
    if len(content) > MAX_SOURCE:
        raise too_large(shown(member.name), MAX_SOURCE)
    return content


class _NarrowFile(io.BytesIO):
    """A file that gives no more than `_MAX_ZIP_READ` bytes at once.

    `zipfile` reads the whole directory in one go and makes an object for each
    member in it, some twenty times as large as its entry.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        if len(content) > _MAX_ZIP_READ:
            raise too_many()
        return content


def _zip_members(content: bytes) -> Iterator[_Member]:
    archive = zipfile.ZipFile(_NarrowFile(content))
    _demand_apart(archive.infolist())
    for info in archive.infolist():
        yield _Member(
            # Not `filename`, which ends at a NUL and may come from an extra field.
            name=info.orig_filename,
            kind=_zip_kind(info),
            size=info.file_size,
            read=partial(_read_zipped, archive, info),
        )


def _zip_kind(info: zipfile.ZipInfo) -> _Kind:
    if info.orig_filename.endswith("/"):
        return _Kind.FOLDER
    mode = stat.S_IFMT(info.external_attr >> 16)
    return _Kind.FILE if mode in {0, stat.S_IFREG} else _Kind.OTHER


def _demand_apart(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes: a bomb is built so, and two readings of one file."""
    for one, next_one in pairwise(sorted(infos, key=lambda info: info.header_offset)):
        if one.header_offset + _ZIP_HEADER + one.compress_size > next_one.header_offset:
            raise zipfile.BadZipFile("its members overlap")


def _read_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    name = shown(info.orig_filename)
    if info.flag_bits & _ENCRYPTED:
        raise SubmissionRejectedError(f"{name} in it is encrypted; export it without a password")
    # The other methods inflate a block of any size at once.
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SubmissionRejectedError(
            f"{name} in it is compressed unusually; export it as plain zip"
        )
    with archive.open(info) as file:
        return file.read(MAX_SOURCE + 1)


def _tar_members(content: bytes) -> Iterator[_Member]:
    data = _gunzip(content)
    position, long_name, headers = 0, "", 0
    while (block := data[position : position + _BLOCK]) != bytes(_BLOCK):
        headers += 1  # those that only describe the next one cost as much to read
        if headers > _MAX_TAR_HEADERS:
            raise too_many()
        header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        start = position + _BLOCK
        end = start + header.size
        if header.size < 0 or end > len(data):
            raise EOFError("it ends early")
        position = end + -end % _BLOCK
        if header.type in {tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME}:
            long_name = _tar_long_name(header.type, data[start : min(end, start + _MAX_TAR_HEADER)])
        elif header.type not in {tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK}:
            read = partial(_cut, data, start, end)
            name = long_name or header.name
            yield _Member(name=name, kind=_tar_kind(header), size=header.size, read=read)
            long_name = ""


def _cut(data: bytes, start: int, end: int) -> bytes:
    return data[start:end]


def _tar_kind(header: tarfile.TarInfo) -> _Kind:
    if header.type in {tarfile.REGTYPE, tarfile.AREGTYPE}:
        return _Kind.FILE
    return _Kind.FOLDER if header.type == tarfile.DIRTYPE else _Kind.OTHER


def _tar_long_name(kind: bytes, header: bytes) -> str:
    """Return the name that an extended header gives to the next member, or ""."""
    if kind == tarfile.GNUTYPE_LONGNAME:
        return header.rstrip(b"\0").decode()
    records: dict[bytes, bytes] = dict(_PAX_RECORD.findall(header))
    path = records.pop(b"path", b"")
    if records:
        raise tarfile.TarError("a member of it is sparse or enormous")
    return path.decode()


def _gunzip(content: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)  # with gzip's header and checksum
    data = inflater.decompress(content, MAX_INFLATED)
    if len(data) >= MAX_INFLATED:
        raise too_large("what it unpacks to", MAX_INFLATED)
    if not inflater.eof:
        raise EOFError("it ends early")
    if inflater.unused_data.strip(b"\0"):
        raise tarfile.TarError("something follows its end")
    return data
