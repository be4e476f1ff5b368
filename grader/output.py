"""The folder of a class's results: the gradebook, and the files that are made from it."""

import contextlib
import fcntl
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.adjustments import adjusted, decisions_of, unadjusted
from grader.course import Assignment
from grader.errors import GraderError
from grader.files import write_atomically
from grader.gradebook import Change, Entry, Gradebook
from grader.pages.writer import Pages
from grader.reports.table import grades_csv
from grader.results import Grade


class Output:
    """An open folder of results; nobody else writes to it meanwhile."""

    def __init__(self, out: Path, gradebook: Gradebook, assignment: Assignment) -> None:
        self._out = out
        self._gradebook = gradebook
        self._pages = Pages(out, assignment)
        self._assignment = assignment
        self._decisions = decisions_of(gradebook.changes(assignment.id))

    def known(self) -> dict[str, Entry]:
        """Return the current grade of each student."""
        return self._gradebook.latest(self._assignment.id)

    def record(self, grade: Grade, fingerprint: str) -> Grade:
        """Add a grade to the gradebook, durably, and write its files."""
        self._gradebook.record(unadjusted(grade), fingerprint)
        return self.write(grade)

    def write(self, grade: Grade) -> Grade:
        """Write the files of a grade that is in the gradebook; return it as it counts."""
        grade = adjusted(grade, self._assignment.late, self._decisions[grade.student])
        content = json.dumps(grade.to_json(), indent=1, ensure_ascii=False) + "\n"
        write_atomically(self._out / "results" / f"{grade.student}.json", content)
        self._pages.write_student(grade, content)
        return grade

    def decide(self, change: Change) -> Grade:
        """Add a decision to the gradebook, durably, and write the files that it changes."""
        self._gradebook.change(change)
        self._decisions = decisions_of(self._gradebook.changes(self._assignment.id))
        grades = {name: self.write(entry.grade) for name, entry in sorted(self.known().items())}
        self.write_class(tuple(grades.values()))
        return grades[change.student]

    def write_class(self, grades: Sequence[Grade], unassigned: Sequence[str] | None = None) -> None:
        """Write what is about the whole class.

        What could not be assigned to a student is known when submissions are read, and
        kept in a file for when only a decision has changed the grades.
        """
        list_of_them = self._out / "unassigned.txt"
        if unassigned:
            write_atomically(list_of_them, "\n".join(unassigned) + "\n")
        elif unassigned is not None:
            list_of_them.unlink(missing_ok=True)
        write_atomically(self._out / "grades.csv", grades_csv(grades))
        if grades:  # a part of a small class may have no student
            left = list_of_them.read_text("utf-8") if list_of_them.exists() else ""
            self._pages.write_class(grades, left.splitlines())


@contextlib.contextmanager
def open_output(out: Path, assignment: Assignment) -> Iterator[Output]:
    """Make the folder, keep other graders out of it, and open its gradebook.

    Raises
    ------
    GraderError
        If it cannot be written, or another grader is writing to it.
    """
    with _locked(out), Gradebook(out / "gradebook.db") as gradebook:
        yield Output(out, gradebook, assignment)


@contextlib.contextmanager
def _locked(out: Path) -> Iterator[None]:
    try:
        for name in ("results", "feedback"):
            (out / name).mkdir(parents=True, exist_ok=True)
        lock = (out / ".lock").open("w")
    except OSError as error:
        raise GraderError(
            f"cannot write to {out} ({error.strerror}); choose another folder with --out"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GraderError(f"another grader is writing to {out}; wait, or use --out") from None
        yield
