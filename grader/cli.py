"""The command line: parse arguments, call one function, choose the exit code.

Exit 0 means yes, 1 means no (a test fails, a release is stale, a grade is
broken), 2 means that it could not be done, 130 that you pressed Ctrl-C.

Each command imports what it needs when it runs, so that `grader --help` is quick.
"""

import argparse
import os
import sys
from collections.abc import Callable

import grader
from grader.commands import authoring, grading, hosting, machine, practice, records
from grader.errors import GraderError


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="grader",
        description="Autograded assignments for deep-learning courses.",
        epilog="`grader COMMAND --help` shows a command's options and an example.",
    )
    parser.add_argument("--version", action="version", version=f"grader {grader.__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    adders = (
        practice.add_test,
        practice.add_ci,
        grading.add_grade,
        grading.add_merge,
        records.add_export,
        records.add_gradebook,
        grading.add_diff,
        grading.add_demo,
        authoring.add_release,
        authoring.add_verify,
        authoring.add_calibrate,
        hosting.add_github,
        machine.add_doctor,
        machine.add_data,
    )
    for add in adders:
        add(commands)
    return parser
