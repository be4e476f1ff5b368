"""`grader export`, as it is typed."""

import base64
import json
import subprocess
import sys

import pytest

from grader.cli import main
from grader.exports import FORMATS
from grader.exports.formats import CLASS, GRADEBOOK, STUDENT, TEMPLATE
from tests.exports_examples import QUOTED, broken, ordinary

TEMPLATES = {
    "canvas": "Student,ID,Section,A1 (7)\n    Points Possible,,,18\n{}",
    "moodle": "Identifier,Full name,Grade,Maximum grade\n{}",
    "brightspace": "OrgDefinedId,A1 Points Grade,End-of-Line Indicator\n{}",
}
ROWS = {"canvas": "x,{0},B,{1}\n", "moodle": "P {0},x,{1},18\n", "brightspace": "#{0},{1},#\n"}


@pytest.fixture
def graded(tmp_path):
    """Give a folder with the results of students 1 and 2."""
    (tmp_path / "out" / "results").mkdir(parents=True)
    for student in ("1", "2"):
        path = tmp_path / "out" / "results" / f"{student}.json"
        path.write_text(json.dumps(ordinary(student=student).to_json()))
    return tmp_path / "out"


def test_the_help_lists_every_format():
    """And no other."""
    assert set(FORMATS) == {*CLASS, *STUDENT, *TEMPLATE, *GRADEBOOK}


@pytest.mark.parametrize("name", [*CLASS, *STUDENT, *TEMPLATE])
def test_every_format_is_written_to_a_file(graded, tmp_path, monkeypatch, capsysbinary, name):
    """The file holds what stdout would."""
    for variable in ("CLASSROOM", "ASSIGNMENT", "USERNAME", "COMMIT_URL", "RELEASE_URL"):
        monkeypatch.setenv(variable, "x")
    monkeypatch.setenv("SUBMISSION_TAG", "submit/x")
    monkeypatch.setenv("REVIEW_URL", "x")
    arguments = ["export", name, str(graded)]
    if name in STUDENT:
        arguments += ["--student", "1"]
    if name in TEMPLATE:
        rows = "".join(ROWS[name].format(student, "") for student in (1, 2))
        (tmp_path / "template.csv").write_text(TEMPLATES[name].format(rows))
        arguments += ["--template", str(tmp_path / "template.csv")]

    assert main([*arguments, "-o", str(tmp_path / "file")]) == 0
    capsysbinary.readouterr()
    assert main(arguments) == 0
    assert capsysbinary.readouterr().out.startswith((tmp_path / "file").read_bytes())


@pytest.mark.parametrize("name", [n for n, f in STUDENT.items() if f.for_each])
def test_a_class_gets_a_file_for_each_student(graded, tmp_path, name):
    """In a folder that is made for them; the same as one by one."""
    out = tmp_path / "new" / name

    assert main(["export", name, str(graded), "-o", str(out)]) == 0
    file = out / f"2{STUDENT[name].suffix}"
    assert len({path.name.split(".")[0] for path in out.iterdir()}) == 2
    alone = tmp_path / "alone"
    assert main(["export", name, str(graded / "results" / "2.json"), "-o", str(alone)]) == 0
    assert alone.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("make", [ordinary, broken])
@pytest.mark.parametrize("name", [n for n, f in STUDENT.items() if f.for_each])
def test_no_format_tells_what_a_hidden_test_quotes(tmp_path, capsysbinary, name, make):
    """Nor why we failed; unless an instructor says --show-hidden."""
    path = tmp_path / "ada.json"
    path.write_text(json.dumps(make().to_json()))
    arguments = ["export", name, str(path)]

    assert main(arguments) == 0
    assert QUOTED not in plain(capsysbinary.readouterr().out, name)
    assert main([*arguments, "--show-hidden"]) == 0
    assert QUOTED in plain(capsysbinary.readouterr().out, name)


def plain(out: bytes, name: str) -> str:
    return (base64.b64decode(out) if name == "classroom" else out).decode()


@pytest.mark.parametrize("name", TEMPLATE)
def test_a_student_who_fits_no_row_makes_the_exit_code_1(graded, tmp_path, capsys, name):
    """The others are filled in all the same, and everything is said on stderr."""
    template = tmp_path / "template.csv"
    template.write_text(TEMPLATES[name].format(ROWS[name].format("1", "")))
    code = main(["export", name, str(graded), "--template", str(template)])
    said = capsys.readouterr()

    assert code == 1
    assert said.out == TEMPLATES[name].format(ROWS[name].format("1", "5"))
    assert "grader: 2 fits no row\n" in said.err
    assert "grader: 1 of 2 scores are in" in said.err


def test_a_template_may_be_filled_in_place(graded, tmp_path):
    """It is read before it is replaced; a second time nothing changes."""
    template = tmp_path / "template.csv"
    template.write_text(TEMPLATES["moodle"].format("P 1,x,,18\nP 2,y,3,18\n"))
    arguments = ["export", "moodle", str(graded), "--template", str(template), "-o", str(template)]

    assert [main(arguments), main(arguments)] == [0, 0]
    assert template.read_text() == TEMPLATES["moodle"].format("P 1,x,5,18\nP 2,y,5,18\n")


def test_github_puts_the_summary_into_the_file_and_the_annotations_on_stdout(
    graded, tmp_path, capsys
):
    """There its runner reads them."""
    result_file = str(graded / "results" / "1.json")
    assert main(["export", "github", result_file, "-o", str(tmp_path / "summary")]) == 0

    assert capsys.readouterr().out.startswith("::notice title=a1::5 of 18 points\n::error ")
    assert (tmp_path / "summary").read_text().startswith("## a1: 5 of 18 points")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["canvas", "OUT"], "canvas fills in canvas's own export: name it with --template"),
        (["csv", "OUT", "--template", "t"], "csv takes no --template; leave it out"),
        (["csv", "OUT", "--student", "1"], "csv is about a class; leave out --student"),
        (["junit", "OUT"], "a file for each student: say -o FOLDER, or --student"),
        (["junit", "OUT", "--student", "3"], "has no result of '3'"),
        (["junit", "OUT/results/1.json", "--student", "2"], "is the result of '1', not of '2'"),
        (["classroom50", "OUT"], "classroom50 is about one submission; say --student"),
        (["junit", "OUT/results", "-o", "OUT/results/1.json"], "cannot make the folder"),
        (["junit", "OUT/none"], "cannot read"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(graded, capsys, arguments, sentence):
    """The exit code is 2."""
    code = main(["export", *(argument.replace("OUT", str(graded)) for argument in arguments)])

    assert code == 2
    assert sentence in capsys.readouterr().err


def test_csv_is_the_class_table(graded, capsys):
    """The same that grading writes."""
    assert main(["export", "csv", str(graded)]) == 0
    assert capsys.readouterr().out == (
        "student,score,final_score,max_score,status,pad2d,flip,messages\n"
        "1,5,5,18,graded,2,3,files missing: edges.py\n"
        "2,5,5,18,graded,2,3,files missing: edges.py\n"
    )


def test_a_students_own_run_can_be_exported(tmp_path, run_python, tiny):
    """`grader test --json` writes a result file too; an action can annotate a push with it."""
    (tiny / "lengths.py").write_text("def square(x):\n    return x * y\n")
    done = run_python("-m", "grader", "test", "--json", cwd=tiny)
    (tmp_path / "result.json").write_text(done.stdout)
    shown = run_python("-m", "grader", "export", "github", str(tmp_path / "result.json"), cwd=tiny)

    assert shown.returncode == 0, shown.stderr
    assert "::notice title=tiny::" in shown.stdout
    assert (
        "::error file=lengths.py,line=2,title=square%3A Each element is squared.::" in shown.stdout
    )


def test_the_bytes_on_stdout_are_those_of_a_file(graded, tmp_path):
    """No locale and no line end of the terminal's comes between."""
    template = tmp_path / "template.csv"
    template.write_bytes("Identifier;Größe;Note;Max\r\nP 1;x;;18\r\nP 2;y;;18\r\n".encode("cp1252"))
    command = ["-m", "grader", "export", "moodle", str(graded), "--template", str(template)]
    done = subprocess.run([sys.executable, *command], capture_output=True, check=True)

    assert done.stdout == template.read_bytes().replace(b";;", b";5;")
