"""What this machine has: `doctor` and `data`."""

import argparse
import json
from pathlib import Path
from typing import Any

from grader.commands.common import add_command


def _doctor(options: argparse.Namespace) -> int:
    from grader import doctor

    findings = doctor.examine()
    print(json.dumps(findings) if options.json else doctor.as_text(findings))
    return 0


def _data(options: argparse.Namespace) -> int:
    from grader.data import command

    if options.action == "digits":
        return command.write_digits(options.as_mnist)
    act = {"where": command.where, "verify": command.verify, "fetch": command.fetch}
    return act[options.action](options.name)


def add_doctor(commands: Any) -> None:
    """Add `grader doctor`."""
    doctor = add_command(
        commands, "doctor", _doctor,
        "say what this machine can do, and why not more",
        "grader doctor --json",
    )  # fmt: skip
    doctor.add_argument("--json", action="store_true", help="print it as JSON")


def add_data(commands: Any) -> None:
    """Add `grader data`."""
    _add_data_actions(
        add_command(
            commands, "data", _data,
            "where the data sets are, whether they are intact, and how to get them",
            "grader data fetch mnist",
        )
    )  # fmt: skip


def _add_data_actions(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, summary in (
        ("where", "say which files would be used"),
        ("verify", "compare every file with its published checksum"),
        ("fetch", "download what is missing or damaged into your cache"),
    ):
        action = add_command(actions, name, _data, summary, f"grader data {name} mnist")
        action.add_argument("name", nargs="?", help="of a data set (default: all)")
    digits = add_command(
        actions, "digits", _data,
        "write the digits so that torchvision.datasets.MNIST(DIR) reads them",
        "grader data digits --as-mnist data/",
    )  # fmt: skip
    digits.add_argument("--as-mnist", type=Path, metavar="DIR", required=True)
