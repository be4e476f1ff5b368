"""What a failed check carries: what is wrong, a hint, and perhaps a picture."""

from dataclasses import dataclass
from typing import Any

from grader.checks.picture import Picture


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a student's function gave where something else was right.

    Attributes
    ----------
    name : str
        What the message calls it.
    value : object
        Whatever it is; only exact types of data may be looked into.
    """

    name: str
    value: Any


class CheckFailure(AssertionError):  # noqa: N818  (a wrong answer, not an error of the program)
    """A student's function gave something wrong.

    Attributes
    ----------
    message : str
        What is wrong, how much of it, and where.
    hint : str
        What to think about; empty when there is nothing to add.
    picture : Picture or None
        What to look at, when looking says more than reading.
    share : float
        The fraction of the test's points that is earned all the same.
    answer : Answer or None
        The wrong answer itself, by which a known mistake is recognised.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        picture: Picture | None = None,
        *,
        share: float = 0.0,
        answer: Answer | None = None,
    ) -> None:
        super().__init__(message, hint, picture)
        self.message = message
        self.hint = hint
        self.picture = picture
        self.share = share
        self.answer = answer

    def __str__(self) -> str:
        """Give the message, and below it the hint."""
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message
