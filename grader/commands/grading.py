"""What a teacher runs on a class: `grade`, `demo`, `merge`, `diff`."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands.common import (
    add_command,
    add_cuda_option,
    add_grading_options,
    demanded_device,
    paint,
    progress_bar,
)
from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.classroom import ClassReport
    from grader.course import Assignment
    from grader.shards import Shard


def _grade(options: argparse.Namespace) -> int:
    from grader.course import find_course, find_reference
    from grader.nbgrader.course import find_source, only_assignment, submitted

    if options.submissions is None:
        options.submissions = Path(options.assignment)
        options.assignment = only_assignment(options.submissions, options.layout)
    source = find_source(options.submissions, options.assignment, options.layout)
    options.submissions = submitted(options.submissions, options.layout)
    if source is not None:
        return _grade_notebooks(source, options)
    assignment = find_reference(options.assignment, find_course())
    return _grade_folder(assignment, options.submissions, options)


def _grade_notebooks(source: Path, options: argparse.Namespace) -> int:
    from grader.nbgrader.grading import grade_notebooks
    from grader.sandbox.tier import Tier

    if options.shard or options.dataset or options.cuda:
        raise GraderError("notebooks of nbgrader's own take no --shard, --dataset or --cuda")
    with progress_bar() as progress:
        report = grade_notebooks(
            source,
            options.submissions,
            options.out,
            jobs=options.jobs,
            require=Tier(options.require_sandbox),
            progress=progress,
            times=options.times,
        )
    return _tell_class(report, options)


def _demo(options: argparse.Namespace) -> int:
    from grader.course import find_course, find_reference

    course = find_course()
    submissions = course / "tests" / "submissions"
    if not submissions.is_dir():
        raise GraderError(f"no example class at {submissions}; run this in a clone of Deltagrade")
    return _grade_folder(find_reference("a1_convolution", course), submissions, options)


def _grade_folder(assignment: "Assignment", submissions: Path, options: argparse.Namespace) -> int:
    from grader.classroom import grade_class
    from grader.sandbox.tier import Tier

    with progress_bar() as progress:
        report = grade_class(
            assignment,
            submissions,
            options.out,
            jobs=options.jobs,
            dataset=options.dataset or assignment.dataset,
            require=Tier(options.require_sandbox),
            force=options.force,
            progress=progress,
            shard=options.shard,
            layout=options.layout,
            times=options.times,
            device=demanded_device(options),
        )
    return _tell_class(report, options)


def _tell_class(report: "ClassReport", options: argparse.Namespace) -> int:
    """Print what came of a class that was read from a download."""
    if report.layout != "plain":
        students = len(report.grades)
        print(
            f"grader: read as a download from {report.layout}: {students} students", file=sys.stderr
        )
    for line in report.unassigned:
        print(f"grader: not assigned to a student: {line}", file=sys.stderr)
    return _show_class(report, options)


def _merge(options: argparse.Namespace) -> int:
    from grader.course import find_course
    from grader.merge import merge

    merged = merge(options.parts, options.out, find_course())
    code = _show_class(merged.report, options)
    for shard in merged.missing:
        print(f"grader: part {shard} is missing; add it and merge again", file=sys.stderr)
    return 1 if merged.missing else code


def _show_class(report: "ClassReport", options: argparse.Namespace) -> int:
    """Print what came of a class; return 1 if a grade is broken."""
    from grader.reports.terminal import class_table, misconception_table
    from grader.results import Status

    if options.json:
        print(json.dumps(report.to_json()))
    else:
        print(class_table(report.grades, paint()) if report.grades else "no student in this part")
        if report.misconceptions:
            print(f"\n{misconception_table(report.misconceptions, paint())}\n")
        print(f"{report.graded} graded and {report.cached} unchanged in {report.seconds:.1f} s")
        for name in report.ignored:
            print(f"ignored: {name}, which is no submission")
        out = options.out
        print(f"\nthe class:   {out / 'index.html'}\nto students: {out / 'feedback'}/")
        print(f"grades:      {out / 'grades.csv'}\nresults:     {out / 'results'}/")
    return 1 if any(grade.status is Status.BROKEN for grade in report.grades) else 0


def _diff(options: argparse.Namespace) -> int:
    from grader.diff import diff

    return diff(options.before, options.after, as_json=options.json)


def add_grade(commands: Any) -> None:
    """Add `grader grade`."""
    from grader.submissions import LAYOUTS

    grade = add_command(
        commands, "grade", _grade,
        "grade the submissions of a class",
        "grader grade a1_convolution downloads/ --out graded/ --jobs 4\n"
        "grader grade a1_convolution submissions.zip --layout canvas --out graded/\n"
        "grader grade ps1 COURSE --layout nbgrader      an assignment of nbgrader's own",
    )  # fmt: skip
    grade.add_argument("assignment", help="its name, or a short form such as a1")
    grade.add_argument(
        "submissions",
        nargs="?",
        type=Path,
        help="a folder or .zip from a learning platform; or one with a folder, .zip or .tar.gz"
        " for each student",
    )
    grade.add_argument(
        "--shard", type=_shard, metavar="I/N", help="grade only part I of N; see `grader merge`"
    )
    grade.add_argument(
        "--layout",
        choices=LAYOUTS,
        default="auto",
        metavar="NAME",
        help=f"how the submissions are named: {', '.join(LAYOUTS)}",
    )
    grade.add_argument(
        "--times", type=Path, metavar="FILE.csv",
        help="when each student handed in; it begins with student,submitted",
    )  # fmt: skip
    add_cuda_option(grade)
    add_grading_options(grade, Path("grader-results"))


def add_demo(commands: Any) -> None:
    """Add `grader demo`."""
    demo = add_command(
        commands, "demo", _demo, "grade the example class that comes with a clone", "grader demo"
    )
    demo.set_defaults(shard=None, layout="plain", times=None, cuda=False)
    add_grading_options(demo, Path("demo-results"))


def add_merge(commands: Any) -> None:
    """Add `grader merge`."""
    merge = add_command(
        commands, "merge", _merge,
        "put the parts together that `grader grade --shard` graded",
        "grader merge graded-1/ graded-2/ graded-3/ --out graded/",
    )  # fmt: skip
    merge.add_argument("parts", nargs="+", type=Path, metavar="OUT", help="each part's results")
    merge.add_argument("--out", type=Path, required=True, metavar="DIR", help="write here")
    merge.add_argument("--json", action="store_true", help="print one JSON object, nothing else")


def add_diff(commands: Any) -> None:
    """Add `grader diff`."""
    diff = add_command(
        commands, "diff", _diff,
        "say whose grade differs between two runs, and because of which test",
        "grader diff graded-before/ graded/",
    )  # fmt: skip
    diff.add_argument("before", type=Path, metavar="OUT_A", help="a folder of results")
    diff.add_argument("after", type=Path, metavar="OUT_B", help="another one")
    diff.add_argument("--json", action="store_true", help="print one JSON object, nothing else")


def _shard(text: str) -> "Shard":
    from grader.shards import Shard

    try:
        return Shard.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
