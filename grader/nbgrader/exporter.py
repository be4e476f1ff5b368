"""An exporter for `nbgrader export`: grades.csv as `grader grade` writes it, points by task.

    nbgrader export --exporter=grader.nbgrader.exporter.TaskExporter --to tasks.csv

It reads nbgrader's gradebook, whoever graded: nbgrader itself, `grader export nbgrader`,
or a person in formgrader, whose scores come first there. Only nbgrader loads this module.
"""

from pathlib import Path
from typing import Any, Final

from grader.exports.nbgrader import tests_cell
from grader.exports.nbgrader_gradebook import import_nbgrader
from grader.exports.texts import one_line
from grader.files import write_atomically
from grader.reports.table import grades_csv
from grader.results import Grade, Outcome, Result, Status, Visibility

_Plugin: Any = import_nbgrader("nbgrader.plugins").ExportPlugin
_FILE: Final = "grades.csv"
_TESTS: Final = tests_cell("")


class TaskExporter(_Plugin):  # type: ignore[misc]  # nbgrader has no types
    """Write a row for each submission, and a column for each task."""

    def export(self, gradebook: Any) -> None:
        """Write one file; with several assignments, one for each, named for it."""
        names = [str(name) for name in self.assignment]
        chosen = [a for a in gradebook.assignments if not names or a.name in names]
        target = Path(self.to or _FILE)
        for assignment in chosen:
            name = target.name if len(chosen) == 1 else f"{assignment.name}-{target.name}"
            grades = [self._grade(each) for each in self._submissions(assignment)]
            write_atomically(target.with_name(name), grades_csv(grades))
            self.log.info("%s: %d submissions", target.with_name(name), len(grades))

    def _submissions(self, assignment: Any) -> list[Any]:
        wanted = {str(student) for student in self.student}
        found = [s for s in assignment.submissions if not wanted or s.student.id in wanted]
        return sorted(found, key=lambda submission: submission.student.id)

    def _grade(self, submission: Any) -> Grade:
        cells = [cell for notebook in submission.notebooks for cell in notebook.grades]
        waiting = [one_line(cell.name) for cell in cells if cell.needs_manual_grade]
        penalties = (n.late_submission_penalty or 0.0 for n in submission.notebooks)
        return Grade(
            assignment=submission.assignment.name,
            student=submission.student.id,
            status=Status.GRADED,
            submission_sha256="",
            graded_at="",
            environment={},
            max_score=sum(cell.max_score for cell in cells),
            results=tuple(map(_result, cells)),
            adjustment=-sum(penalties) or 0.0,
            messages=(f"to be graded by hand: {', '.join(waiting)}",) if waiting else (),
        )


def _result(cell: Any) -> Result:
    """Return what a cell earned, a person's extra credit and all."""
    name = f"{cell.notebook.name}/{cell.name}"
    # Our own notebook is named for its assignment, and its cells for their tasks.
    if cell.notebook.name == cell.assignment.name and cell.name.endswith(_TESTS):
        name = cell.name.removesuffix(_TESTS)
    return Result(
        test=name,
        task=name,
        title=name,
        visibility=Visibility.PUBLIC,
        points=cell.max_score,
        outcome=Outcome.PASSED if cell.score == cell.max_score else Outcome.FAILED,
        seconds=0.0,
        share=cell.score / cell.max_score if cell.max_score else 0.0,
    )
