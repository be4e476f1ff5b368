"""The formats of `grader export`, each a function from grades to text.

`STUDENT` formats are about one submission, and its student may read them; `CLASS`
formats are about a whole class; `TEMPLATE` formats read a learning platform's own
export, in which one column is then filled.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.exports.brightspace import brightspace
from grader.exports.canvas import canvas
from grader.exports.classroom import classroom
from grader.exports.classroom50 import classroom50
from grader.exports.ctrf import ctrf
from grader.exports.github import annotations, summary
from grader.exports.gradescope import gradescope
from grader.exports.junit import junit
from grader.exports.lms import Template
from grader.exports.moodle import moodle
from grader.exports.nbgrader import Recorded, nbgrader
from grader.exports.prairielearn import prairielearn
from grader.exports.view import View
from grader.reports.table import grades_csv
from grader.results import Grade


@dataclass(frozen=True, slots=True)
class StudentFormat:
    """A format for one submission."""

    suffix: str  # of the file's name, where each student gets one
    write: Callable[[View], str]
    commands: Callable[[View], str] | None = None  # what the log must say besides
    for_each: bool = True  # whether it makes sense for each student of a class


def _classroom50(view: View) -> str:
    return classroom50(view, os.environ)


STUDENT: Final = {
    "junit": StudentFormat(".xml", junit),
    "ctrf": StudentFormat(".json", ctrf),
    "gradescope": StudentFormat(".json", gradescope),
    "prairielearn": StudentFormat(".json", prairielearn),
    "github": StudentFormat(".md", summary, commands=annotations),
    "classroom": StudentFormat(".txt", classroom),
    "classroom50": StudentFormat(".json", _classroom50, for_each=False),
}
CLASS: Final[dict[str, Callable[[Sequence[Grade]], str]]] = {"csv": grades_csv}
TEMPLATE: Final[dict[str, Callable[[Path, str], Template]]] = {
    "canvas": canvas,
    "moodle": moodle,
    "brightspace": brightspace,
}
GRADEBOOK: Final[dict[str, Callable[[Path, Sequence[Grade]], Recorded]]] = {"nbgrader": nbgrader}
