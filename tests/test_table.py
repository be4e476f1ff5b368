"""The class as CSV: complete, quoted, and inert in a spreadsheet."""

import csv
import io
import re

import pytest

from grader.reports.table import grades_csv
from grader.results import Grade, Outcome, Result, Status, Visibility


def grade(student: str, *scores: tuple[str, float, bool], **changes: object) -> Grade:
    """Return a grade with one test for each (task, points, passed)."""
    results = tuple(
        Result(
            test=f"test.py::test_{task}", task=task, title="It works.", points=points,
            visibility=Visibility.PUBLIC, seconds=0.0,
            outcome=Outcome.PASSED if passed else Outcome.FAILED,
        )
        for task, points, passed in scores
    )  # fmt: skip
    fields = {
        "assignment": "a1", "student": student, "status": Status.GRADED, "submission_sha256": "",
        "graded_at": "", "environment": {}, "max_score": 100.0, "results": results,
    }  # fmt: skip
    return Grade(**fields | changes)


def rows(text: str) -> list[list[str]]:
    """Read a CSV as a spreadsheet does."""
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_row_has_the_score_the_status_and_each_task():
    """Tasks are columns, in the order in which they were first seen."""
    grades = [grade("ada", ("pad", 60, True), ("frame", 40, False))]
    assert grades_csv(grades) == (
        "student,score,final_score,max_score,status,pad,frame,messages\n"
        "ada,60,60,100,graded,60,0,\n"
    )


def test_a_student_without_results_has_0_in_every_task():
    """A rejected submission keeps its row, and says why."""
    rejected = grade("bob", status=Status.REJECTED, messages=("bob.zip: it is damaged",))
    table = rows(grades_csv([rejected, grade("ada", ("pad", 0.5, True))]))
    assert table[1] == ["bob", "0", "0", "100", "rejected", "0", "bob.zip: it is damaged"]
    assert table[2] == ["ada", "0.5", "0.5", "100", "graded", "0.5", ""]


def test_the_score_that_counts_stands_beside_the_one_of_the_tests():
    """Lateness and decisions change one of them, and the messages say why."""
    late = grade("ada", ("pad", 60, True), adjustment=-20.0, adjustments=("handed in late",))
    assert rows(grades_csv([late]))[1][1:3] == ["60", "40"]
    assert rows(grades_csv([late]))[1][-1] == "handed in late"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start):
    """A name or message that a spreadsheet would compute is made a text."""
    evil = f'{start}HYPERLINK("http://example.org")'
    table = rows(grades_csv([grade(evil, messages=(evil,))]))
    assert table[1][0] == f"'{evil}"
    assert table[1][-1] == f"'{evil}"


@pytest.mark.parametrize("text", ["x;=cmd", 'x;"=cmd', "x\n=cmd", "x\t @cmd", "x\r\n\t+cmd"])
def test_no_part_of_a_cell_is_a_formula_where_semicolons_part_cells(text):
    """A spreadsheet whose user writes decimal commas reads our quotes as letters."""
    written = grades_csv([grade("ada", messages=(text,))])
    cells = re.split(r"[;\t\r\n]", written)

    assert not any(cell.lstrip(' "').startswith(("=", "+", "@")) for cell in cells)


def test_commas_quotes_and_newlines_stay_in_their_cell():
    """The table keeps its shape whatever a message holds."""
    message = 'files missing: "a.py",\nb.py'
    table = rows(grades_csv([grade("O'Hara, Ada", ("pad", 1, True), messages=(message, "x"))]))
    assert len(table) == 2
    assert table[1] == ["O'Hara, Ada", "1", "1", "100", "graded", "1", f"{message}; x"]
