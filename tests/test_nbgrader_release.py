"""An assignment of ours in a course of nbgrader's, through nbgrader's whole pipeline."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from grader.cli import main
from grader.course import read_assignment
from grader.errors import GraderError
from grader.nbgrader.release import release_source, source_cells
from tests.downloads import as_folder
from tests.nbgrader_course import hand_in, run_nbgrader, scores
from tests.test_classroom import DESCRIPTION, HALF, HIDDEN, PUBLIC, SOLVED

REFERENCE = Path(__file__).resolve().parent.parent / "reference"

HELPED = f'''"""Sums."""

import numpy as np

### BEGIN SOLUTION
TWO = np.array(2)
### END SOLUTION
{SOLVED.replace("x * 2", "x * TWO")}'''
NUMBER = "0.123456789"
FILES = {
    "assignment.toml": DESCRIPTION,
    "sums.py": HELPED,
    "README.md": "# Numbers\n",
    "tests/test_double.py": PUBLIC.replace("points=60", "points=20")
    + """

@pytest.mark.task("halve", points=10)
def test_a_half(student):
    \"\"\"Half of 4 is 2.\"\"\"
    assert_allclose(student.sums.halve(4), 2.0)
""",
    "hidden_tests/test_halve.py": HIDDEN.replace("points=40", "points=30")
    + f"""

@pytest.mark.task("double", points=40)
def test_twice(student, reference):
    \"\"\"Twice a number.\"\"\"
    assert_allclose(student.sums.double({NUMBER}), reference.sums.double({NUMBER}))
""",
}
DOUBLE = "def double(x):\n    return x + x\n"
HANDED_IN = {
    "perfect": {"double": DOUBLE, "halve": "def halve(x):\n    return x * 0.5\n"},
    "stub": {},
    "half": {"double": DOUBLE, "halve": "def halve(x):\n    return x\n"},
    "public-only": {"double": "def double(x):\n    return 4\n"},
    "nothing": {"double": "x = 1", "halve": "y = 1"},
    "halve-int": {"halve": "def halve(x):\n    return x // 2\n"},
    "prints": {
        "double": "import sys\n\n\ndef double(x):\n    sys.stderr.write('x')\n    return 2 * x"
    },
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """Lay out a course of ours with one tiny assignment."""
    root = tmp_path_factory.mktemp("ours")
    return as_folder(root, {f"reference/tiny/{name}": text for name, text in FILES.items()})


@pytest.fixture(scope="module")
def course(ours, tmp_path_factory):
    """Release it to nbgrader, hand in for everybody, and have nbgrader grade them."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed")
    course = tmp_path_factory.mktemp("theirs")
    release_source(read_assignment(ours / "reference" / "tiny"), course)
    run_nbgrader(course, "generate_assignment", "tiny")
    for student, answers in HANDED_IN.items():
        hand_in(course, student, "tiny", "tiny", answers)
    solved = course / "submitted" / "reference" / "tiny" / "tiny.ipynb"
    solved.parent.mkdir(parents=True)
    shutil.copy(course / "source" / "tiny" / "tiny.ipynb", solved)
    run_nbgrader(course, "autograde", "tiny", "--Execute.timeout=120")
    return course


@pytest.fixture(scope="module")
def graded(course):
    """Grade the same submissions ourselves, as the course of ours that it is too."""
    out = course.parent / "graded-by-us"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course)
        assert main(["grade", "tiny", ".", "--layout", "nbgrader", "--out", str(out)]) == 0
    files = (out / "results").glob("*.json")
    return {path.stem: json.loads(path.read_text())["score"] for path in files}


def test_nbgrader_gives_the_points_that_we_give(course, graded):
    """All for the reference, none for the stub, and the same for what is half right."""
    assert scores(course, "tiny") == graded
    assert graded["reference"] == graded["perfect"] == graded["prints"] + 40.0 == 100.0
    assert (graded["stub"], graded["half"], graded["public-only"]) == (0.0, 60.0, 20.0)


def test_students_get_no_solution_and_no_hidden_test(course):
    """Not even where the hidden tests are."""
    released = course / "release" / "tiny"
    texts = {path.name: path.read_text() for path in released.rglob("*") if path.is_file()}
    assert set(texts) == {"tiny.ipynb", "assignment.toml", "README.md", "test_double.py"}
    for secret in (NUMBER, "x / 2", "np.array(2)", "BEGIN", "nbgrader.points", "test_twice"):
        assert secret not in "".join(texts.values()), secret
    assert 'check(\\"double\\")' in texts["tiny.ipynb"]


def test_a_student_can_validate_the_released_notebook(course, tmp_path):
    """Nbgrader runs the public tests there: they fail for the stub, with our sentence."""
    for student, said in (("stub", "halve: not written yet"), ("perfect", "Success")):
        folder = tmp_path / student
        shutil.copytree(course / "release" / "tiny", folder)
        shutil.copy(course / "submitted" / student / "tiny" / "tiny.ipynb", folder)
        assert said in run_nbgrader(folder, "validate", "tiny.ipynb")


def test_feedback_tells_what_is_wrong_and_nothing_hidden(course):
    """Here nbgrader shows the cells of tests in full."""
    run_nbgrader(course, "generate_feedback", "tiny")
    page = (course / "feedback" / "public-only" / "tiny" / "tiny.html").read_text()
    assert "double: 20 of 60 points" in page
    assert "This hidden test does not pass." in page
    for secret in (NUMBER, "x / 2", "def test_twice"):
        assert secret not in page
    page = (course / "feedback" / "nothing" / "tiny" / "tiny.html").read_text()
    assert "defines none of double, halve" in page


def test_nbgrader_exports_the_grades(course, graded):
    """The last step of its pipeline."""
    run_nbgrader(course, "export", "--to", "grades.csv")
    rows = list(csv.DictReader((course / "grades.csv").read_text().splitlines()))
    assert {row["student_id"]: float(row["score"]) for row in rows} == graded
    assert {float(row["max_score"]) for row in rows} == {100.0}


def test_our_export_writes_to_the_cells_that_nbgrader_made(course, graded):
    """And changes no score, as they were the same."""
    out = course.parent / "graded-by-us"
    assert main(["export", "nbgrader", str(out), "-o", str(course)]) == 0
    assert scores(course, "tiny") == graded


def test_files_are_graded_beside_notebooks(course, graded, tmp_path, monkeypatch):
    """In submitted/ somebody may have handed in the .py."""
    there = tmp_path / "theirs"
    shutil.copytree(course, there)
    (there / "submitted" / "files" / "tiny").mkdir(parents=True)
    (there / "submitted" / "files" / "tiny" / "sums.py").write_text(HALF)
    monkeypatch.chdir(there)
    assert main(["grade", "--layout", "nbgrader", "tiny", ".", "--out", "out"]) == 0
    assert json.loads((there / "out" / "results" / "files.json").read_text())["score"] == 60.0


def test_a_fault_of_ours_is_no_zero(course, tmp_path):
    """The student is left without a grade, and nbgrader says whose it was."""
    there = tmp_path / "theirs"
    shutil.copytree(course, there)
    (there / "gradebook.db").unlink()
    shutil.rmtree(there / "autograded")
    run_nbgrader(there, "generate_assignment", "tiny", "--force")
    (there / "reference" / "tiny" / "hidden_tests" / "test_halve.py").write_text("1 +")
    command = ("autograde", "tiny", "--student", "perfect")
    said = run_nbgrader(there, *command, code=1)
    assert "error processing assignment 'tiny' for student 'perfect'" in said
    assert "the tests cannot be collected" in said
    assert not (there / "autograded" / "perfect" / "tiny" / "tiny.ipynb").exists()


def test_the_metadata_are_those_of_nbgrader_s_schema(ours):
    """Version 3, with no other key, for every kind of cell."""
    validator = pytest.importorskip("nbgrader.nbgraderformat", reason="nbgrader is not installed")
    cells = source_cells(read_assignment(ours / "reference" / "tiny"))
    marks = {m["grade_id"]: m for cell in cells if (m := cell.metadata.get("nbgrader"))}
    assert list(marks) == [
        "given-sums",
        "helpers-sums",
        "double",
        "double-tests",
        "halve",
        "halve-tests",
    ]
    assert marks["halve-tests"]["points"] == 40.0
    for cell in cells:
        if cell.metadata:
            as_theirs = nbformat_cell(cell)
            validator.MetadataValidator().validate_cell(as_theirs)


@pytest.mark.parametrize(
    "name", sorted(path.parent.name for path in REFERENCE.glob("*/assignment.toml"))
)
def test_every_assignment_of_ours_can_be_generated(tmp_path, name):
    """The real nbgrader makes the students' version, without the solution, of each of them."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed")
    release_source(read_assignment(REFERENCE / name), tmp_path)
    run_nbgrader(tmp_path, "generate_assignment", name)
    released = (tmp_path / "release" / name / f"{name}.ipynb").read_text("utf-8")
    assert "raise NotImplementedError" in released
    assert "BEGIN SOLUTION" not in released


def test_a_grade_without_its_data_is_one_sentence(ours, tmp_path, run_python):
    """It says what is missing and how to get it, where nbgrader can be given no other data set."""
    there = tmp_path / "there"
    shutil.copytree(ours, there)
    description = there / "reference" / "tiny" / "assignment.toml"
    description.write_text(DESCRIPTION.replace('dataset = "digits"', 'dataset = "mnist"'))
    folder = there / "autograded" / "ada" / "tiny"
    folder.mkdir(parents=True)
    shutil.copy(description, folder)
    code = (
        "import os, sys; os.environ.update(GRADER_DATA='/nowhere', XDG_CACHE_HOME='/nowhere')\n"
        "from grader.data import download\n"
        "def absent(*_): raise GraderError('mnist is not on this machine\\nmore')\n"
        "from grader.errors import GraderError; download.load = absent\n"
        "from pathlib import Path; from grader.nbgrader.points import main\n"
        "sys.exit(main(Path.cwd()))"
    )
    done = run_python("-c", code, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "a grade of tiny needs mnist (mnist is not on this machine); run `grader data fetch mnist`"
        " once, or set GRADER_DATA to the folder where it is\n"
    )


def nbformat_cell(cell):
    from nbformat import v4  # noqa: PLC0415 - only where it is needed

    return v4.new_code_cell(cell.source, metadata=dict(cell.metadata))


def test_nothing_of_anybody_else_is_overwritten(ours, tmp_path):
    """Neither the source, nor a folder that was made by hand."""
    tiny = read_assignment(ours / "reference" / "tiny")
    with pytest.raises(GraderError, match="is the source itself"):
        release_source(tiny, ours)
    with pytest.raises(GraderError, match="there is no folder"):
        release_source(tiny, tmp_path / "nowhere")
    release_source(tiny, tmp_path)
    release_source(tiny, tmp_path)  # again is no harm
    (tmp_path / "source" / "tiny" / "mine.ipynb").write_text("{}")
    with pytest.raises(GraderError, match=r"holds mine\.ipynb, which this release does not"):
        release_source(tiny, tmp_path)


def test_release_says_what_nbgrader_must_be_told(ours, tmp_path, monkeypatch, capsys):
    """The first cell of tests grades them all, which takes its time."""
    monkeypatch.chdir(ours)
    assert main(["release", "tiny", "--nbgrader", str(tmp_path)]) == 0
    assert "c.Execute.timeout = 80" in capsys.readouterr().out
