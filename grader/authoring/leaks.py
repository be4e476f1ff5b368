"""Refuse to release a line of a solution, or the name of a hidden test.

Solutions leak by copying: a line pasted into the handout, an expected value
computed as the solution computes it, a region of one file repeated in another.
Lines are compared without their white space. Lines that anyone would write
alike (a loop over a range, an empty array, a check of an argument) may appear
anywhere; it must not take a rename to release a blameless assignment.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from grader.errors import GraderError

_SHORTEST = 12
_OPERATION = re.compile(r"[-+*/@%&|^~<>]|[=!]=|[\w)\]]\(")
_MAKERS = "array|arange|asarray|astype|empty|empty_like|float64|len|default_rng|ones|ones_like"
_COMMON = re.compile(
    r"#.*"
    r"|(import|from|raise|def|async def|class|assert|print)\b.*"
    r"|(for .* in )(range|zip|enumerate|reversed)\([\w., ]*\):"
    r"|(el)?if (not )?(len\([\w.]*\)|isinstance\([\w., ()|]*\)|[^()+*/@%-])*:"
    rf"|[\w, ]+ = [\w.]*\b({_MAKERS}|zeros|zeros_like)\([\w., ()=]*\)"
    r"|([\w, ]+ = |with )?[\w.]+\(\):?"  # loss.backward(), with torch.no_grad():
    r"|[\w.]+\.append\([\w.]+\)"
    r"|[rfb]*(\"[^\"]*\"|'[^']*'),?"  # a message
)


@dataclass(frozen=True, slots=True)
class Secret:
    """One line that must not be released, and where it is from."""

    where: str  # "losses.py:31"
    line: str


def demand_no_leak(
    secrets: Iterable[Secret], hidden_tests: Iterable[str], released: Mapping[str, str]
) -> None:
    """Raise if a released text holds a solution's line or a hidden test's name.

    Parameters
    ----------
    secrets : iterable of Secret
        The solutions' lines; the common ones among them are let through.
    hidden_tests : iterable of str
        Names of test functions.
    released : mapping of str to str
        Name and content of each text file that students receive.
    """
    telling = [secret for secret in secrets if is_telling(secret.line)]
    names = list(hidden_tests)
    for file, text in released.items():
        squeezed = _squeeze(text)
        for secret in telling:
            position = squeezed.find(_squeeze(secret.line))
            if position >= 0:
                raise GraderError(
                    f"{secret.where}: the solution's line {secret.line.strip()!r} is in the"
                    f" released {file}:{_line_at(text, position)}; reword one of them"
                )
        for name in names:
            if re.search(rf"\b{re.escape(name)}\b", text):
                raise GraderError(
                    f"the hidden test {name!r} is named in the released {file}; rename one of them"
                )


def is_telling(line: str) -> bool:
    """Tell whether a line of a solution would give something away."""
    line = line.strip()
    return (
        len(line) >= _SHORTEST
        and _OPERATION.search(line) is not None
        and _COMMON.fullmatch(line) is None
    )


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _line_at(text: str, position: int) -> int:
    """Return the line number of a position in the squeezed text."""
    ends = list(accumulate(len(_squeeze(line)) for line in text.split("\n")))
    return bisect_right(ends, position) + 1
