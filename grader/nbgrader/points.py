"""What a cell of tests asks for while nbgrader grades: the points of one task.

    from grader.nbgrader.points import points as check
    check("convolve2d")

The first such cell has the whole notebook graded, by a process of its own and in the
sandbox, exactly as `grader grade` would: public and hidden tests, from the course's
reference/. The cells after it look up what came out. A hidden test never gets into the
kernel, where the student's code runs, nor into the cell's output, which students read.

Trust: what nbgrader records is what the kernel says, and the student's code has run in
that kernel before. That is nbgrader's own weakness: whoever must rely on a grade takes
`grader grade --layout nbgrader` and exports it into the gradebook.
"""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final, NoReturn

from grader import data
from grader.classroom import grade_one
from grader.course import DESCRIPTION, Assignment, read_assignment
from grader.errors import GraderError
from grader.exports.nbgrader import sentence
from grader.exports.texts import number
from grader.exports.view import view
from grader.provenance import Terms
from grader.results import Grade, Status
from grader.sandbox.tier import Tier
from grader.submissions.intake import Entry

_OUR_FAULT: Final = 70  # the exit code of a kernel that must not leave a grade behind


def points(task: str) -> float:
    """Print what is wrong with a task, and return the points it earns.

    A grade that is broken, which is our fault, must not become a zero: the kernel ends,
    and nbgrader reports the student as not graded.
    """
    try:
        grade = _grade(Path.cwd())
    except GraderError as error:
        _end(str(error))
    if grade.status is Status.BROKEN:
        _end("; ".join(grade.messages) or "a test of ours is broken")
    shown = view(grade, show_hidden=False)
    mine = [test for test in shown.tests if test.task == task]
    earned = sum(score.score for score in grade.tasks if score.task == task)
    available = sum(score.points for score in grade.tasks if score.task == task)
    print(f"{task}: {number(earned)} of {number(available)} points")
    wrong = [sentence(test) for test in mine if not test.passed]
    if wrong or not mine:
        print("", *shown.messages, *wrong, sep="\n\n")
    return float(earned)


@functools.cache
def _grade(folder: Path) -> Grade:
    """Have the notebook in a folder graded by another process."""
    command = [sys.executable, "-P", "-m", "grader.nbgrader.points", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise GraderError(done.stderr.strip() or "the grader itself failed")
    return Grade.from_json(json.loads(done.stdout))


def _end(reason: str) -> NoReturn:
    os.write(2, f"grader: {reason}\n".encode())  # the kernel's log: a cell's stderr is a zero
    os._exit(_OUR_FAULT)


def main(folder: Path) -> int:
    """Grade the notebook in a folder, and print the result file."""
    try:
        assignment = _reference(folder)
        _load_data(assignment)
        notebook = folder / f"{assignment.id}.ipynb"
        terms = Terms.of(assignment, assignment.dataset)
        # No tier is demanded: this kernel has run the same code in none at all.
        grade = grade_one(terms, Entry("submission", notebook), require=Tier.NONE)
    except GraderError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(grade.to_json()))
    return 0


def _load_data(assignment: Assignment) -> None:
    """Find out now, and say in a sentence, whether there is the data that a grade needs."""
    try:
        data.load(assignment.dataset)
    except GraderError as error:
        first = str(error).partition("\n")[0]
        raise GraderError(
            f"a grade of {assignment.id} needs {assignment.dataset} ({first}); run `grader data"
            f" fetch {assignment.dataset}` once, or set GRADER_DATA to the folder where it is"
        ) from None


def _reference(folder: Path) -> Assignment:
    """Return the assignment with its hidden tests, from the course around a folder."""
    name = read_assignment(folder).id
    # From outside in: a student may be called "reference".
    for around in reversed(folder.resolve().parents):
        if (around / "reference" / name / DESCRIPTION).is_file():
            return read_assignment(around / "reference" / name)
    raise GraderError(
        f"no reference/{name} in any folder around {folder}; release the assignment to this"
        " course again, and autograde inside it"
    )


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
