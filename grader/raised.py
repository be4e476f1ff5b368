"""What a submission raised in a worker, as an exception of this process.

Trust: a worker's description of an exception is a claim. It becomes an ordinary
exception with a clean, bounded text, or a sentence that says it is none.
"""

import builtins
import contextlib
from typing import Final, cast

from grader.errors import UnusableError

INTERFERED: Final = "the submission interfered with the grader's connection"

_MAX_TEXT: Final = 4000


class StudentError(Exception):
    """An exception that a submission raised in a worker.

    When it was a built-in one (`ValueError`, ...) the object raised here is an
    instance of that class too, so that `pytest.raises(ValueError)` means the same
    in both settings.
    """

    def __init__(self, message: str, *, function: str, kind: str, place: str) -> None:
        super().__init__(message)
        self.function = function  # what was called
        self.kind = kind  # the exception's own type, built-in or not
        self.place = place  # file, line and text, or ""

    @property
    def sentence(self) -> str:
        """What happened, in full."""
        where = f"\n  at {self.place}" if self.place else ""
        return f"{self.function} raised {self.kind}: {self}{where}"

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would quote it a second time


class MissingAttributeError(StudentError, AttributeError):
    """An attribute that an object of the submission does not have."""

    def __init__(self, type_name: str, attribute: str) -> None:
        message = missing_attribute(type_name, attribute)
        super().__init__(message, function=type_name, kind="AttributeError", place="")

    @property
    def sentence(self) -> str:
        """What is missing."""
        return str(self)


def missing_attribute(type_name: str, attribute: str) -> str:
    """Say that the objects of a submission's class lack an attribute."""
    return f"{type_name} has no attribute {attribute!r}"


def clean(text: str) -> str:
    """Return `text` without control characters, which could rewrite a terminal."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def claimed_text(value: object) -> str:
    """Return what should be a text, cleaned and cut."""
    return clean(value[:_MAX_TEXT]) if type(value) is str else "gave no reason"


def as_raised(function: str, claim: object) -> Exception:
    """Make an exception of a worker's description of one."""
    if type(claim) is not dict:
        return UnusableError(INTERFERED)
    message = claimed_text(claim.get("message"))
    facts = {
        "function": function,
        "kind": claimed_text(claim.get("type")),
        "place": claimed_text(claim.get("place", "")),
    }
    builtin = getattr(builtins, claimed_text(claim.get("builtin")), None)
    # One that means "no more items" could end a test's own loop early.
    ends_loops = builtin in (StopIteration, StopAsyncIteration)
    if isinstance(builtin, type) and issubclass(builtin, Exception) and not ends_loops:
        with contextlib.suppress(TypeError, ValueError):  # a few, such as UnicodeError, want more
            both = type(builtin.__name__, (StudentError, builtin), {})
            return cast("StudentError", both(message, **facts))
    return StudentError(message, **facts)  # SystemExit, pytest's Skipped, a class of their own
