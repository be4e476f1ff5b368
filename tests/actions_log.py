"""Read a step's log as GitHub's runner reads it."""

import re
from dataclasses import dataclass

_COMMAND = re.compile(r"::(?P<kind>[A-Za-z-]+)(?: (?P<properties>[^:]*))?::(?P<message>.*)")
_CODES = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


@dataclass(frozen=True)
class Command:
    """What a line of the log tells the runner to do."""

    kind: str
    properties: dict[str, str]
    message: str


def commands(log: str) -> list[Command]:
    """Return the commands that the runner obeys; between a stop and its end there is none."""
    found, stopped = [], ""
    for line in map(str.strip, log.splitlines()):
        if stopped:
            stopped = "" if line == f"::{stopped}::" else stopped
        elif line.startswith("::stop-commands::"):
            stopped = line.removeprefix("::stop-commands::")
        elif match := _COMMAND.match(line):
            pairs = [pair.split("=", 1) for pair in (match["properties"] or "").split(",") if pair]
            properties = {name: _unescaped(value) for name, value in pairs}
            found.append(Command(match["kind"], properties, _unescaped(match["message"])))
        elif "##[" in line:
            found.append(Command("old", {}, line))
    assert not stopped, "the runner would take no command of a later step"
    return found


def _unescaped(text: str) -> str:
    for code, mark in _CODES:
        text = text.replace(code, mark)
    return text
