"""Real-looking exports of Canvas, Moodle and Brightspace, filled in."""

import csv
import io

import pytest

from grader.errors import GraderError
from grader.exports.brightspace import brightspace
from grader.exports.canvas import canvas
from grader.exports.lms import Filled, fill
from grader.exports.moodle import moodle
from grader.results import Outcome
from tests.exports_examples import broken, grade, rejected, result

CANVAS = (
    '\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,"A1: Padding, convolution (881)",'
    "A2 Softmax (882),Assignments Current Score,Current Score (2026)\r\n"
    ",,,,,Manual Posting,,,\r\n"
    "    Points Possible,,,,,100.00,20.00,(read only),(read only)\r\n"
    '"Hopper, Ada",1001,s-1,ada@uni.example,"Deep Learning, A",,,,\r\n'
    '"Groß, Jürgen ""JJ""",1002,s-2,juergen,"Deep Learning, A","3.00",17.00,85.00,85.00\r\n'
    '"Lee, Kim",1003,s-3,kim1,B,EX,N/A,,\r\n'
    '"Lee, Kim",1004,s-4,kim2,B,,,,\r\n'
    '"Student, Test",1005,,0123abc,B,,,,\r\n'
)
MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 411","Ada Hopper",ada@uni.example,"Submitted for grading",,100.00,Yes,"1 May",,\n'
    '"Participant 412","Jürgen Groß",jg@uni.example,"Submitted",55.00,100.00,Yes,-,-,"two\nlines"\n'
    '"Participant 413","Kim Lee",kim@uni.example,"No submission",-,100.00,No,-,-,ada@uni.example\n'
)
GERMAN = (
    'ID;"Vollständiger Name";E-Mail-Adresse;Status;Bewertung;Bestwertung;"Zuletzt geändert"\r\n'
    'Teilnehmer/in411;"Ada Hopper";ada@uni.example;Abgegeben;;"100,00";-\r\n'
    'Teilnehmer/in412;"Jürgen Groß";jg@uni.example;Abgegeben;"55,50";"100,00";-\r\n'
)  # fmt: skip
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,Email,"
    "A1 Points Grade <Numeric MaxPoints:10 Weight:5 Category:Assignments>,"
    "Essay Text Grade,End-of-Line Indicator\r\n"
    "#00411,#hopper.ada,Hopper,Ada,ada@uni.example,,,#\r\n"
    "#00412,#gross.j,Groß,Jürgen,jg@uni.example,7,good,#\r\n"
)


def scored(student: str, score: float = 87.5):
    """Return a grade of `score` out of 100."""
    return grade(
        result(Outcome.FAILED, points=100.0, share=score / 100), student=student, max_score=100.0
    )


@pytest.fixture
def filled(tmp_path):
    """Give `filled(read, text, *grades)`: the filled template, and its cells."""

    def run(read, text: str, *grades, column: str = "", encoding: str = "utf-8"):
        path = tmp_path / "template.csv"
        path.write_bytes(text.encode(encoding))
        done: Filled = fill(read(path, column), grades)
        return done, done.content.decode(encoding)

    return run


def changed(before: str, after: str) -> list[tuple[str, str]]:
    """Return the lines that differ, of which there must be as many as before."""
    pairs = zip(before.splitlines(keepends=True), after.splitlines(keepends=True), strict=True)
    return [(old, new) for old, new in pairs if old != new]


# ---------------------------------------------------------------- the three platforms


@pytest.mark.parametrize("name", ["1001", "s-1", "ada@uni.example", "ADA@uni.example",
                                  "Ada Hopper", "Hopper, Ada", "hopperada_1001_77_a1",
                                  "hopperada_LATE_1001_77_my_a1"])  # fmt: skip
def test_canvas_fills_one_cell(filled, name):
    """Each of a student's names leads to the row; all other bytes stay."""
    done, after = filled(canvas, CANVAS, scored(name), column="A1: Padding, convolution")

    ((old, new),) = changed(CANVAS, after)
    assert new == old.replace('"Deep Learning, A",,,,', '"Deep Learning, A",87.5,,,')
    assert done.problems == ()


def test_canvas_keeps_quotes_and_replaces_an_older_score(filled):
    """A cell in quotes stays in quotes."""
    done, after = filled(canvas, CANVAS, scored("juergen"), column="A1: Padding, convolution (881)")

    assert changed(CANVAS, after)[0][1].endswith(',"87.5",17.00,85.00,85.00\r\n')
    assert done.notes[0] == "1 of 1 scores are in 'A1: Padding, convolution (881)'"


def test_canvas_converts_to_the_points_possible(filled):
    """87.5 of 100 are 17.5 of 20, and that is said."""
    done, after = filled(canvas, CANVAS, scored("1001"), column="A2 Softmax")

    assert ',"Deep Learning, A",,17.5,,\r\n' in after
    assert "scores are converted from 100 to 20 points, the template's maximum" in done.notes


def test_canvas_demands_a_choice_between_assignments(filled):
    """Totals, which it calculates itself, are none, whatever they are called."""
    with pytest.raises(GraderError) as caught:
        filled(canvas, CANVAS, scored("1001"))

    assert str(caught.value).endswith(
        "has several columns for scores: say --column with one of"
        " 'A1: Padding, convolution (881)', 'A2 Softmax (882)'"
    )


def test_canvas_says_which_columns_there_are(filled):
    """A title that does not exist gets the list."""
    with pytest.raises(GraderError, match=r"no column 'A9' for scores; it has 'A1: .*', 'A2 "):
        filled(canvas, CANVAS, scored("1001"), column="A9")


def test_canvas_keeps_who_is_excused(filled):
    """EX and N/A are decisions of the instructor's."""
    done, after = filled(canvas, CANVAS, scored("1003"), column="A2 Softmax")

    assert after == CANVAS
    assert done.problems == ("1003 keeps 'N/A', which is no score",)


def test_canvas_exports_with_first_and_last_name_are_read(filled):
    """A setting of the gradebook's splits the name."""
    text = (
        "LastName,FirstName,ID,SIS Login ID,Section,A1 (7)\n"
        "Points Possible,,,,,\nHopper,Ada,1,ah,B,\n"
    )
    _, after = filled(canvas, text, scored("Ada Hopper"))

    assert after == text.replace("ah,B,", "ah,B,87.5")


def test_canvas_does_not_take_the_number_of_an_anonymous_download_for_a_user(filled):
    """It is another numbering."""
    done, after = filled(canvas, CANVAS, scored("anon_1001_77_a1"), column="A2 Softmax")

    assert after == CANVAS
    assert done.problems == ("anon_1001_77_a1 fits no row",)


@pytest.mark.parametrize("name", ["Participant 411", "411", "ada@uni.example", "Ada Hopper",
                                  "Ada Hopper_411_assignsubmission_file"])  # fmt: skip
@pytest.mark.parametrize("text", [MOODLE, GERMAN.replace("Teilnehmer/in", "Participant ")])
def test_moodle_fills_one_cell(filled, name, text):
    """In any language, since the order of the columns is the same in all."""
    done, after = filled(moodle, text, scored(name))

    ((old, new),) = changed(text, after)
    assert new == old.replace('grading",,', 'grading",87.5,').replace(";;", ";87.5;")
    assert done.problems == ()


def test_moodle_in_german_has_other_titles_and_identifiers(filled):
    """`Teilnehmer/in411`, a semicolon, and a decimal comma in the column beside."""
    done, after = filled(moodle, GERMAN, scored("412", 66.0))

    assert changed(GERMAN, after)[0][1] == (
        'Teilnehmer/in412;"Jürgen Groß";jg@uni.example;Abgegeben;"66";"100,00";-\r\n'
    )
    assert done.notes[0] == "1 of 1 scores are in 'Bewertung'"


def test_moodle_does_not_read_names_in_what_students_write(filled):
    """Kim's text is Ada's address; it must not get Kim her score, nor keep Ada's from her."""
    _, after = filled(moodle, MOODLE, scored("ada@uni.example"))

    assert changed(MOODLE, after)[0][1].startswith('"Participant 411"')


def test_moodle_with_a_scale_asks_for_the_column(filled):
    """Without a maximum, no column can be told to be that of the grades."""
    text = MOODLE.replace("100.00", "bad, good").replace("bad, good", '"bad, good"')
    with pytest.raises(GraderError, match="several columns for scores: say --column with one of"):
        filled(moodle, text, scored("411"))

    _, after = filled(moodle, text, scored("411"), column="Grade")
    assert ',"Submitted for grading",87.5,"bad, good",' in after


@pytest.mark.parametrize("name", ["00411", "#00411", "hopper.ada", "ada@uni.example",
                                  "Ada Hopper",
                                  "7-8 - Ada Hopper - Mar 29, 2026 1205 PM - a1"])  # fmt: skip
def test_brightspace_fills_one_cell(filled, name):
    """The maximum is in the title: 87.5 of 100 are 8.75 of 10."""
    done, after = filled(brightspace, BRIGHTSPACE, scored(name))

    ((old, new),) = changed(BRIGHTSPACE, after)
    assert new == old.replace(",,,#", ",8.75,,#")
    assert done.problems == ()


@pytest.mark.parametrize("column", ["A1", "A1 Points Grade <Numeric MaxPoints:10 Weight:5"
                                    " Category:Assignments>"])  # fmt: skip
def test_brightspace_takes_the_title_with_or_without_its_ending(filled, column):
    """As people call it, or as it is."""
    _, after = filled(brightspace, BRIGHTSPACE, scored("00412", 50.0), column=column)

    assert "jg@uni.example,5,good,#" in after


# ---------------------------------------------------------------- who fits no row


def test_two_rows_of_one_name_are_not_guessed(filled):
    """Both are named; neither is filled."""
    done, after = filled(canvas, CANVAS, scored("Kim Lee"), column="A2 Softmax")

    assert after == CANVAS
    assert done.problems == ("Kim Lee fits rows 6 and 7",)


def test_a_name_that_another_row_has_as_its_login_is_not_guessed(filled):
    """A student can choose a display name, and must not get at another's score."""
    text = CANVAS.replace('"Student, Test"', "kim1")
    done, after = filled(canvas, text, scored("kim1"), column="A1: Padding, convolution")

    assert after == text
    assert done.problems == ("kim1 fits rows 6 and 8",)


def test_two_submissions_of_one_row_are_not_guessed(filled):
    """Which one counts is for a person to say."""
    done, after = filled(
        canvas, CANVAS, scored("1001", 10), scored("Ada Hopper", 90), column="A2 Softmax"
    )

    assert after == CANVAS
    assert done.problems == ("1001 and Ada Hopper fit the same row 4",)


def test_who_fits_no_row_is_listed_and_the_others_are_filled(filled):
    """A part of a name is no name."""
    done, after = filled(moodle, MOODLE, scored("Ada"), scored("412", 60.0), scored("41"))

    assert done.problems == ("Ada fits no row", "41 fits no row")
    assert len(changed(MOODLE, after)) == 1
    assert done.notes == (
        "1 of 3 scores are in 'Grade'",
        "2 of 3 rows stay as they were",
    )


def test_our_own_failure_is_no_score(filled):
    """It never costs a student points; the instructor is told."""
    done, after = filled(moodle, MOODLE, broken(student="411"))

    assert after == MOODLE
    assert done.problems == ("411 is not exported: the grader itself failed; grade again",)


def test_a_rejected_submission_scores_0(filled):
    """As in the class table."""
    _, after = filled(moodle, MOODLE, rejected(student="411"))

    assert '"Submitted for grading",0,100.00' in after


def test_names_in_another_spelling_of_unicode_are_the_same(filled):
    """A Mac writes ü as u and two dots."""
    done, _ = filled(moodle, MOODLE, scored("Ju\u0308rgen Groß"))

    assert done.problems == ()


def test_a_hostile_name_is_listed_on_one_harmless_line(filled):
    """It may come from a file that a student's job wrote."""
    done, _ = filled(moodle, MOODLE, scored("\x1b[2J::error::x\n\u202eada"))

    assert done.problems == (": :error::x \N{REPLACEMENT CHARACTER}ada fits no row",)


# ---------------------------------------------------------------- files of every kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(("read", "text", "name", "old", "new"), [
    (canvas, CANVAS[1:].replace("(882)", ""), "juergen", ',"3.00",', ',"44",'),
    (moodle, GERMAN, "Jürgen Groß", ';"55,50";', ';"44";'),
    (brightspace, BRIGHTSPACE, "Jürgen Groß", ",7,good", ",4.4,good"),
])  # fmt: skip
def test_only_the_cell_changes_in_any_file(tmp_path, read, text, name, old, new, ends, encoding):
    """Whatever the line ends and the encoding: every other byte is the same."""
    text = text.replace("\r\n", "\n").replace("\n", ends)
    path = tmp_path / "template.csv"
    path.write_bytes(text.encode(encoding))
    done = fill(read(path, ""), [scored(name, 44.0)])

    assert done.content == text.replace(old, new).encode(encoding)
    assert done.problems == ()


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (canvas, r"no gradebook of Canvas, which begins with Student,ID; export it there"),
        (moodle, r"no grading worksheet of Moodle, whose first column says Participant 123"),
        (brightspace, r"no export of grades from Brightspace, which has OrgDefinedId or Username"),
    ],
)
def test_another_file_is_refused(filled, read, sentence):
    """Our own grades.csv, for one."""
    with pytest.raises(GraderError, match=sentence):
        filled(read, "student,score,max_score\nada,1,2\n", scored("ada"))


def test_an_export_without_an_assignment_is_refused(filled):
    """There is nothing to fill."""
    with pytest.raises(GraderError, match="no column for scores; create the assignment there"):
        filled(brightspace, "Username,Email,End-of-Line Indicator\n#a,b,#\n", scored("a"))


def test_a_filled_template_is_read_again_as_the_same_table(filled):
    """What an importer reads differs in the one column only."""
    _, after = filled(canvas, CANVAS, scored("1001"), scored("1002"), column="A2 Softmax")
    before = list(csv.reader(io.StringIO(CANVAS, newline="")))
    rows = list(csv.reader(io.StringIO(after, newline="")))

    assert [row[:6] + row[7:] for row in rows] == [row[:6] + row[7:] for row in before]
    assert [row[6] for row in rows] == [
        "A2 Softmax (882)",
        "",
        "20.00",
        "17.5",
        "17.5",
        "N/A",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("read", "text", "students", "column"),
    [
        (canvas, CANVAS, ("hopperada_1001", "großjürgenjj_1002", "leekim_1004"), "881"),
        (moodle, MOODLE, ("Ada Hopper_411", "Jürgen Groß_412"), ""),
        (brightspace, BRIGHTSPACE, ("Ada Hopper_13394", "Jürgen Groß_13395"), ""),
    ],
)
def test_who_came_in_by_a_download_goes_out_by_the_template(tmp_path, read, text, students, column):
    """The names that `grader grade` makes of a platform's download fit that platform's rows."""
    path = tmp_path / "template.csv"
    path.write_text(text, newline="")
    title = "A1: Padding, convolution (881)" if column else ""
    grades = [scored(student, 12.5) for student in students]

    found = fill(read(path, title), grades)

    assert found.problems == ()


@pytest.mark.parametrize("student", ["hopperada_1002", "grace_1001", "ada_1001", "_1001"])
def test_a_number_alone_is_no_name_of_canvas(tmp_path, student):
    """A team called `ada_1001` is not Canvas's user 1001."""
    path = tmp_path / "template.csv"
    path.write_text(CANVAS, newline="")

    found = fill(canvas(path, "A1: Padding, convolution (881)"), [scored(student)])

    assert found.problems == (f"{student} fits no row",)
