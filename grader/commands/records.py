"""What becomes of grades: `export`, and the decisions of `gradebook`."""

import argparse
from pathlib import Path
from typing import Any

from grader.commands.common import add_command
from grader.errors import GraderError


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


def add_export(commands: Any) -> None:
    """Add `grader export`."""
    from grader.exports import EXPLANATION, FORMATS

    export = add_command(
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


def add_gradebook(commands: Any) -> None:
    """Add `grader gradebook`."""
    parser = add_command(
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
        action = add_command(actions, name, _gradebook, summary, f"grader gradebook {name} graded/")
        action.add_argument("out", type=Path, help="a folder that `grader grade` wrote")
        action.add_argument("student", nargs="?", default="", help="only this one's")
        action.add_argument("--json", action="store_true", help="print one JSON object, only that")
    for name, value, such_as, summary in (
        ("override", "POINTS", "87.5", "set a student's score; it survives a regrade"),
        ("comment", "TEXT", '"Neat!"', "tell a student something, on the page with the feedback"),
        ("extension", "TIME", "2026-12-01T23:59+01:00", "give a student another due date"),
    ):
        example = f'grader gradebook {name} graded/ ada {such_as} --reason "seen in class"'
        action = add_command(actions, name, _decide, summary, example)
        action.add_argument("out", type=Path, help="a folder that `grader grade` wrote")
        action.add_argument("student", help="as in grades.csv")
        action.add_argument("value", nargs="?", default="", metavar=value)
        action.add_argument("--remove", action="store_true", help="take back what was decided")
        action.add_argument("--reason", required=True, help="why; students do not see it")
        action.add_argument("--by", default="", metavar="NAME", help="who (default: you)")
        action.add_argument("--json", action="store_true", help="print one JSON object, only that")
