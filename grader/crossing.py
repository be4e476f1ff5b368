"""What may cross the boundary between the grader and a student's code.

Data crosses as a copy. An object that is no data stays in the worker: a handle
crosses in its place, a number that means nothing but "send this number back".

Trust: a handle from a worker is a claim like all the rest. Its number may be
forged, repeated or stale; whoever gets it back can only answer wrongly to itself.
Its type name is a text that somebody made up.
"""

from typing import Any, Final, NamedTuple, Protocol

MAX_TEXT: Final = 64 * 1024
MAX_DEPTH: Final = 32
MAX_DIMENSIONS: Final = 8
MAX_INTEGER_BITS: Final = 1024
MAX_HANDLE: Final = 2**31 - 1
MAX_TYPE_NAME: Final = 100  # characters
DTYPES: Final = frozenset(
    "|b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split(" ")  # noqa: SIM905
)
SCALARS: Final = (str, int, float, bool, type(None))


class NotDataError(TypeError):
    """A value that cannot cross the process boundary; the message names its type."""


class Handle(NamedTuple):
    """What crosses in place of an object that stays in the worker."""

    number: int
    type_name: str = ""
    is_callable: bool = False


class Handles(Protocol):
    """Who knows, at one end of a connection, which object a handle stands for."""

    def hand_out(self, value: object) -> Handle:
        """Return the handle of an object; raise `NotDataError` if there is none."""

    def resolve(self, handle: Handle) -> object:
        """Return the object of a handle; raise `ProtocolError` if there is none."""


class Request(NamedTuple):
    """What the grader asks of a worker. It crosses as a tuple: asking often must be cheap.

    What is called is the function `name` of the module `owner`, the method `name` of
    the object `owner`, the object itself if `name` is empty, or one of the worker's
    own operations if there is no owner.
    """

    token: str  # which the reply must repeat
    owner: Any
    name: str
    args: list[Any]
    kwargs: dict[str, Any]
    callbacks: list[int | str]  # the positions at which a function of the grader's side is meant
    observe: bool  # whether to tell what became of the arguments
    forget: bool  # whether a test begins, so that objects of earlier ones can go


class Proxy:
    """What stands in the grader for an object that stays in a worker.

    Its own attributes have the names of special methods, which are never looked
    up in the worker: every other name is free for the student's.
    """

    __slots__ = ("__handle__", "__weakref__")
    __handle__: Handle


def is_unicode(text: str) -> bool:
    """Whether a text can be written in UTF-8: it has no lone surrogate."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
