"""Points and time: nbgrader and we grade the same submissions.

    python benchmarks/nbgrader_side_by_side.py a1_convolution [--submissions N] [--jobs N]
    python benchmarks/nbgrader_side_by_side.py ps1

In a course of nbgrader's, made for this run: an assignment of ours is released to it,
ps1 is the example that nbgrader brings along. Ten submissions are handed in, the
reference, the stub and known mistakes spread over the assignment, again and again until
there are N. Then `nbgrader autograde` and `grader grade` grade them, start-up included.

The points are compared for the ten. The time is given for all N, and as a ratio, as
both ran on one machine, one after the other.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.course import Assignment, find_course, find_reference, read_assignment
from grader.mutants import read_mutants
from grader.nbgrader.release import source_cells, write_source

TEN = 10
QUICKSTART = "ps1"
SQUARES = "def squares(n):\n    {check}return [i ** 2 for i in range({of})]\n"
CHECK = "if n < 1:\n        raise ValueError('n')\n    "
RIGHT = SQUARES.format(check=CHECK, of="1, n + 1")
SUM = "def sum_of_squares(n):\n    return sum(squares(n))\n"
PS1 = {
    "reference": {"squares": RIGHT, "sum_of_squares": SUM},
    "stub": {},
    "no-sum": {"squares": RIGHT},
    "no-squares": {"sum_of_squares": SUM},
    "unchecked": {"squares": SQUARES.format(check="", of="1, n + 1"), "sum_of_squares": SUM},
    "from-zero": {"squares": SQUARES.format(check=CHECK, of="n"), "sum_of_squares": SUM},
    "too-long": {"squares": SQUARES.format(check=CHECK, of="1, n + 2"), "sum_of_squares": SUM},
    "own-sum": {"squares": RIGHT, "sum_of_squares": SUM.replace("squares(n)", "range(n)")},
    "prints": {"squares": "print('!')\n" + RIGHT, "sum_of_squares": SUM},
    "misspelt": {"squares": RIGHT.replace("def", "dfe"), "sum_of_squares": SUM},
}  # fmt: skip


def main() -> int:
    """Lay out the course, let both grade, and print what came out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("assignment", help="its name, or ps1")
    parser.add_argument("--submissions", type=int, default=20, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as work:
        if options.assignment == QUICKSTART:
            nbgrader(Path(work), "quickstart", "course")
            course, name, notebook, answers = Path(work) / "course", QUICKSTART, "problem1", PS1
            seconds = 30.0
        else:
            assignment = find_reference(options.assignment, find_course())
            course, name = Path(work), assignment.id
            write_source(assignment, course)
            notebook, answers = name, dict(variants(assignment, Path(work) / "variants"))
            seconds = assignment.limits.submission_seconds + 60
        nbgrader(course, "generate_assignment", name)
        hand_in(
            course / "submitted", course / "release" / name, notebook, answers, options.submissions
        )
        theirs = nbgrader(course, "autograde", name, f"--Execute.timeout={seconds:g}")
        ours = grade(course, name, options.jobs)
        compare(course, name, list(answers)[:TEN])
    print(f"\n{options.submissions} submissions: nbgrader {theirs:.1f} s, we {ours:.1f} s"
          f" with {options.jobs} jobs, {theirs / ours:.1f} times as fast")  # fmt: skip
    return 0


def variants(assignment: Assignment, work: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the answers of ten students: the source of each cell that students fill in."""
    yield "reference", cells_of(assignment)
    yield "stub", {}
    mutants = read_mutants(assignment).mutants
    step = max(1, len(mutants) // (TEN - 2))
    for mutant in mutants[::step][: TEN - 2]:
        folder = work / mutant.name
        shutil.copytree(assignment.folder, folder)
        file = folder / mutant.file
        file.write_text(file.read_text().replace(mutant.replace, mutant.with_))
        yield mutant.name, cells_of(read_assignment(folder))
        shutil.rmtree(folder)


def cells_of(assignment: Assignment) -> dict[str, str]:
    """Return the solved cells by their names."""
    marked = [
        (cell, cell.metadata["nbgrader"]) for cell in source_cells(assignment) if cell.metadata
    ]
    return {about["grade_id"]: cell.source for cell, about in marked if about["solution"]}


def hand_in(
    submitted: Path,
    released: Path,
    notebook: str,
    answers: Mapping[str, Mapping[str, str]],
    count: int,
) -> None:
    """Hand in notebooks until there are `count`."""
    names = list(answers)
    for number in range(count):
        name, again = names[number % len(names)], number // len(names)
        content = json.loads((released / f"{notebook}.ipynb").read_text())
        for cell in content["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            cell["source"] = answers[name].get(about.get("grade_id"), cell["source"])
        folder = submitted / (f"{name}-{again}" if again else name) / released.name
        folder.mkdir(parents=True)
        (folder / f"{notebook}.ipynb").write_text(json.dumps(content))


def nbgrader(course: Path, *command: str) -> float:
    """Run nbgrader, and return how long it took."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # it calls `alembic`
    return timed([sys.executable, "-m", "nbgrader", *command], course, PATH=path)


def grade(course: Path, name: str, jobs: int) -> float:
    """Grade the course ourselves, and return how long it took."""
    arguments = [
        "grade",
        name,
        str(course),
        "--layout",
        "nbgrader",
        "--out",
        str(course / "graded"),
    ]
    return timed([sys.executable, "-m", "grader", *arguments, "--jobs", str(jobs)], course)


def timed(command: list[str], folder: Path, **environment: str) -> float:
    """Run a command, and return how long it took."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}"
        )
    return seconds


def compare(course: Path, name: str, students: list[str]) -> None:
    """Print both scores of each student."""
    from nbgrader.api import Gradebook  # noqa: PLC0415 - which takes its time

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        theirs = {s.student.id: s.score for s in book.find_assignment(name).submissions}
    width = max(map(len, students))
    print(f"{'submission':<{width}}  nbgrader      we")
    for student in students:
        if student in theirs:
            file = course / "graded" / "results" / f"{student}.json"
            ours = json.loads(file.read_text())["score"]
            sign = "" if ours == theirs[student] else "   DIFFERENT"
            print(f"{student:<{width}}  {theirs[student]:8.2f}  {ours:6.2f}{sign}")


if __name__ == "__main__":
    raise SystemExit(main())
