"""What GitHub's runner offers a step: files to write to, and a log that it reads.

A line `::error …::…` in the log is a command to the runner. Between a
`::stop-commands::<token>` and its `::<token>::` it takes none, and only this process
knows the token: that is where students' code runs.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from grader.errors import GraderError

# What a step's own processes may write to or ask for, and a student's code may not.
_OURS: Final = ("GITHUB_", "ACTIONS_", "RUNNER_", "INPUT_")


def is_runner() -> bool:
    """Whether this process is a step of a workflow."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def without_runner(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that does not lead to the runner's files and tokens."""
    return {name: value for name, value in environment.items() if not name.startswith(_OURS)}


@contextmanager
def stopped_commands() -> Iterator[None]:
    """Let the runner take nothing in the log for a command meanwhile."""
    if not is_runner():
        yield
        return
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        print(f"::{token}::", flush=True)


def add_summary(text: str) -> bool:
    """Add to the step's summary, if there is a runner that shows one."""
    return _append("GITHUB_STEP_SUMMARY", text)


def set_outputs(outputs: Mapping[str, str]) -> bool:
    """Set the step's outputs, if there is a runner that reads them.

    Raises
    ------
    ValueError
        If a value has more than one line, which could set another output.
    """
    if any(len(f"{name}={value}".splitlines()) != 1 for name, value in outputs.items()):
        raise ValueError("an output of a step must be one line")
    return _append("GITHUB_OUTPUT", "".join(f"{n}={value}\n" for n, value in outputs.items()))


def _append(variable: str, text: str) -> bool:
    name = os.environ.get(variable)
    if not name:
        return False
    try:
        with Path(name).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise GraderError(
            f"cannot write {name} ({error.strerror}); unset {variable}, or let it name a file"
        ) from error
    return True
