"""Take the text of a failure apart, so that a page can lay it out.

    padded differs from what is expected (3 of 9 elements)
      worst: padded[0, 1] is 4, expected 0
      got:      [[0 4 0]
                 [0 7 0]]

has a headline and two details. A text that is not written so keeps its lines.
"""

import re
import textwrap
from dataclasses import dataclass
from typing import Final

_DETAIL: Final = re.compile(r"  ([a-z][a-z ]{0,24}): *(?=\S)")


@dataclass(frozen=True, slots=True)
class Detail:
    """One labelled part of a message."""

    label: str
    text: str

    @property
    def is_block(self) -> bool:
        """Whether its lines must stay as they are."""
        return "\n" in self.text


@dataclass(frozen=True, slots=True)
class Message:
    """What is wrong: a sentence, the labelled details, and whatever has no label."""

    text: str  # all of it, as it was
    headline: str
    details: tuple[Detail, ...] = ()
    rest: str = ""


def take_apart(text: str) -> Message:
    """Return the parts of what a test says."""
    headline, _, below = text.partition("\n")
    details: list[tuple[str, list[str]]] = []
    for line in below.splitlines():
        if found := _DETAIL.match(line):
            details.append((found[1], [" " * found.end() + line[found.end() :]]))
        elif details:
            details[-1][1].append(line)
        else:
            return Message(text, headline, rest=textwrap.dedent(below).strip("\n"))
    return Message(
        text,
        headline,
        tuple(Detail(label, textwrap.dedent("\n".join(lines)).strip()) for label, lines in details),
    )
