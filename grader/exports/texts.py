"""Make texts that a student may have written harmless to whatever shows them.

Trust: an exception's message, a printed line or a file's name is the student's.
Each format quotes a text in its own way. What no format's quoting stops is done
here, once: escape sequences that steer a terminal, characters that turn the order
of letters around, and lines that GitHub's runner takes for commands when some
later step prints a report to its log.
"""

import re

from grader.raised import clean

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, and moves of the cursor
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles and links
    r"|\x1b[ -/]*[0-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


def readable(text: str) -> str:
    """Return `text` as lines of printable characters, none of them a command."""
    text = clean(_ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n"))
    return _COMMAND.sub(r"\1: ", text).replace("##[", "## [").strip("\n")


def one_line(text: str, longest: int = 200) -> str:
    """Return `text` as one short line."""
    return cut(" ".join(readable(text).split()), longest)


def cut(text: str, longest: int) -> str:
    """Return at most `longest` characters of `text`, and say when there were more."""
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


def number(value: float) -> str:
    """Write points: 75, 0.5, 66.67."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
