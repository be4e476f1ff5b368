"""What the workflows of a central repository run: `github`."""

import argparse
from pathlib import Path
from typing import Any

from grader.commands.common import add_command, at_least_one


def _github(options: argparse.Namespace) -> int:
    from grader.github import collect, publish, roster

    if options.action == "roster":
        return roster.run(options.roster)
    if options.action == "collect":
        return collect.run(options.assignment, options.roster, options.out, shards=options.shards)
    return publish.run(options.roster, options.results, options.place)


def add_github(commands: Any) -> None:
    """Add `grader github`."""
    github = add_command(
        commands, "github", _github,
        "collect a class's repositories, and tell students their grades",
        "grader github collect a1 roster.csv --out class/\n"
        "grader github publish roster.csv graded/ --as issue",
    )  # fmt: skip
    actions = github.add_subparsers(dest="action", metavar="ACTION", required=True)
    roster = add_command(
        actions, "roster", _github,
        "say which repositories a token must lead to",
        "grader github roster roster.csv",
    )  # fmt: skip
    roster.add_argument("roster", type=Path, help="CSV with the columns student, repository[, ref]")
    collect = add_command(
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
        "--shards", type=at_least_one, default=1, metavar="N", help="parts to grade side by side"
    )
    publish = add_command(
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
