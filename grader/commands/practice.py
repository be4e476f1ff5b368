"""What a student runs: `test`, and `ci` in a workflow."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands.common import add_command, add_cuda_option, demanded_device, paint
from grader.errors import GraderError
from grader.threads import ONE_THREAD

if TYPE_CHECKING:
    from grader.course import Assignment
    from grader.results import Grade


def _test(options: argparse.Namespace) -> int:
    os.environ |= ONE_THREAD  # before anything imports numpy
    from grader import practice
    from grader.reports.terminal import practice_report

    assignment = practice.find_own_assignment(options.folder)
    if options.watch:
        return _watch(assignment, options)
    practise = practice.practise_isolated if options.isolated else practice.practise_here
    grade = practise(
        assignment,
        select=options.select,
        pictures=options.pictures,
        device=demanded_device(options),
    )
    if options.json:
        print(json.dumps(grade.to_json()))
    else:
        title = f"{assignment.id}: {assignment.title}"
        print(practice_report(title, grade.results, paint(), grade.messages))
        if options.pictures:
            drawn = len(list(options.pictures.glob("*.png")))
            print(f"{drawn} pictures of images that are wrong are in {options.pictures}/")
    return 1 if any(result.outcome.is_wrong for result in grade.results) else 0


def _watch(assignment: "Assignment", options: argparse.Namespace) -> int:
    """Run the tests whenever a file is saved, until Ctrl-C."""
    from grader.reports.terminal import practice_report
    from grader.watching import watch

    if options.isolated or options.json or options.pictures or options.cuda:
        raise GraderError("--watch goes with -k alone; leave the other options out")

    def show(grade: "Grade", saved: str) -> None:
        title = f"{assignment.id}: {saved or assignment.title}"
        print(f"\n{practice_report(title, grade.results, paint(), grade.messages)}", flush=True)

    try:
        watch(assignment, select=options.select, show=show)
    except KeyboardInterrupt:
        print()
    return 0


def _ci(options: argparse.Namespace) -> int:
    from grader.github.ci import run_ci

    return run_ci(
        options.folder,
        summary_file=options.summary,
        annotations_file=options.annotations,
        page=options.page,
        classroom50_file=options.classroom50,
    )


def add_test(commands: Any) -> None:
    """Add `grader test`."""
    test = add_command(
        commands, "test", _test,
        "run the public tests on your own work",
        "grader test -k pad2d            only the tests of one task\n"
        "grader test --watch             and again whenever you save a file\n"
        "grader test --pictures wrong/   and draw the images that are wrong",
    )  # fmt: skip
    test.add_argument(
        "folder", nargs="?", type=Path, default=Path(), help="your assignment (default: here)"
    )
    test.add_argument("-k", dest="select", default="", metavar="EXPR", help="only matching tests")
    test.add_argument(
        "--watch", action="store_true", help="again whenever a file is saved, until Ctrl-C"
    )
    test.add_argument("--isolated", action="store_true", help="in the sandbox, as in a grade")
    test.add_argument("--pictures", type=Path, metavar="DIR", help="save wrong images there")
    add_cuda_option(test)
    test.add_argument("--json", action="store_true", help="print the result as JSON")


def add_ci(commands: Any) -> None:
    """Add `grader ci`."""
    ci = add_command(
        commands, "ci", _ci,
        "show what GitHub Actions shows of your own work",
        "grader ci                                          on stdout\n"
        "grader ci --summary points.md --annotations lines.txt --page feedback.html",
    )  # fmt: skip
    ci.add_argument(
        "folder", nargs="?", type=Path, default=Path(), help="your assignment (default: here)"
    )
    ci.add_argument("--summary", type=Path, metavar="FILE", help="write the job summary there")
    ci.add_argument("--annotations", type=Path, metavar="FILE", help="write the annotations there")
    ci.add_argument("--page", type=Path, metavar="FILE", help="write the feedback as HTML there")
    ci.add_argument(
        "--classroom50", type=Path, metavar="FILE", help="write Classroom 50's result.json there"
    )
