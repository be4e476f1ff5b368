"""`grader export`: read results, write them in one format, say who is left out."""

import sys
from collections.abc import Sequence
from pathlib import Path

from grader.errors import GraderError
from grader.exports.formats import CLASS, GRADEBOOK, STUDENT, TEMPLATE, StudentFormat
from grader.exports.lms import Template, fill
from grader.exports.reading import choose_student, read_class, read_grade
from grader.exports.view import view
from grader.files import make_folder, write_atomically
from grader.results import Grade


def export(
    name: str,
    results: Path,
    *,
    output: Path | None,
    student: str,
    show_hidden: bool,
    template: Path | None,
    column: str,
) -> int:
    """Write results in the format `name`; return 1 if a student could not be matched.

    Parameters
    ----------
    results : Path
        A folder that `grader grade` wrote, or one result file.
    output : Path or None
        The file to write, or the folder for a file of each student, or the course whose
        gradebook to write to; None is stdout.
    student : str
        Whose result to take from a folder; "" takes everybody's.
    show_hidden : bool
        Quote hidden tests too.
    template : Path or None
        A learning platform's own export.
    column : str
        Which column of it to fill; "" if it has only one.

    Raises
    ------
    GraderError
        If something cannot be read or written, or the options do not fit the format.
    """
    if name not in TEMPLATE and template is not None:
        raise GraderError(f"{name} takes no --template; leave it out")
    if name in STUDENT:
        format_ = STUDENT[name]
        if student or not results.is_dir():
            _write_one(format_, _one(results, student), output, show_hidden=show_hidden)
        elif format_.for_each:
            _write_each(format_, read_class(results), output, show_hidden=show_hidden)
        else:
            raise GraderError(f"{name} is about one submission; say --student, or name a file")
        return 0
    if student or show_hidden:
        raise GraderError(f"{name} is about a class; leave out --student and --show-hidden")
    grades = list(read_class(results).values()) if results.is_dir() else [read_grade(results)]
    if name in CLASS:
        _write(CLASS[name](grades).encode(), output)
        return 0
    if name in GRADEBOOK:
        if output is None:
            raise GraderError(f"{name} writes into a gradebook: name it, or its course, with -o")
        recorded = GRADEBOOK[name](output, grades)
        return _tell(recorded.problems, recorded.notes)
    if template is None:
        raise GraderError(f"{name} fills in {name}'s own export: name it with --template")
    return _fill_template(TEMPLATE[name](template, column), grades, output)


def _one(results: Path, student: str) -> Grade:
    if results.is_dir():
        return choose_student(read_class(results), student, results)
    grade = read_grade(results)
    if student and grade.student != student:
        raise GraderError(f"{results} is the result of {grade.student!r}, not of {student!r}")
    return grade


def _write_one(
    format_: StudentFormat, grade: Grade, output: Path | None, *, show_hidden: bool
) -> None:
    shown = view(grade, show_hidden=show_hidden)
    _write(format_.write(shown).encode(), output)
    if format_.commands is not None:
        _write(format_.commands(shown).encode(), None)


def _write_each(
    format_: StudentFormat, grades: dict[str, Grade], output: Path | None, *, show_hidden: bool
) -> None:
    if output is None:
        raise GraderError("this format writes a file for each student: say -o FOLDER, or --student")
    make_folder(output)
    for student, grade in grades.items():
        shown = view(grade, show_hidden=show_hidden)
        write_atomically(output / f"{student}{format_.suffix}", format_.write(shown))
        if format_.commands is not None:
            write_atomically(output / f"{student}.commands.txt", format_.commands(shown))


def _fill_template(template: Template, grades: list[Grade], output: Path | None) -> int:
    filled = fill(template, grades)
    _write(filled.content, output)
    return _tell(filled.problems, filled.notes)


def _tell(problems: Sequence[str], notes: Sequence[str]) -> int:
    """Say what a person must know; return 1 if a student is left out."""
    for line in (*problems, *notes):
        print(f"grader: {line}", file=sys.stderr)
    return 1 if problems else 0


def _write(content: bytes, output: Path | None) -> None:
    if output is not None:
        write_atomically(output, content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
