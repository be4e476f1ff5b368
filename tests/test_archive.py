"""Hostile and ordinary archives, all made here."""

import gzip
import io
import os
import stat
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.errors import SubmissionRejectedError
from grader.submissions.archive import read_archive
from grader.submissions.files import MAX_NAMES, MAX_SOURCE

DECLARED = ("padding.py", "edges.py")
SOURCE = b"def pad2d(image):\n    return image\n"


def make_zip(members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def make_tar(members, mode="w:gz", **options):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, **options) as archive:
        for member, content in members:
            if isinstance(member, str):
                member = tarfile.TarInfo(member)  # noqa: PLW2901
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def zip_link(name, mode=stat.S_IFLNK):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (mode | 0o777) << 16
    return info


@pytest.fixture
def read(tmp_path):
    """Read an archive with this content; the name says the kind."""

    def read(content, name="alice.zip"):
        path = tmp_path / name
        path.write_bytes(content)
        return read_archive(path, DECLARED)

    return read


@pytest.fixture
def rejected(read):
    """Return the sentence an archive is rejected with."""

    def rejected(content, name="alice.zip"):
        with pytest.raises(SubmissionRejectedError) as caught:
            read(content, name)
        return str(caught.value)

    return rejected


BOTH = pytest.mark.parametrize(
    ("make", "name"), [(make_zip, "a.zip"), (make_tar, "a.tar.gz"), (make_tar, "a.TGZ")]
)


@BOTH
def test_the_declared_files_at_the_top_are_read(read, make, name):
    found = read(make([("padding.py", SOURCE), ("notes.txt", b"x"), ("edges.py", b"")]), name)
    assert found.sources == {"padding.py": SOURCE, "edges.py": b""}
    assert (found.folder, found.beside) == ("", ["notes.txt"])


@BOTH
def test_the_declared_files_in_one_folder_are_read_and_junk_is_ignored(read, make, name):
    members = [
        ("__MACOSX/a1/._padding.py", b"junk"),
        ("a1/.DS_Store", b"junk"),
        ("a1/padding.py", SOURCE),
        ("a1/tests/padding.py", b"deeper"),
        ("data/x.csv", b"1"),
    ]
    found = read(make(members), name)
    assert (found.sources, found.folder) == ({"padding.py": SOURCE}, "a1")


@BOTH
def test_the_top_goes_before_a_folder(read, make, name):
    found = read(make([("old/padding.py", b"old"), ("padding.py", SOURCE)]), name)
    assert found.sources == {"padding.py": SOURCE}


@BOTH
def test_several_folders_with_declared_files_are_rejected(rejected, make, name):
    members = [("a/padding.py", SOURCE), ("b/edges.py", SOURCE)]
    assert "several of its folders hold the files asked for (a/, b/)" in rejected(
        make(members), name
    )


@BOTH
def test_an_archive_without_declared_files_is_rejected(rejected, make, name):
    assert "holds none of padding.py, edges.py" in rejected(make([("x.py", SOURCE)]), name)
    assert "holds none of" in rejected(make([]), name)


@BOTH
@pytest.mark.parametrize(
    "member",
    [
        "/padding.py",
        "../padding.py",
        "a/../../padding.py",
        "C:/padding.py",
        "c:padding.py",
        "a\\padding.py",
    ],
)
def test_a_name_that_climbs_out_is_rejected(rejected, make, name, member):
    assert "in it" in rejected(make([("padding.py", SOURCE), (member, b"x")]), name)


@BOTH
def test_a_name_given_twice_is_rejected(rejected, make, name):
    members = [("padding.py", SOURCE), ("./padding.py", b"other")]
    assert "it holds ./padding.py twice" in rejected(make(members), name)


@BOTH
def test_a_name_that_differs_only_by_case_is_rejected(rejected, make, name):
    members = [("padding.py", SOURCE), ("Padding.py", b"other")]
    assert "it holds Padding.py beside padding.py" in rejected(make(members), name)


@BOTH
def test_folders_that_differ_only_by_unicode_form_are_several(rejected, make, name):
    members = [("\u00e9/padding.py", SOURCE), ("e\u0301/padding.py", b"other")]
    assert "several of its folders" in rejected(make(members), name)


@BOTH
def test_a_source_above_the_cap_is_rejected(rejected, make, name):
    members = [("padding.py", b"#" * (MAX_SOURCE + 1))]
    assert "padding.py is larger than 1 MB" in rejected(make(members), name)


@BOTH
def test_a_source_at_the_cap_is_read(read, make, name):
    noise = os.urandom(MAX_SOURCE)
    assert read(make([("padding.py", noise)]), name).sources["padding.py"] == noise


@BOTH
def test_a_large_file_that_is_not_asked_for_costs_nothing(read, make, name):
    found = read(make([("model.npz", bytes(30_000_000)), ("padding.py", SOURCE)]), name)
    assert found.sources == {"padding.py": SOURCE}


@BOTH
def test_too_many_members_are_rejected(rejected, make, name):
    members = [("padding.py", SOURCE), *((f"x/{i}", b"") for i in range(MAX_NAMES))]
    assert "more than 2000 files" in rejected(make(members), name)


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
@pytest.mark.parametrize("content", [b"", b"PK", b"\x1f\x8b", b"no archive at all" * 100])
def test_what_is_no_archive_is_rejected(rejected, name, content):
    assert "it is not a readable" in rejected(content, name)


def test_an_archive_that_is_a_link_a_pipe_or_a_hard_link_is_rejected(tmp_path):
    (tmp_path / "real.zip").write_bytes(make_zip([("padding.py", SOURCE)]))
    (tmp_path / "link.zip").symlink_to("real.zip")
    os.mkfifo(tmp_path / "pipe.zip")
    os.link(tmp_path / "real.zip", tmp_path / "hard.zip")
    for name, reason in [("link", "is a link"), ("pipe", "not a regular"), ("hard", "hard link")]:
        with pytest.raises(SubmissionRejectedError, match=reason):
            read_archive(tmp_path / f"{name}.zip", DECLARED)


def test_a_sparse_archive_of_gigabytes_is_rejected_unread(tmp_path):
    with (tmp_path / "a.zip").open("wb") as file:
        file.truncate(3 << 30)
    began = time.monotonic()
    with pytest.raises(SubmissionRejectedError, match="larger than 50 MB"):
        read_archive(tmp_path / "a.zip", DECLARED)
    assert time.monotonic() - began < 1


# --- zip


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_zip_with_a_link_or_device_is_rejected(rejected, mode):
    assert "not a regular file" in rejected(make_zip([(zip_link("padding.py", mode), b"/etc")]))
    members = [("padding.py", SOURCE), (zip_link("data", mode), b"/etc")]
    assert "data in it is not a regular file" in rejected(make_zip(members))


def test_a_zip_with_a_password_is_rejected(rejected):
    content = bytearray(make_zip([("padding.py", SOURCE)]))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "padding.py in it is encrypted" in rejected(bytes(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_whose_method_inflates_without_bound_is_rejected(rejected, method):
    bomb = bytearray(make_zip([("padding.py", bytes(30_000_000))], method))
    struct.pack_into("<I", bomb, bomb.index(b"PK\x01\x02") + 24, 100)
    tracemalloc.start()
    assert "compressed unusually" in rejected(bytes(bomb))
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_zip_that_announces_less_than_it_holds_is_rejected(rejected):
    bomb = bytearray(make_zip([("padding.py", bytes(100_000_000))]))
    directory = bomb.index(b"PK\x01\x02")
    struct.pack_into("<I", bomb, directory + 24, 100)
    tracemalloc.start()
    assert "Bad CRC-32" in rejected(bytes(bomb))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_zip_with_a_wrong_checksum_is_rejected(rejected):
    content = bytearray(make_zip([("padding.py", SOURCE)], zipfile.ZIP_STORED))
    content[content.index(SOURCE)] ^= 1
    assert "Bad CRC-32" in rejected(bytes(content))


def test_a_zip_whose_two_headers_disagree_is_rejected(rejected):
    content = make_zip([("padding.py", SOURCE)]).replace(b"padding.py", b"edges01.py", 1)
    assert "differ" in rejected(content)


def test_a_zip_with_a_nul_in_a_name_is_rejected(rejected):
    content = make_zip([("padding.py_.txt", SOURCE)]).replace(b"padding.py_", b"padding.py\0")
    assert "not a portable name" in rejected(content)


def test_a_zip_with_a_name_that_is_not_utf8_is_rejected(rejected):
    content = make_zip([("é.txt", b""), ("padding.py", SOURCE)])
    assert "can't decode" in rejected(content.replace("é".encode(), b"\xff\xff"))


def test_a_zip_with_overlapping_members_is_rejected(rejected):
    content = bytearray(make_zip([("padding.py", SOURCE), ("edges.py", SOURCE)]))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    struct.pack_into("<I", content, second + 42, 0)
    assert "overlap" in rejected(bytes(content))


def test_a_zip_with_a_directory_of_a_million_members_costs_little(rejected):
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", *([0] * 9), 1, *([0] * 6)) + b"x"
    directory = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(directory), 0, 0)
    tracemalloc.start()
    began = time.monotonic()
    assert "more than 2000 files" in rejected(directory + end)
    assert time.monotonic() - began < 2
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()


def test_a_zip_inside_a_zip_is_one_more_file(rejected):
    inner = make_zip([("padding.py", SOURCE)])
    assert "holds none of" in rejected(make_zip([("inner.zip", inner)]))


# --- tar


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, b"Z"],
)
def test_a_tar_with_a_link_or_device_is_rejected(rejected, kind):
    member = special("padding.py", kind, "/etc/passwd")
    assert "padding.py in it is not a regular file" in rejected(make_tar([member]), "a.tar.gz")


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_a_tar_of_any_common_format_is_read(read, form):
    folder = "a-rather-long-folder-name-" * 4
    members = [(f"{folder}/padding.py", SOURCE), (f"{folder}/edges.py", b"x")]
    assert len(members[0][0]) > 100
    found = read(make_tar(members, format=form), "a.tar.gz")
    assert found.folder == folder
    assert found.sources == {"padding.py": SOURCE, "edges.py": b"x"}


def test_a_pax_header_names_the_next_member_only(read):
    long_name = "ä" * 120
    members = [(f"{long_name}.txt", b"1"), ("padding.py", SOURCE)]
    found = read(make_tar(members, format=tarfile.PAX_FORMAT), "a.tar.gz")
    assert found.sources == {"padding.py": SOURCE}
    assert found.beside == [f"{long_name}.txt"]


def test_a_truncated_tar_is_rejected(rejected):
    content = make_tar([("padding.py", os.urandom(5000))])
    assert "ends early" in rejected(content[:-20], "a.tar.gz")
    inner = gzip.decompress(content)
    assert "ends early" in rejected(gzip.compress(inner[:3000]), "a.tar.gz")
    assert "header" in rejected(gzip.compress(inner[:6000]), "a.tar.gz")


def test_a_tar_with_a_wrong_checksum_is_rejected(rejected):
    content = bytearray(make_tar([("padding.py", SOURCE)]))
    content[-5] ^= 1
    assert "incorrect data check" in rejected(bytes(content), "a.tar.gz")


def test_a_second_stream_behind_a_tar_is_rejected(rejected):
    content = make_tar([("padding.py", SOURCE)])
    assert "something follows" in rejected(content + content, "a.tar.gz")


def test_a_gzip_bomb_is_rejected_quickly(rejected):
    deflate = zlib.compressobj(9, wbits=31)
    bomb = b"".join(deflate.compress(bytes(10_000_000)) for _ in range(20)) + deflate.flush()
    began = time.monotonic()
    assert "larger than 100 MB" in rejected(bomb, "a.tar.gz")
    assert time.monotonic() - began < 2


def test_a_negative_size_in_a_tar_is_rejected(rejected):
    header = bytearray(tarfile.TarInfo("padding.py").tobuf())
    header[124:136] = b"\xff" * 12
    header[148:156] = b"%06o\0 " % tarfile.calc_chksums(bytes(header))[0]
    assert "ends early" in rejected(gzip.compress(bytes(header) + bytes(1024)), "a.tar.gz")


def test_a_sparse_tar_is_rejected(rejected):
    info = tarfile.TarInfo("padding.py")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": "9" * 20}
    content = make_tar([(info, SOURCE)], format=tarfile.PAX_FORMAT)
    assert "sparse" in rejected(content, "a.tar.gz")


def test_extended_headers_built_to_be_slow_are_not(rejected):
    # A known weakness of tarfile: a long run of digits takes quadratic time.
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    members = [(info, b"1" * 60_000 + b"\n") for _ in range(300)]
    began = time.monotonic()
    assert "holds none of" in rejected(make_tar(members), "a.tar.gz")
    assert time.monotonic() - began < 5


# --- anything

ZIP = make_zip([("a1/padding.py", SOURCE), ("a1/edges.py", SOURCE * 9), ("a1/x.txt", b"x")])
TAR = gzip.decompress(make_tar([("a1/padding.py", SOURCE), ("a1/" + "l" * 120, b"x")]))
EDITS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 255)), min_size=1, max_size=8)


def damage(content, edits, length):
    changed = bytearray(content)
    for position, value in edits:
        changed[position % len(changed)] = value
    return bytes(changed[: len(changed) - length % len(changed)])


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits=EDITS, length=st.one_of(st.just(0), st.integers(0, 20_000)), is_zip=st.booleans())
def test_a_damaged_archive_is_read_or_rejected(read, edits, length, is_zip):
    content = damage(ZIP if is_zip else TAR, edits, length)
    # Nothing but a rejection may leave read_archive: any other error fails this test.
    with suppress(SubmissionRejectedError):
        found = read(content if is_zip else gzip.compress(content), "a.zip" if is_zip else "a.tgz")
        assert set(found.sources) <= set(DECLARED)
