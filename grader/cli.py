"""The command line: parse arguments, call one function, choose the exit code.

Exit 0 means yes, 1 means no (a test fails, a release is stale, a grade is
broken), 2 means that it could not be done, 130 that you pressed Ctrl-C.

Each command imports what it needs when it runs, so that `grader --help` is quick.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grader
from grader.errors import GraderError
from grader.threads import ONE_THREAD

if TYPE_CHECKING:
    from grader.classroom import ClassReport
    from grader.course import Assignment
    from grader.reports.terminal import Paint
    from grader.shards import Shard


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except GraderError as error:
        print(f"grader: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("grader: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `grader grade … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


# ---------------------------------------------------------------- commands


def _test(options: argparse.Namespace) -> int:
    os.environ |= ONE_THREAD  # before anything imports numpy
    from grader import practice
    from grader.reports.terminal import practice_report
    from grader.results import Outcome

    assignment = practice.find_own_assignment(options.folder)
    practise = practice.practise_isolated if options.isolated else practice.practise_here
    grade = practise(assignment, select=options.select, pictures=options.pictures)
    if options.json:
        print(json.dumps(grade.to_json()))
    else:
        title = f"{assignment.id}: {assignment.title}"
        print(practice_report(title, grade.results, _paint(), grade.messages))
        if options.pictures:
            drawn = len(list(options.pictures.glob("*.png")))
            print(f"{drawn} pictures of images that are wrong are in {options.pictures}/")
    return 0 if all(result.outcome is Outcome.PASSED for result in grade.results) else 1


def _ci(options: argparse.Namespace) -> int:
    from grader.github.ci import run_ci

    return run_ci(
        options.folder,
        summary_file=options.summary,
        annotations_file=options.annotations,
        page=options.page,
        classroom50_file=options.classroom50,
    )


def _grade(options: argparse.Namespace) -> int:
    from grader.course import find_course, find_reference

    assignment = find_reference(options.assignment, find_course())
    return _grade_folder(assignment, options.submissions, options)


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

    with _progress() as progress:
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
        )
    if report.layout != "plain":
        students = len(report.grades)
        print(
            f"grader: read as a download from {report.layout}: {students} students", file=sys.stderr
        )
    for line in report.unassigned:
        print(f"grader: not assigned to a student: {line}", file=sys.stderr)
    return _show_class(report, options)


def _gradebook(options: argparse.Namespace) -> int:
    from grader import gradebook_command

    act = {"show": gradebook_command.show, "history": gradebook_command.history}[options.action]
    return act(options.out, options.student, as_json=options.json)


def _decide(options: argparse.Namespace) -> int:
    from grader.gradebook import Kind
    from grader.gradebook_command import decide

    if bool(options.value) == options.remove:
        raise GraderError(f"{options.action} takes a value, or --remove")
    return decide(
        options.out,
        options.student,
        Kind(options.action),
        options.value,
        reason=options.reason,
        author=options.by,
        as_json=options.json,
    )


def _diff(options: argparse.Namespace) -> int:
    from grader.diff import diff

    return diff(options.before, options.after, as_json=options.json)


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
        print(class_table(report.grades, _paint()) if report.grades else "no student in this part")
        if report.misconceptions:
            print(f"\n{misconception_table(report.misconceptions, _paint())}\n")
        print(f"{report.graded} graded and {report.cached} unchanged in {report.seconds:.1f} s")
        for name in report.ignored:
            print(f"ignored: {name}, which is no submission")
        out = options.out
        print(f"\nthe class:   {out / 'index.html'}\nto students: {out / 'feedback'}/")
        print(f"grades:      {out / 'grades.csv'}\nresults:     {out / 'results'}/")
    return 1 if any(grade.status is Status.BROKEN for grade in report.grades) else 0


def _release(options: argparse.Namespace) -> int:
    from grader.authoring.release import release, stale
    from grader.course import find_course

    if options.github or options.classroom50 or options.gradescope:
        return _release_elsewhere(options)
    out = options.out or find_course() / "assignments"
    code = 0
    for assignment in _chosen_references(options):
        if options.check:
            old = stale(assignment, out)
            for file in old:
                print(
                    f"{out / assignment.id / file} is stale; run `grader release {assignment.id}`"
                )
            code = 1 if old else code
        else:
            written = release(assignment, out)
            print(f"{out / assignment.id}: {len(written)} files written")
    return code


def _release_elsewhere(options: argparse.Namespace) -> int:
    from grader.github.template import release_bundle, release_repository
    from grader.gradescope.bundle import write_autograder

    assignments = _chosen_references(options)
    if len(assignments) != 1 or options.check or options.out:
        raise GraderError(
            "--github, --classroom50 and --gradescope take one assignment, and nothing else"
        )
    for folder, write in (
        (options.github, release_repository),
        (options.classroom50, release_bundle),
    ):
        if folder is not None:
            print(f"{folder}: {len(write(assignments[0], folder))} files written")
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
    for assignment in _chosen_references(options):
        with _progress() as progress:
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
            print(verification_report(report, _paint()))
    if options.json:
        print(json.dumps(as_json(reports)))
    return 0 if all(report.ok for report in reports) else 1


def _calibrate(options: argparse.Namespace) -> int:
    from grader.authoring.calibrate import calibrate_assignment, write_tiers
    from grader.authoring.calibration_figure import save_figure
    from grader.authoring.calibration_report import calibration_report
    from grader.course import find_course, find_reference

    assignment = find_reference(options.assignment, find_course())
    with _progress() as progress:
        found = calibrate_assignment(
            assignment,
            seeds=options.seeds,
            jobs=options.jobs,
            dataset=options.dataset or assignment.dataset,
            progress=progress,
        )
    print(json.dumps(found.to_json()) if options.json else calibration_report(found, _paint()))
    if options.figure:
        save_figure(found, options.figure)
    if options.write:
        change, found = write_tiers(assignment, found)
        if change and not options.json:
            print(f"{change}\n\nwritten; `grader verify {assignment.id}` and release it again")
    return 0 if found.ok else 1


def _chosen_references(options: argparse.Namespace) -> "list[Assignment]":
    """Return the assignments that were named, or all."""
    from grader.course import assignment_names, find_course, find_reference

    course = find_course()
    names = assignment_names(course / "reference") if options.all else options.assignments
    if not names:
        raise GraderError("name an assignment, or say --all")
    return [find_reference(name, course) for name in names]


def _doctor(options: argparse.Namespace) -> int:
    from grader import doctor

    findings = doctor.examine()
    print(json.dumps(findings) if options.json else doctor.as_text(findings))
    return 0


def _export(options: argparse.Namespace) -> int:
    from grader.exports.command import export

    return export(
        options.format,
        options.results,
        output=options.output,
        student=options.student,
        show_hidden=options.show_hidden,
        template=options.template,
        column=options.column,
    )


def _github(options: argparse.Namespace) -> int:
    from grader.github import collect, publish, roster

    if options.action == "roster":
        return roster.run(options.roster)
    if options.action == "collect":
        return collect.run(options.assignment, options.roster, options.out, shards=options.shards)
    return publish.run(options.roster, options.results, options.place)


def _data(options: argparse.Namespace) -> int:
    from grader.data import command

    if options.action == "digits":
        return command.write_digits(options.as_mnist)
    act = {"where": command.where, "verify": command.verify, "fetch": command.fetch}
    return act[options.action](options.name)


# ---------------------------------------------------------------- output


def _paint() -> "Paint":
    """Return how to colour what goes to stdout: not at all, unless it is a terminal."""
    from grader.reports.terminal import coloured, plain

    return coloured if sys.stdout.isatty() and "NO_COLOR" not in os.environ else plain


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Yield what shows progress: a bar on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from tqdm import tqdm

    with tqdm(unit=" submissions", leave=False, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.n = done
            bar.refresh()

        yield show


# ---------------------------------------------------------------- arguments


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="grader",
        description="Autograded assignments for deep-learning courses.",
        epilog="`grader COMMAND --help` shows a command's options and an example.",
    )
    parser.add_argument("--version", action="version", version=f"grader {grader.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    adders = (
        _add_test, _add_ci, _add_grade, _add_merge, _add_export, _add_gradebook, _add_diff,
        _add_demo, _add_release, _add_verify, _add_calibrate, _add_github, _add_doctor, _add_data,
    )  # fmt: skip
    for add in adders:
        add(commands)
    return parser


def _add_test(commands: Any) -> None:
    test = _command(
        commands, "test", _test,
        "run the public tests on your own work",
        "grader test -k pad2d            only the tests of one task\n"
        "grader test --pictures wrong/   and draw the images that are wrong",
    )  # fmt: skip
    test.add_argument(
        "folder", nargs="?", type=Path, default=Path(), help="your assignment (default: here)"
    )
    test.add_argument("-k", dest="select", default="", metavar="EXPR", help="only matching tests")
    test.add_argument("--isolated", action="store_true", help="in the sandbox, as in a grade")
    test.add_argument("--pictures", type=Path, metavar="DIR", help="save wrong images there")
    test.add_argument("--json", action="store_true", help="print the result as JSON")


def _add_ci(commands: Any) -> None:
    ci = _command(
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


def _add_grade(commands: Any) -> None:
    from grader.submissions import LAYOUTS

    grade = _command(
        commands, "grade", _grade,
        "grade the submissions of a class",
        "grader grade a1_convolution downloads/ --out graded/ --jobs 4\n"
        "grader grade a1_convolution submissions.zip --layout canvas --out graded/",
    )  # fmt: skip
    grade.add_argument("assignment", help="its name, or a short form such as a1")
    grade.add_argument(
        "submissions",
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
    _add_grading_options(grade, Path("grader-results"))


def _add_merge(commands: Any) -> None:
    merge = _command(
        commands, "merge", _merge,
        "put the parts together that `grader grade --shard` graded",
        "grader merge graded-1/ graded-2/ graded-3/ --out graded/",
    )  # fmt: skip
    merge.add_argument("parts", nargs="+", type=Path, metavar="OUT", help="each part's results")
    merge.add_argument("--out", type=Path, required=True, metavar="DIR", help="write here")
    merge.add_argument("--json", action="store_true", help="print one JSON object, nothing else")


def _add_export(commands: Any) -> None:
    from grader.exports import EXPLANATION, FORMATS

    export = _command(
        commands, "export", _export,
        "write grades for a learning platform, CI or a spreadsheet",
        "grader export canvas graded/ --template gradebook.csv -o upload.csv\n"
        "grader export gradescope graded/results/ada.json -o results.json\n"
        'grader export github graded/results/ada.json -o "$GITHUB_STEP_SUMMARY"',
    )  # fmt: skip
    listed = "\n".join(f"  {name:<12} {about}" for name, about in FORMATS.items())
    export.epilog = f"formats:\n{listed}\n\n{EXPLANATION}\n\n{export.epilog}"
    export.add_argument("format", choices=FORMATS, metavar="FORMAT", help="one of those below")
    export.add_argument(
        "results", type=Path, help="a folder that `grader grade` wrote, or a result file in it"
    )
    export.add_argument("--student", default="", metavar="NAME", help="only this one's result")
    export.add_argument("--show-hidden", action="store_true", help="quote hidden tests in full")
    export.add_argument(
        "--template", type=Path, metavar="FILE", help="the platform's own export, to be filled in"
    )
    export.add_argument(
        "--column", default="", metavar="TITLE", help="of the template, if several could be meant"
    )
    export.add_argument(
        "-o", dest="output", type=Path, metavar="FILE",
        help="write there (default: stdout); a folder for a file of each student",
    )  # fmt: skip


def _add_gradebook(commands: Any) -> None:
    parser = _command(
        commands, "gradebook", _gradebook,
        "look at the grades of a class, and decide about one of them",
        'grader gradebook override graded/ ada 85 --reason "graded by hand"\n'
        'grader gradebook extension graded/ ada 2026-12-03T23:59+01:00 --reason "was ill"\n'
        "grader gradebook show graded/ ada",
    )  # fmt: skip
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, summary in (
        ("show", "say what counts, and which decisions are behind it"),
        ("history", "list every grade and every decision, with who, when and why"),
    ):
        action = _command(actions, name, _gradebook, summary, f"grader gradebook {name} graded/")
        action.add_argument("out", type=Path, help="a folder that `grader grade` wrote")
        action.add_argument("student", nargs="?", default="", help="only this one's")
        action.add_argument("--json", action="store_true", help="print one JSON object, only that")
    for name, value, summary in (
        ("override", "POINTS", "set a student's score; it survives a regrade"),
        ("comment", "TEXT", "tell a student something, on the page with the feedback"),
        ("extension", "TIME", "give a student another due date"),
    ):
        example = f'grader gradebook {name} graded/ ada {value} --reason "…"'
        action = _command(actions, name, _decide, summary, example)
        action.add_argument("out", type=Path, help="a folder that `grader grade` wrote")
        action.add_argument("student", help="as in grades.csv")
        action.add_argument("value", nargs="?", default="", metavar=value)
        action.add_argument("--remove", action="store_true", help="take back what was decided")
        action.add_argument("--reason", required=True, help="why; students do not see it")
        action.add_argument("--by", default="", metavar="NAME", help="who (default: you)")
        action.add_argument("--json", action="store_true", help="print one JSON object, only that")


def _add_diff(commands: Any) -> None:
    diff = _command(
        commands, "diff", _diff,
        "say whose grade differs between two runs, and because of which test",
        "grader diff graded-before/ graded/",
    )  # fmt: skip
    diff.add_argument("before", type=Path, metavar="OUT_A", help="a folder of results")
    diff.add_argument("after", type=Path, metavar="OUT_B", help="another one")
    diff.add_argument("--json", action="store_true", help="print one JSON object, nothing else")


def _add_demo(commands: Any) -> None:
    demo = _command(
        commands, "demo", _demo, "grade the example class that comes with a clone", "grader demo"
    )
    demo.set_defaults(shard=None, layout="plain", times=None)
    _add_grading_options(demo, Path("demo-results"))


def _add_release(commands: Any) -> None:
    release = _command(
        commands, "release", _release,
        "write the students' version of an assignment",
        "grader release a1_convolution   into assignments/\n"
        "grader release --all --check    is anything there out of date?\n"
        "grader release a1_convolution --gradescope autograder.zip",
    )  # fmt: skip
    release.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="names")
    release.add_argument("--all", action="store_true", help="every assignment of the course")
    release.add_argument("--check", action="store_true", help="write nothing; 1 if stale")
    release.add_argument("--out", type=Path, metavar="DIR", help="default: assignments/")
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


def _add_verify(commands: Any) -> None:
    verify = _command(
        commands, "verify", _verify,
        "prove that an assignment grades as its author intends",
        "grader verify a1_convolution   reference, stub, every known mistake, and what is released",
    )  # fmt: skip
    verify.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="names")
    verify.add_argument("--all", action="store_true", help="every assignment of the course")
    verify.add_argument(
        "--seeds", type=_at_least_one, default=3, metavar="K",
        help="under how many seeds of the random tests (default: 3, at least 2)",
    )  # fmt: skip
    _add_jobs(verify)
    verify.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    verify.add_argument("--dataset", metavar="NAME", help="default: what the assignment says")


def _add_calibrate(commands: Any) -> None:
    calibrate = _command(
        commands, "calibrate", _calibrate,
        "measure which accuracies right and wrong solutions reach, and propose tiers",
        "grader calibrate a2_softmax --figure accuracy.png   do its tiers hold?",
    )  # fmt: skip
    calibrate.add_argument("assignment", help="its name, or a short form such as a2")
    calibrate.add_argument(
        "--seeds", type=_at_least_one, default=20, metavar="K",
        help="train this often with other random numbers (default: 20, at least 5)",
    )  # fmt: skip
    _add_jobs(calibrate)
    calibrate.add_argument("--dataset", metavar="NAME", help="default: what the assignment says")
    calibrate.add_argument("--json", action="store_true", help="print one JSON object, only that")
    calibrate.add_argument("--figure", type=_new_png, metavar="FILE.png", help="draw them there")
    calibrate.add_argument(
        "--write", action="store_true", help="put the proposed accuracies into assignment.toml"
    )


def _add_doctor(commands: Any) -> None:
    doctor = _command(
        commands, "doctor", _doctor,
        "say what this machine can do, and why not more",
        "grader doctor --json",
    )  # fmt: skip
    doctor.add_argument("--json", action="store_true", help="print it as JSON")


def _add_github(commands: Any) -> None:
    github = _command(
        commands, "github", _github,
        "collect a class's repositories, and tell students their grades",
        "grader github collect a1 roster.csv --out class/\n"
        "grader github publish roster.csv graded/ --as issue",
    )  # fmt: skip
    actions = github.add_subparsers(dest="action", metavar="ACTION", required=True)
    roster = _command(
        actions, "roster", _github,
        "say which repositories a token must lead to",
        "grader github roster roster.csv",
    )  # fmt: skip
    roster.add_argument("roster", type=Path, help="CSV with the columns student, repository[, ref]")
    collect = _command(
        actions, "collect", _github,
        "fetch each student's repository; reads $STUDENTS_TOKEN",
        "grader github collect a1 roster.csv --out class/ --shards 4",
    )  # fmt: skip
    collect.add_argument("assignment", help="its name, or a short form such as a1")
    collect.add_argument(
        "roster", type=Path, help="CSV with the columns student, repository[, ref]"
    )
    collect.add_argument("--out", type=Path, required=True, metavar="DIR", help="write here")
    collect.add_argument(
        "--shards", type=_at_least_one, default=1, metavar="N", help="parts to grade side by side"
    )
    publish = _command(
        actions, "publish", _github,
        "write each student's feedback into their repository; reads $STUDENTS_TOKEN",
        "grader github publish roster.csv graded/ --as pull-request",
    )  # fmt: skip
    publish.add_argument("roster", type=Path, help="the roster that was collected")
    publish.add_argument("results", type=Path, help="a folder that grade or merge wrote")
    publish.add_argument(
        "--as", dest="place", choices=["issue", "pull-request"], default="issue",
        help="an issue (default), or a comment in the oldest open pull request",
    )  # fmt: skip


def _add_data(commands: Any) -> None:
    _add_data_actions(
        _command(
            commands, "data", _data,
            "where the data sets are, whether they are intact, and how to get them",
            "grader data fetch mnist",
        )
    )  # fmt: skip


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], summary: str, example: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"example:\n  {example.replace(chr(10), chr(10) + '  ')}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _add_data_actions(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, summary in (
        ("where", "say which files would be used"),
        ("verify", "compare every file with its published checksum"),
        ("fetch", "download what is missing or damaged into your cache"),
    ):
        action = _command(actions, name, _data, summary, f"grader data {name} mnist")
        action.add_argument("name", nargs="?", help="of a data set (default: all)")
    digits = _command(
        actions, "digits", _data,
        "write the digits so that torchvision.datasets.MNIST(DIR) reads them",
        "grader data digits --as-mnist data/",
    )  # fmt: skip
    digits.add_argument("--as-mnist", type=Path, metavar="DIR", required=True)


def _add_grading_options(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument(
        "--out", type=Path, default=out, metavar="DIR", help=f"write here (default: {out}/)"
    )
    _add_jobs(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--dataset", metavar="NAME", help="default: what the assignment says")
    parser.add_argument(
        "--require-sandbox", choices=["full", "reduced", "none"], default="reduced",
        metavar="TIER", help="full, reduced (default) or none: refuse to grade in a weaker one",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs", type=_at_least_one, default=os.cpu_count() or 1, metavar="N",
        help="submissions graded at the same time (default: one for each core)",
    )  # fmt: skip


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a number, at least 1")
    return int(text)


def _shard(text: str) -> "Shard":
    from grader.shards import Shard

    try:
        return Shard.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _new_png(text: str) -> Path:
    path = Path(text)
    if path.suffix != ".png" or not path.parent.is_dir():
        raise argparse.ArgumentTypeError("must be a .png file in a folder that exists")
    return path
