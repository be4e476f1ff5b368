"""Read the result files of a class, or one of them.

Trust: a result file may come from a job that ran students' code. It is checked before
anything is made of it.
"""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from grader.errors import GraderError
from grader.exports.texts import one_line
from grader.results import Grade
from grader.tables import suggest


def read_class(folder: Path) -> dict[str, Grade]:
    """Return the grade of each student in a folder that `grader grade` wrote.

    Raises
    ------
    GraderError
        If there is none, or if one cannot be read.
    """
    results = folder / "results"
    paths = sorted((results if results.is_dir() else folder).glob("*.json"))
    grades = {path.stem: read_grade(path) for path in paths}
    if not grades:
        raise GraderError(f"no results in {folder}; name a folder that `grader grade` wrote")
    assignments = sorted({grade.assignment for grade in grades.values()})
    if len(assignments) > 1:
        raise GraderError(
            f"{folder} holds results of {one_line(' and '.join(assignments))};"
            " grade each assignment into a folder of its own"
        )
    for name, grade in grades.items():
        if grade.student != name:
            raise GraderError(
                f"{folder} holds the result of {one_line(grade.student)} as {name}.json;"
                " give the file its old name, or grade again"
            )
    return grades


def choose_student(grades: Mapping[str, Grade], student: str, folder: Path) -> Grade:
    """Return one student's grade.

    Raises
    ------
    GraderError
        If there is none.
    """
    if student not in grades:
        raise GraderError(f"{folder} has no result of {student!r}{suggest(student, grades)}")
    return grades[student]


def read_grade(path: Path) -> Grade:
    """Read one result file.

    Raises
    ------
    GraderError
        If it cannot be read, or is no result file.
    """
    try:
        grade = Grade.from_json(json.loads(path.read_text(encoding="utf-8")))
        _demand_sense(grade)
    except OSError as error:
        raise GraderError(
            f"cannot read {path} ({error.strerror}); name a result file or a folder of them"
        ) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise GraderError(
            f"{path} is no result of this version of the grader ({one_line(str(error))});"
            " grade again"
        ) from error
    return grade


def _demand_sense(grade: Grade) -> None:
    texts = [grade.assignment, grade.student, *grade.messages, *grade.adjustments]
    amounts = [grade.max_score, grade.max_score - grade.score]
    amounts += [grade.final_score, grade.max_score - grade.final_score]
    for each in grade.results:
        texts += [each.test, each.task, each.title, each.feedback, each.hint, each.misconception]
        amounts += [each.points, each.seconds, each.share, 1 - each.share]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("one of its texts is none")
    if not all(0 <= amount < math.inf for amount in amounts) or not grade.max_score:
        raise ValueError("one of its numbers is impossible")
    for moment in filter(None, [grade.graded_at, grade.submitted_at]):
        datetime.fromisoformat(moment)
