"""What an author runs on an assignment: `release`, `verify`, `calibrate`."""

import argparse
import json
from pathlib import Path
from typing import Any

from grader.commands.common import (
    add_command,
    add_jobs,
    at_least_one,
    chosen_references,
    paint,
    progress_bar,
)
from grader.errors import GraderError


def _release(options: argparse.Namespace) -> int:
    from grader.authoring.release import Form, release, stale
    from grader.course import find_course

    if any([options.github, options.classroom50, options.gradescope, options.nbgrader]):
        return _release_elsewhere(options)
    form = Form.NOTEBOOK if options.notebook else Form.FILES
    out = options.out or find_course() / ("notebooks" if options.notebook else "assignments")
    again = " --notebook" if options.notebook else ""
    code = 0
    for assignment in chosen_references(options):
        if options.check:
            old = stale(assignment, out, form)
            for file in old:
                print(
                    f"{out / assignment.id / file} is stale;"
                    f" run `grader release {assignment.id}{again}`"
                )
            code = 1 if old else code
        else:
            written = release(assignment, out, form)
            print(f"{out / assignment.id}: {len(written)} files written")
    return code


def _release_elsewhere(options: argparse.Namespace) -> int:
    from grader.github.template import release_bundle, release_repository
    from grader.gradescope.bundle import write_autograder
    from grader.nbgrader.release import release_source

    assignments = chosen_references(options)
    if len(assignments) != 1 or options.check or options.out or options.notebook:
        raise GraderError(
            "--github, --classroom50, --gradescope and --nbgrader take one assignment, and"
            " nothing else"
        )
    for folder, write in (
        (options.github, release_repository),
        (options.classroom50, release_bundle),
    ):
        if folder is not None:
            print(f"{folder}: {len(write(assignments[0], folder))} files written")
    if options.nbgrader:
        count = release_source(assignments[0], options.nbgrader)
        seconds = round(assignments[0].limits.submission_seconds) + 60
        print(f"{options.nbgrader}: {count} files written, hidden tests in reference/ only")
        print(f"say c.Execute.timeout = {seconds} in nbgrader_config.py: one cell grades all tasks")
    if options.gradescope:
        count = write_autograder(assignments[0], options.gradescope)
        print(f"{options.gradescope}: {count} files, hidden tests among them: for Gradescope only")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from grader.authoring.findings import as_json
    from grader.authoring.proof import keep_proof
    from grader.authoring.report import verification_report
    from grader.authoring.verify import verify_assignment

    reports = []
    for assignment in chosen_references(options):
        with progress_bar() as progress:
            report = verify_assignment(
                assignment,
                seeds=options.seeds,
                jobs=options.jobs,
                dataset=options.dataset or assignment.dataset,
                progress=progress,
            )
        keep_proof(assignment, report)
        reports.append(report)
        if not options.json:
            print(verification_report(report, paint()))
    if options.json:
        print(json.dumps(as_json(reports)))
    return 0 if all(report.ok for report in reports) else 1


def _calibrate(options: argparse.Namespace) -> int:
    from grader.authoring.calibrate import calibrate_assignment, write_tiers
    from grader.authoring.calibration_figure import save_figure
    from grader.authoring.calibration_report import calibration_report
    from grader.course import find_course, find_reference

    assignment = find_reference(options.assignment, find_course())
    with progress_bar() as progress:
        found = calibrate_assignment(
            assignment,
            seeds=options.seeds,
            jobs=options.jobs,
            dataset=options.dataset or assignment.dataset,
            progress=progress,
        )
    print(json.dumps(found.to_json()) if options.json else calibration_report(found, paint()))
    if options.figure:
        save_figure(found, options.figure)
    if options.write:
        change, found = write_tiers(assignment, found)
        if change and not options.json:
            print(f"{change}\n\nwritten; `grader verify {assignment.id}` and release it again")
    return 0 if found.ok else 1


def add_release(commands: Any) -> None:
    """Add `grader release`."""
    release = add_command(
        commands, "release", _release,
        "write the students' version of an assignment",
        "grader release a1_convolution   into assignments/\n"
        "grader release --all --check    is anything there out of date?\n"
        "grader release a1_convolution --gradescope autograder.zip",
    )  # fmt: skip
    release.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="names")
    release.add_argument("--all", action="store_true", help="every assignment of the course")
    release.add_argument("--check", action="store_true", help="write nothing; 1 if stale")
    release.add_argument(
        "--notebook", action="store_true", help="the form whose tasks are solved in a notebook"
    )
    release.add_argument(
        "--out", type=Path, metavar="DIR", help="default: assignments/; of notebooks, notebooks/"
    )
    release.add_argument(
        "--github", type=Path, metavar="DIR", help="write a template repository for students there"
    )
    release.add_argument(
        "--classroom50", type=Path, metavar="DIR", help="write a bundle for Classroom 50 there"
    )
    release.add_argument(
        "--gradescope", type=Path, metavar="FILE.zip",
        help="write an autograder for Gradescope there, hidden tests and all",
    )  # fmt: skip
    release.add_argument(
        "--nbgrader", type=Path, metavar="COURSE", help="write it into a course of nbgrader's"
    )


def add_verify(commands: Any) -> None:
    """Add `grader verify`."""
    verify = add_command(
        commands, "verify", _verify,
        "prove that an assignment grades as its author intends",
        "grader verify a1_convolution   reference, stub, every known mistake, and what is released",
    )  # fmt: skip
    verify.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="names")
    verify.add_argument("--all", action="store_true", help="every assignment of the course")
    verify.add_argument(
        "--seeds", type=at_least_one, default=3, metavar="K",
        help="under how many seeds of the random tests (default: 3, at least 2)",
    )  # fmt: skip
    add_jobs(verify)
    verify.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    verify.add_argument("--dataset", metavar="NAME", help="default: what the assignment says")


def add_calibrate(commands: Any) -> None:
    """Add `grader calibrate`."""
    calibrate = add_command(
        commands, "calibrate", _calibrate,
        "measure which accuracies right and wrong solutions reach, and propose tiers",
        "grader calibrate a2_softmax --figure accuracy.png   do its tiers hold?",
    )  # fmt: skip
    calibrate.add_argument("assignment", help="its name, or a short form such as a2")
    calibrate.add_argument(
        "--seeds", type=at_least_one, default=20, metavar="K",
        help="train this often with other random numbers (default: 20, at least 5)",
    )  # fmt: skip
    add_jobs(calibrate)
    calibrate.add_argument("--dataset", metavar="NAME", help="default: what the assignment says")
    calibrate.add_argument("--json", action="store_true", help="print one JSON object, only that")
    calibrate.add_argument("--figure", type=_new_png, metavar="FILE.png", help="draw them there")
    calibrate.add_argument(
        "--write", action="store_true", help="put the proposed accuracies into assignment.toml"
    )


def _new_png(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".png" or not path.parent.is_dir():
        raise argparse.ArgumentTypeError("must be a .png file in a folder that exists")
    return path
