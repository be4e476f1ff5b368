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
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from grader.errors import SubmissionRejectedError
from grader.submissions.files import MAX_NAMES, Found, read_regular, shown, too_large, too_many
from grader.submissions.members import Kind, Member, pick

SUFFIXES = (".zip", ".tar.gz", ".tgz")
MAX_ARCHIVE = 50_000_000
MAX_INFLATED = 100_000_000  # of a tar.gz, which must be inflated whole
_MAX_TAR_HEADERS = 3 * MAX_NAMES  # a name may come with a long form of it and its attributes
_MAX_ZIP_READ = 1 << 20  # the directory of 2000 members has some 300 000 bytes
_MAX_TAR_HEADER = 1 << 16
_BLOCK = 512
_ZIP_HEADER = 30  # bytes before a member's name
_ENCRYPTED = 0x1
_PAX_RECORD = re.compile(rb"(?:^|\n)\d{1,9} (path|size|GNU\.sparse[^=\n]*)=([^\n]*)")


def read_archive(path: Path, declared: Sequence[str]) -> Found:
    """Return the declared files of a zip or tar.gz.

    Raises
    ------
    SubmissionRejectedError
        If it is damaged, too large, or unlike what an ordinary tool writes.
    """
    return read_packed(path.name, read_regular(path, MAX_ARCHIVE), declared)


def read_packed(name: str, content: bytes, declared: Sequence[str]) -> Found:
    """Return the declared files of a zip or tar.gz, given what it is called and its bytes.

    Raises
    ------
    SubmissionRejectedError
        If it is damaged, too large, or unlike what an ordinary tool writes.
    """
    kind, members = (
        ("zip", _zip_members) if name.lower().endswith(".zip") else ("tar.gz", _tar_members)
    )
    try:
        return pick(members(content), declared)
    except SubmissionRejectedError:
        raise
    except Exception as error:
        reason = shown(str(error), 200) or type(error).__name__
        raise SubmissionRejectedError(
            f"it is not a readable {kind} file ({reason}); export it again"
        ) from error


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


def _zip_members(content: bytes) -> Iterator[Member]:
    return zip_members(zipfile.ZipFile(_NarrowFile(content)))


def zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    """Yield the members of an open zip, of which the directory has a size that can be borne.

    Raises
    ------
    BadZipFile
        If two of them share bytes.
    """
    _demand_apart(archive.infolist())
    for info in archive.infolist():
        yield Member(
            # Not `filename`, which ends at a NUL and may come from an extra field.
            name=info.orig_filename,
            kind=_zip_kind(info),
            size=info.file_size,
            read=partial(_read_zipped, archive, info),
        )


def _zip_kind(info: zipfile.ZipInfo) -> Kind:
    if info.orig_filename.endswith("/"):
        return Kind.FOLDER
    mode = stat.S_IFMT(info.external_attr >> 16)
    return Kind.FILE if mode in {0, stat.S_IFREG} else Kind.OTHER


def _demand_apart(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes: a bomb is built so, and two readings of one file."""
    for one, next_one in pairwise(sorted(infos, key=lambda info: info.header_offset)):
        if one.header_offset + _ZIP_HEADER + one.compress_size > next_one.header_offset:
            raise zipfile.BadZipFile("its members overlap")


def _read_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    name = shown(info.orig_filename)
    if info.flag_bits & _ENCRYPTED:
        raise SubmissionRejectedError(f"{name} in it is encrypted; export it without a password")
    # The other methods inflate a block of any size at once.
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SubmissionRejectedError(
            f"{name} in it is compressed unusually; export it as plain zip"
        )
    with archive.open(info) as file:
        return file.read(limit + 1)


def _tar_members(content: bytes) -> Iterator[Member]:
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
            yield Member(name=name, kind=_tar_kind(header), size=header.size, read=read)
            long_name = ""


def _cut(data: bytes, start: int, end: int, limit: int) -> bytes:
    return data[start : min(end, start + limit + 1)]


def _tar_kind(header: tarfile.TarInfo) -> Kind:
    if header.type in {tarfile.REGTYPE, tarfile.AREGTYPE}:
        return Kind.FILE
    return Kind.FOLDER if header.type == tarfile.DIRTYPE else Kind.OTHER


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
