"""The class as a CSV table, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Sequence

from grader.cuda import CUDA_TIER
from grader.results import Grade, reason_not_run

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Where a semicolon is the delimiter, which a spreadsheet decides by its user's language,
# our quotes do not count: what follows a semicolon, or begins a line, is then a cell.
_LATER_START = re.compile(r'([;\t\r\n]\s*"*)(?=[=+\-@＝＋－＠])')


def grades_csv(grades: Sequence[Grade]) -> str:
    """Return one row for each student: scores, status, and points for each task.

    `score` is what the tests gave, `final_score` what counts.
    """
    tasks = list(dict.fromkeys(task.task for grade in grades for task in grade.tasks))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["student", "score", "final_score", "max_score", "status", *tasks, "messages"])
    for grade in grades:
        scores = {task.task: f"{task.score:g}" for task in grade.tasks}
        writer.writerow(
            [
                _inert(grade.student),
                f"{grade.score:g}",
                f"{grade.final_score:g}",
                f"{grade.max_score:g}",
                grade.status,
                *(scores.get(task, "0") for task in tasks),
                _inert("; ".join([*grade.messages, *grade.adjustments, *_not_run(grade)])),
            ]
        )
    return stream.getvalue()


def _not_run(grade: Grade) -> list[str]:
    reason = reason_not_run(grade.results)
    return [f"{CUDA_TIER}: {reason}"] if reason else []


def _inert(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    text = _LATER_START.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
