"""Downloads of Canvas, Moodle, Brightspace, Gradescope and nbgrader: who handed in what, when."""

import os
import time
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from grader.course import Assignment, Limits, Task
from grader.errors import GraderError
from grader.submissions import LAYOUTS
from grader.submissions.intake import read_submission
from grader.submissions.layouts import find_class
from tests import downloads
from tests.downloads import as_folder, as_zip

A2 = Assignment(
    id="a2", title="A", dataset="digits", packages=(), folder=Path(),
    limits=Limits(test_seconds=1, submission_seconds=1, memory_mb=1),
    tasks=(Task(name="loss", file="losses.py", points=1, requires=(), banned=()),),
    extra_files=("edges.py",),
)  # fmt: skip
WRITE = {"folder": as_folder, "zip": as_zip}
EXPECTED = {
    "canvas": {
        "hopperada_1001": "canvas ada",
        "grossjürgen_1002": "canvas jürgen",
        "leekim_1003": "canvas kim, again",
        "leekim_1004": "canvas another kim",
        "odowdpat_1005": None,
    },
    "moodle": {
        "Ada Hopper_411": "moodle ada",
        "Jürgen Groß_412": "moodle jürgen",
        "Group A-Kim Lee_413": "moodle kim",
        "Pat OHara_414": None,
    },
    "brightspace": {
        "Ada Hopper_13394": "brightspace ada, again",
        "Jürgen Groß_13395": "b. jürgen",
        "Kim - van - Lee_13396": "brightspace kim",
    },
    "gradescope": {
        "ada@uni.example": "gradescope ada",
        "jg@uni.example": "gradescope pair",
        "kim@uni.example": "gradescope kim alone",
    },
    "nbgrader": {"ada": "nbgrader ada", "ben": "nbgrader ben", "cem": "nbgrader cem"},
    "plain": {"ada": "plain ada", "jürgen": "plain jürgen"},
}


def class_of(download: Path, layout: str = "auto", times: Path | None = None):
    """Return the layout, what each student handed in (None: rejected), and who is left over."""
    found = find_class(download, A2, layout, times)
    read = {entry.student: read_submission(entry, A2) for entry in found.entries}
    return found, {
        student: None if s.rejected else s.sources["losses.py"].decode()
        for student, s in read.items()
    }


def notes_of(found, student: str) -> tuple[str, ...]:
    (entry,) = [entry for entry in found.entries if entry.student == student]
    return read_submission(entry, A2).notes


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("layout", sorted(EXPECTED))
def test_every_layout_is_recognised_and_read(tmp_path, layout, form):
    """A folder and a .zip of it are the same class."""
    download = WRITE[form](tmp_path / "class", getattr(downloads, layout.upper()))
    if layout == "gradescope" and form == "folder":
        download /= "assignment_77_export"

    found, handed_in = class_of(download)

    assert found.layout == layout
    assert handed_in == EXPECTED[layout]


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("layout", sorted(EXPECTED.keys() - {"plain"}))
def test_every_layout_can_be_demanded(tmp_path, layout, form):
    """With `--layout`, a folder around the whole download makes no difference."""
    files = getattr(downloads, layout.upper())
    if layout != "gradescope":  # which comes with a folder around it already
        files = {f"wrapper/{name}": value for name, value in files.items()}

    found, handed_in = class_of(WRITE[form](tmp_path / "class", files), layout)

    assert (found.layout, handed_in) == (layout, EXPECTED[layout])
    assert set(LAYOUTS) == {"auto", *EXPECTED}


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("layout", sorted(EXPECTED.keys() - {"gradescope"}))
def test_a_class_of_one_is_no_folder_around_a_class(tmp_path, layout, form):
    """The only entry at the top is a student's, and is read as such."""
    files = getattr(downloads, layout.upper())
    name, value = next((n, v) for n, v in files.items() if n.endswith("losses.py"))
    only = {name: value} | {n: v for n, v in files.items() if n == "submitted/ada/a2/timestamp.txt"}

    found, handed_in = class_of(WRITE[form](tmp_path / "class", only))

    expected = "brightspace ada, first" if layout == "brightspace" else value
    assert (found.layout, list(handed_in.values())) == (layout, [expected])
    assert set(handed_in) <= set(EXPECTED[layout])


def test_late_flags_and_attempts_become_notes(tmp_path):
    """The grade says that a submission was late, and which of several files was graded."""
    canvas, _ = class_of(as_folder(tmp_path / "canvas", downloads.CANVAS))
    brightspace, _ = class_of(as_folder(tmp_path / "brightspace", downloads.BRIGHTSPACE))

    assert notes_of(canvas, "grossjürgen_1002")[0] == "late, says Canvas"
    assert "the latest of several files named losses.py" in notes_of(canvas, "leekim_1003")
    assert notes_of(brightspace, "Ada Hopper_13394")[0] == "the latest of 2 attempts"
    assert "late, says Canvas" not in notes_of(canvas, "hopperada_1001")


def test_times_of_submission_are_read(tmp_path):
    """Brightspace names no time zone, Gradescope and nbgrader do, Canvas tells no time."""
    times = {}
    for layout in ("canvas", "brightspace", "gradescope", "nbgrader"):
        found, _ = class_of(as_zip(tmp_path / layout, getattr(downloads, layout.upper())))
        times |= {entry.student: entry.submitted for entry in found.entries}

    assert times["hopperada_1001"] is None
    assert times["Ada Hopper_13394"] == datetime(2018, 3, 30, 1, 5)
    assert times["Jürgen Groß_13395"] == datetime(2018, 3, 29, 20, 3)
    assert times["jg@uni.example"] == datetime(
        2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=1))
    )
    assert times["ada"] == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
    assert times["ben"] == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert times["cem"] is None


def test_a_timestamp_that_is_none_is_a_note(tmp_path):
    """Nothing is taken off for a time that nobody understands, and the grade says so."""
    found, _ = class_of(as_folder(tmp_path / "class", downloads.NBGRADER))

    assert "timestamp.txt is not understood" in notes_of(found, "cem")


def test_what_belongs_to_nobody_is_listed(tmp_path):
    """A folder without a line in Gradescope's metadata, and a file with another name."""
    gradescope, _ = class_of(as_zip(tmp_path / "gradescope", downloads.GRADESCOPE))
    stray = {**downloads.CANVAS, "notes.txt": "", "losses.py.bak": ""}
    canvas, handed_in = class_of(as_folder(tmp_path / "canvas", stray))

    assert gradescope.unassigned == [
        "submission_999: submission_metadata.yml does not say whose it is"
    ]
    assert canvas.unassigned == ["losses.py.bak", "notes.txt"]
    assert handed_in == EXPECTED["canvas"]


def test_a_name_that_can_be_read_in_two_ways_is_nobodys(tmp_path):
    """Who is called `ada_1001` cannot hand in for the user 1001."""
    files = {
        **downloads.CANVAS,
        "hopperada_1001_6666_70099_losses.py": "by user 6666, or by 1001?",
        "hopperada_1001_LATE_6666_70100_losses.py": "by user 6666",
    }

    found, handed_in = class_of(as_zip(tmp_path / "class", files))

    assert found.unassigned == [
        "hopperada_1001_6666_70099_losses.py: its numbers can be read in two ways; rename it"
    ]
    assert handed_in["hopperada_1001"] == "canvas ada"
    assert handed_in["hopperada_1001_6666"] == "by user 6666"


def test_anonymous_submissions_keep_their_codes(tmp_path):
    """Canvas gives an anonymous student a code in place of name and number."""
    files = {"anon_x7Yz1_701_losses.py": "x7", "LATE_anon_bbbbb_702_losses.py": "bb"}

    found, handed_in = class_of(as_zip(tmp_path / "class", files))

    assert (found.layout, handed_in) == ("canvas", {"anon_x7Yz1": "x7", "anon_bbbbb": "bb"})
    assert notes_of(found, "anon_bbbbb")[0] == "late, says Canvas"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("leekim_1003_1_x/../../../losses.py", "points out of the archive"),
        ("leekim_1003_1_x\\losses.py", "is not a portable name"),
        ("leekim_1003_1_a/b@", "is not a regular file"),
        ("leekim_1003_1_deep.zip", "none of losses.py"),
        ("leekim_1003_1_bad.zip", "not a readable zip"),
    ],
)
def test_a_hostile_submission_is_rejected_alone(tmp_path, path, reason):
    """Path tricks, links, nested zips: the reason is the student's, the class goes on."""
    inner = {"inner.zip": {"losses.py": "too deep"}} if "deep" in path else "x"
    download = as_zip(tmp_path / "class", {"hopperada_1001_2_losses.py": "fine", path: inner})

    found, handed_in = class_of(download)
    (entry,) = [entry for entry in found.entries if entry.student == "leekim_1003"]

    assert handed_in == {"hopperada_1001": "fine", "leekim_1003": None}
    assert reason in read_submission(entry, A2).rejected


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "..", "a\x00b", "C:\\x\\losses.py"])
def test_a_name_at_the_top_that_leads_out_is_nobodys(tmp_path, name):
    """It is listed, without control characters, and opens nothing."""
    download = as_zip(tmp_path / "class", {**downloads.CANVAS, name: "x"})

    found, handed_in = class_of(download)

    assert handed_in == EXPECTED["canvas"]
    assert len(found.unassigned) == 1
    assert found.unassigned[0].isprintable()


def test_links_on_disk_are_not_followed(tmp_path):
    """Neither a file nor a folder that is a link is read."""
    folder = as_folder(tmp_path / "class", downloads.MOODLE)
    secret = as_folder(tmp_path / "secret", {"losses.py": "secret"})
    (folder / "Eve_500_assignsubmission_file").symlink_to(secret)
    (folder / "Mal_501_assignsubmission_file").mkdir()
    (folder / "Mal_501_assignsubmission_file" / "losses.py").symlink_to(secret / "losses.py")

    _, handed_in = class_of(folder)

    assert (handed_in["Eve_500"], handed_in["Mal_501"]) == (None, None)


def test_what_systems_leave_behind_is_not_seen(tmp_path):
    """`._` files, `__MACOSX` and `.DS_Store`, at the top and below it."""
    litter = {
        "._hopperada_1001_70001_losses.py": "x", "__MACOSX/._hopperada_1001_7_losses.py": "x",
        ".DS_Store": "x", "leekim_1003_1_d/.DS_Store": "x", "leekim_1003_1_d/._losses.py": "x",
    }  # fmt: skip

    found, handed_in = class_of(as_zip(tmp_path / "class", {**downloads.CANVAS, **litter}))

    assert (handed_in, found.unassigned) == (EXPECTED["canvas"], [])


def test_both_unicode_forms_of_a_name_are_one_student(tmp_path):
    """A system that writes decomposed letters changes nobody's name."""
    composed, decomposed = (unicodedata.normalize(form, "Zoë_7") for form in ("NFC", "NFD"))
    download = as_zip(
        tmp_path / "class",
        {
            f"{decomposed}_assignsubmission_file/losses.py": "zoë",
            f"{composed}_assignsubmission_file/edges.py": "zoë, too",
        },
    )

    assert class_of(download)[1] == {composed: "zoë"}


def test_names_in_a_zip_may_be_utf_8_without_a_mark(tmp_path):
    """So macOS packs them, and a reader then takes them for a code page of 1981."""
    name = "Zoë_7_assignsubmission_file/losses.py"
    marked = as_zip(tmp_path / "class", {name: "zoë"}).read_bytes()
    unmarked = bytearray(marked)
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        unmarked[marked.index(header) + flags + 1] &= ~0x08
    (tmp_path / "class.zip").write_bytes(unmarked)

    assert zipfile.ZipFile(tmp_path / "class.zip").namelist() != [name]
    assert class_of(tmp_path / "class.zip")[1] == {"Zoë_7": "zoë"}


def test_students_that_differ_only_by_case_are_left_out_and_listed(tmp_path):
    """Their result files would be one file on some systems."""
    files = {"Ada/losses.py": "1", "ada/losses.py": "2", "ben/losses.py": "3"}

    found, handed_in = class_of(as_zip(tmp_path / "class", files))

    assert handed_in == {"ben": "3"}
    assert [line.partition(":")[0] for line in found.unassigned] == ["Ada", "ada"]


@pytest.mark.parametrize("student", ["-rf", ".hidden", "a:b", "x" * 101, "a\x1b[31m", "😀" * 51])
def test_a_name_that_cannot_name_a_result_is_left_out_and_listed(tmp_path, student):
    """The rest of the class is graded."""
    files = {"ada/losses.py": "fine", f"{student}/losses.py": "x"}
    if student.startswith("."):
        files = {"ada/losses.py": "fine", f" {student}/losses.py": "x"}

    found, handed_in = class_of(as_zip(tmp_path / "class", files))

    assert handed_in == {"ada": "fine"}
    assert "cannot be a student's name; rename it" in found.unassigned[0]


def test_two_archives_of_one_attempt_are_not_guessed_between(tmp_path):
    """Moodle tells no order; Canvas numbers what was sent in."""
    two = {"a.zip": {"losses.py": "a"}, "b.zip": {"losses.py": "b"}}
    moodle = {f"Kim_1_assignsubmission_file/{name}": files for name, files in two.items()}
    canvas = {f"kim_1_{n}_{name}": two[name] for n, name in enumerate(two, start=10)}

    found, handed_in = class_of(as_zip(tmp_path / "moodle", moodle))

    assert handed_in == {"Kim_1": None}
    assert "several archives (a.zip, b.zip)" in read_submission(found.entries[0], A2).rejected
    assert class_of(as_zip(tmp_path / "canvas", canvas))[1] == {"kim_1": "b"}


def test_a_students_own_files_do_not_decide_the_layout(tmp_path):
    """In a plain class, nobody can pretend that it came from Gradescope or nbgrader."""
    folder = as_folder(
        tmp_path / "class",
        {
            "eve/losses.py": "eve", "eve/submission_metadata.yml": "submission_1:",
            "eve/a2/timestamp.txt": "2020-01-01 00:00 UTC", "ada/losses.py": "ada",
            "ben/losses.py": "ben",
        },
    )  # fmt: skip

    found, handed_in = class_of(folder)

    assert (found.layout, handed_in) == ("plain", {"eve": "eve", "ada": "ada", "ben": "ben"})
    assert class_of(as_zip(tmp_path / "zip", {"eve/losses.py": "eve"}))[1] == {"eve": "eve"}


def test_several_assignments_of_nbgrader_need_the_right_name(tmp_path):
    """The one with our name is taken; without it, nobody guesses."""
    files = {f"ada/{name}/{file}": "" for name in "xy" for file in ("losses.py", "timestamp.txt")}

    with pytest.raises(GraderError, match=r"several assignments \(x, y\), none of them a2"):
        class_of(as_folder(tmp_path / "class", files))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK no zip", "is not a readable zip file"),
        (downloads.packed({"losses.py": ""}), "is itself one submission"),
        (downloads.packed({}), "no submission that could be a download from plain"),
    ],
)
def test_a_zip_that_is_no_class_is_a_sentence(tmp_path, content, sentence):
    """It names the file, and says what to do."""
    (tmp_path / "class.zip").write_bytes(content)

    with pytest.raises(GraderError, match=sentence):
        class_of(tmp_path / "class.zip")


def test_the_wrong_layout_is_a_sentence(tmp_path):
    """It shows a name that did not fit."""
    download = as_zip(tmp_path / "class", downloads.CANVAS)

    with pytest.raises(
        GraderError, match=r"could be a download from moodle; for one, hopperada_1001"
    ):
        class_of(download, "moodle")


def test_a_zip_with_very_many_members_is_refused_quickly(tmp_path):
    """Its directory is not even read when it is longer than any class's."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"ada/{number}{'x' * 2000}", b"")
    began = time.monotonic()

    with pytest.raises(GraderError, match="its directory is longer than any class's"):
        class_of(tmp_path / "class.zip")

    assert time.monotonic() - began < 5


def test_a_student_with_very_many_files_does_not_stop_the_others(tmp_path):
    """Only so many of one entry's names are listed."""
    folder = as_folder(tmp_path / "class", downloads.MOODLE)
    swamp = folder / "Eve_500_assignsubmission_file"
    for number in range(3000):
        path = swamp / f"{number % 3}" / f"x{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    _, handed_in = class_of(folder)

    assert handed_in == {**EXPECTED["moodle"], "Eve_500": None}


def test_a_bomb_in_a_class_is_rejected_unread(tmp_path):
    """A member is inflated up to what a submission may have, whatever it announces."""
    stream = tmp_path / "class.zip"
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("leekim_1_2_losses.py", b"0" * 60_000_000)
        archive.writestr("leekim_2_3_a.zip", b"0" * 60_000_000)
        archive.writestr("hopperada_3_4_losses.py", b"fine")

    _, handed_in = class_of(stream)

    assert handed_in == {"leekim_1": None, "leekim_2": None, "hopperada_3": "fine"}


def test_files_of_one_student_may_be_several(tmp_path):
    """What the assignment asks for is put together from the files beside each other."""
    files = {f"hopperada_1_{n}_{name}": name for n, name in enumerate(("losses.py", "edges.py"), 5)}
    found, _ = class_of(as_folder(tmp_path / "class", files))

    assert set(read_submission(found.entries[0], A2).sources) == {"losses.py", "edges.py"}


def test_an_unreadable_folder_is_its_students_alone(tmp_path):
    """It is rejected, and says so."""
    folder = as_folder(tmp_path / "class", downloads.MOODLE)
    closed = folder / "Ada Hopper_411_assignsubmission_file"
    closed.chmod(0)
    if os.access(closed, os.R_OK):
        pytest.skip("this user reads every folder, as root does")

    assert class_of(folder)[1] == {**EXPECTED["moodle"], "Ada Hopper_411": None}


def times_file(tmp_path, text: str) -> Path:
    path = tmp_path / "times.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_table_of_times_is_believed_before_the_download(tmp_path):
    """Who is in the table but not in the class is listed."""
    download = as_zip(tmp_path / "class", downloads.NBGRADER)
    table = times_file(tmp_path, "student,submitted\nada,2026-04-01 10:00\nzoe,2026-04-01 10:00Z\n")

    found, _ = class_of(download, "auto", table)
    times = {entry.student: entry.submitted for entry in found.entries}

    assert times["ada"] == datetime(2026, 4, 1, 10, 0)
    assert times["ben"] == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert found.unassigned == [f"zoe: in {table}, but not among the submissions"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,submitted\nada,2026-04-01 10:00\n", "must begin with student,submitted"),
        ("student,submitted\nada,1 April\n", r"row 2: write each student once, and a time"),
        ("student,submitted\nada,2026-04-31 10:00\n", "row 2"),
        ("student,submitted\nada,2026-04-01 10:00 CST\n", "row 2"),
        ("student,submitted\nada,2026-04-01 10:00\nada,2026-04-02 10:00\n", "row 3"),
        ("", "must begin with student,submitted"),
    ],
)
def test_a_table_of_times_is_read_strictly(tmp_path, text, sentence):
    """A time that nobody understands costs nobody points unnoticed."""
    download = as_zip(tmp_path / "class", downloads.NBGRADER)

    with pytest.raises(GraderError, match=sentence):
        class_of(download, "auto", times_file(tmp_path, text))
