"""Write numbers and times for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from grader.exports.texts import number

_FACTS: Final = {
    "dataset": "data set",
    "sandbox": "isolation",
    "python": "Python",
    "numpy": "NumPy",
    "torch": "PyTorch",
    "cuda": "CUDA device",
    "grader": "grader",
}


def when(moment: str) -> str:
    """Write a time for people: "24 November 2026, 08:58 UTC"."""
    parsed = datetime.fromisoformat(moment)
    return f"{parsed.day} {parsed:%B %Y, %H:%M %Z}".rstrip()


def counted(amount: float, noun: str) -> str:
    """Write a number and its noun: "1 test", "2.5 points"."""
    return f"{number(amount)} {noun}" if amount == 1 else f"{number(amount)} {noun}s"


def facts(environment: Mapping[str, str]) -> dict[str, str]:
    """Name what a grade says of how it was made."""
    return {word: environment[key] for key, word in _FACTS.items() if key in environment}
