"""nbgrader: write scores and comments into the gradebook of a course.

nbgrader keeps scores by cell. A task of ours is one cell of tests, worth the task's
points, and the comment stands at the cell with the student's answer. An assignment
that was nbgrader's to begin with has its own cells, and our tests are these:

    task           test                        cell of tests     cell with the answer
    convolve2d     test_convolution.py::…      convolve2d-tests  convolve2d
    hw/squares     hw.ipynb::correct_squares   correct_squares   squares

Everything goes through nbgrader's own API, in one process. What a person decided in
formgrader, a manual score, a comment or extra credit, is never touched.

Trust: a comment quotes a student's code. nbgrader's feedback takes comments for
Markdown, in which HTML is alive, so the text stands in a block of code.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from grader.errors import GraderError
from grader.exports.nbgrader_gradebook import (
    demand_theirs,
    handed_in,
    import_nbgrader,
    opened,
    unlisted,
)
from grader.exports.texts import cut, number, one_line
from grader.exports.view import Shown, view
from grader.results import Grade, Status, total

_FILE: Final = "gradebook.db"
_LONGEST_COMMENT: Final = 10_000
_BACKTICKS: Final = re.compile(r"`+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of tests."""

    notebook: str
    name: str
    answer: str  # the cell with the student's answer, where comments stand
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a person must know about an export."""

    problems: tuple[str, ...]  # students whose score is not in the gradebook
    notes: tuple[str, ...]


def tests_cell(task: str) -> str:
    """Return the name of the cell with the tests of a task of ours; no task is called so."""
    return f"{task}-tests"


def nbgrader(target: Path, grades: Sequence[Grade]) -> Recorded:
    """Write each student's score, cell by cell, and what was wrong.

    Parameters
    ----------
    target : Path
        The folder of a course of nbgrader, or its gradebook.

    Raises
    ------
    GraderError
        If it is no gradebook of nbgrader, or knows the assignment with other cells.
    """
    path = target / _FILE if target.is_dir() else target
    demand_theirs(path)
    broken = [grade for grade in grades if grade.status is Status.BROKEN]
    good = [replace(g, assignment=one_line(g.assignment)) for g in grades if g not in broken]
    problems = [
        f"{one_line(grade.student)} is not exported: the grader itself failed; grade again"
        for grade in broken
    ]
    cells = tuple(dict.fromkeys(cell for grade in good for cell, _ in _scored(grade)))
    if len({(cell.notebook, cell.name) for cell in cells}) < len(cells):
        raise GraderError("the results are of several versions of the assignment; grade again")
    with opened(path) as book:
        writer = _Writer(book, cells, path)
        known, notes = writer.students(), []
        if not known:
            notes.append("the gradebook had no students; all are added")
            known = {grade.student for grade in good if grade.student.isprintable()}
        if cells:
            writer.demand_cells(good[0].assignment)
        written = [grade for grade in good if grade.student in known]
        for grade in written:
            writer.write(grade)
    problems += [
        f"{one_line(grade.student)} is no student in {path}, nor in submitted/ beside it"
        for grade in good
        if grade.student not in known
    ]
    notes.append(f"{len(written)} of {len(grades)} scores are in {path}")
    if waiting := unlisted(path, {grade.assignment for grade in written}):
        notes.append(waiting)
    return Recorded(problems=tuple(problems), notes=tuple(notes))


class _Writer:
    """An open gradebook of theirs, and the cells of the assignment that is written."""

    def __init__(self, book: Any, cells: Sequence[Cell], path: Path) -> None:
        self._book = book
        self._cells = cells
        self._path = path
        self._missing = import_nbgrader("nbgrader.api").MissingEntry

    def students(self) -> set[str]:
        """Return whom the course knows: by its gradebook, or by what they handed in."""
        return handed_in(self._path) | {student.id for student in self._book.students}

    def demand_cells(self, assignment: str) -> None:
        """Find the cells in the gradebook; an assignment that it does not know is added."""
        known = self._find_assignment(assignment)
        for name in dict.fromkeys(cell.notebook for cell in self._cells):
            cells = [cell for cell in self._cells if cell.notebook == name]
            notebook = next((n for n in known.notebooks if n.name == name), None)
            if notebook is not None:
                self._demand_same(notebook, cells)
            elif known.submissions:
                raise self._unlike(f"submissions without the notebook {one_line(name)}")
            else:
                self._add_notebook(assignment, name, cells)

    def _find_assignment(self, name: str) -> Any:
        known = next((a for a in self._book.assignments if a.name == name), None)
        return known if known is not None else self._book.add_assignment(name)

    def _add_notebook(self, assignment: str, name: str, cells: Sequence[Cell]) -> None:
        self._book.add_notebook(name, assignment)
        for answer in dict.fromkeys(cell.answer for cell in cells):
            self._book.add_solution_cell(answer, name, assignment)
        for cell in cells:
            self._book.add_grade_cell(
                cell.name, name, assignment, max_score=cell.points, cell_type="code"
            )

    def _demand_same(self, notebook: Any, cells: Sequence[Cell]) -> None:
        theirs = {cell.name: cell.max_score for cell in notebook.grade_cells}
        for cell in cells:
            if theirs.get(cell.name) != cell.points:
                has = f"{theirs[cell.name]:g} points" if cell.name in theirs else "no such cell"
                raise self._unlike(
                    f"{has} for {one_line(cell.name)}, where the results have {cell.points:g}"
                )
        own = {cell.name for cell in cells if cell.name == tests_cell(cell.answer)}
        if own and (more := theirs.keys() - own):
            raise self._unlike(f"cells that the results do not know ({', '.join(sorted(more))})")

    def _unlike(self, what: str) -> GraderError:
        return GraderError(
            f"{self._path} has {what}; release the assignment again, run nbgrader"
            " generate_assignment, and export the results of that version"
        )

    def write(self, grade: Grade) -> None:
        """Write one student's scores and comments."""
        self._book.update_or_create_student(grade.student)
        submission = self._book.update_or_create_submission(grade.assignment, grade.student)
        when = datetime.fromisoformat(grade.submitted_at) if grade.submitted_at else None
        if when and when.tzinfo and submission.timestamp is None:
            # nbgrader's own is more exact, and formgrader compares it to the microsecond.
            submission.timestamp = when.astimezone(UTC).replace(tzinfo=None)
        scores = dict(_scored(grade))
        for cell in self._cells:
            place = (cell.notebook, grade.assignment, grade.student)
            found = self._book.find_grade(cell.name, *place)
            found.auto_score = scores.get(cell, 0.0)  # who could not be read earns nothing
            found.needs_manual_grade = found.manual_score is not None  # as nbgrader decides it
        for (notebook, answer), text in _comments(grade, self._cells).items():
            with suppress(self._missing):
                place = (notebook, grade.assignment, grade.student)
                self._book.find_comment(answer, *place).auto_comment = text or None
        adjustment = grade.adjustment
        for notebook in submission.notebooks:
            if notebook.name in {cell.notebook for cell in self._cells}:
                # The one number of theirs that stands beside the cells; below zero it adds.
                notebook.late_submission_penalty = -adjustment or 0.0
                adjustment = 0.0
        self._book.db.commit()


def _scored(grade: Grade) -> Iterator[tuple[Cell, float]]:
    """Yield the cells of a grade's results, and what each earned."""
    for task in grade.tasks:
        notebook, slash, answer = one_line(task.task).rpartition("/")
        if not slash:
            cell = Cell(
                notebook=grade.assignment,
                name=tests_cell(answer),
                answer=answer,
                points=task.points,
            )
            yield cell, task.score
            continue
        for result in grade.results:
            if result.task == task.task:
                cell = Cell(
                    notebook=notebook,
                    name=one_line(result.test.rpartition("::")[2]),
                    answer=answer,
                    points=result.points,
                )
                yield cell, total([result.score])


def _comments(grade: Grade, cells: Sequence[Cell]) -> Mapping[tuple[str, str], str]:
    """Return what to say at each cell with an answer; "" where there is nothing to mend."""
    shown = view(grade, show_hidden=False)
    places = dict.fromkeys((cell.notebook, cell.answer) for cell in cells)
    texts: dict[tuple[str, str], list[str]] = {place: [] for place in places}
    for test in shown.tests:
        notebook, slash, answer = test.task.rpartition("/")
        place = (notebook if slash else grade.assignment, answer)
        if place in texts and not test.passed:
            texts[place].append(sentence(test))
    if places:  # what is about the whole submission stands at its first cell
        texts[next(iter(places))][:0] = shown.messages
    return {place: _as_code("\n\n".join(lines)) for place, lines in texts.items()}


def sentence(test: Shown) -> str:
    """Say what a test that did not pass came to."""
    earned = f"{number(test.score)} of {number(test.points)}"
    return "\n".join(filter(None, [f"{test.name} ({test.outcome}, {earned})", test.explanation]))


def _as_code(text: str) -> str:
    """Write a block that Markdown shows as it is."""
    if not text:
        return ""
    text = cut(text, _LONGEST_COMMENT)
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
