"""Answer calls with a student's code, inside the sandbox.

This is the only process that runs a submission. It holds nothing worth
stealing: no test, no reference, no label, no other student's work. It is
started confined (`grader.sandbox.zygote`), receives the sources as bytes, and
then answers one request at a time.

Trust: whoever reads these answers must believe none of them. The student's code
runs in this very interpreter and can change every line below.
"""

import functools
import io
import itertools
import operator
import sys
from collections.abc import Callable, Iterator, Mapping
from types import MethodType
from typing import Any, Final

import numpy as np

from grader.crossing import MAX_DEPTH, Handle, NotDataError, Request
from grader.errors import ClosedError, ProtocolError, UnusableError
from grader.protocol import Channel
from grader.sources import SourceModules, message_of
from grader.tensors import as_array

MAX_ITEMS: Final = 10_000  # of a generator, which crosses as a list
MAX_OBJECTS: Final = 100_000  # that a test may have handles of

OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "get": getattr,
    "set": setattr,
    "item": operator.getitem,
    "len": len,
    "iter": iter,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "pow": operator.pow,
    "matmul": operator.matmul,
    "neg": operator.neg,
    "abs": abs,
}


def serve(channel: Channel) -> None:
    """Receive the sources, then answer calls until the other end is closed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # what was printed arrives before the answer
    try:
        modules = SourceModules(channel.receive())
        modules.install()
        channel.handles = objects = Objects()
        desk = _Desk(channel, modules, objects)
        while True:
            desk.answer(Request(*channel.receive()))
    except ClosedError:
        return


class Objects:
    """The objects that the grader has handles of, since the current test began."""

    def __init__(self) -> None:
        self._objects: dict[int, object] = {}  # by their numbers
        self._numbers: dict[int, int] = {}  # by their ids, which stay theirs while they are kept
        self._next_number = itertools.count()

    def hand_out(self, value: object) -> Handle:
        """Keep an object, and return its handle; one object has one number."""
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MAX_OBJECTS:
                raise NotDataError(f"one object more than the {MAX_OBJECTS:,} that a test may hold")
            number = next(self._next_number)
            self._objects[number] = value
            self._numbers[id(value)] = number
        return Handle(number, type(value).__name__, callable(value))

    def resolve(self, handle: Handle) -> object:
        """Return the object of a handle."""
        try:
            return self._objects[handle.number]
        except KeyError:
            raise ProtocolError("a handle that stands for no object") from None

    def forget(self) -> None:
        """Let go of all objects; their numbers are never used again."""
        self._objects.clear()
        self._numbers.clear()


class _Desk:
    """Where requests are answered; a request may come in while another one is under way."""

    def __init__(self, channel: Channel, modules: SourceModules, objects: Objects) -> None:
        self._channel = channel
        self._modules = modules
        self._objects = objects
        self._under_way = ""  # the id of the innermost request

    def answer(self, request: Request) -> None:
        """Send one reply: it holds `value`, `raised`, `refused` or `unusable`."""
        if request.forget:
            self._objects.forget()
        outer, self._under_way = self._under_way, request.token
        reply = self._call(request)
        self._under_way = outer
        identity = {"id": request.token}
        try:
            self._channel.send(identity | reply)
        except (NotDataError, RecursionError, MemoryError) as error:
            plain = isinstance(error, NotDataError)
            what = str(error) if plain else "a value too large to hand over"
            self._channel.send(identity | {"refused": what})

    def _call(self, request: Request) -> dict[str, Any]:
        owner, name = request.owner, request.name
        try:
            # A text is no object of the submission's: it would have crossed as data.
            function = self._modules.function(owner, name) if type(owner) is str else None
        except UnusableError as error:
            return {"unusable": message_of(error)}
        arguments, named = self._arguments(request)
        try:
            value = finished((function or _find(owner, name))(*arguments, **named))
        except BaseException as error:  # whatever a student raises
            return {"raised": self._describe(error)}
        if owner is None and name == "get" and _is_method(value, of=arguments[0]):
            return {"value": None, "method": True}
        if request.observe:
            data = [None if isinstance(a, functools.partial) else a for a in arguments]
            return {"value": value, "arguments": data, "shares_memory": shares(value, arguments)}
        return {"value": value}

    def _arguments(self, request: Request) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments, with what calls back where the test handed in a function."""
        arguments, named = request.args, request.kwargs
        for position in request.callbacks:
            callback = functools.partial(self._call_back, request.token, position)
            if isinstance(position, int):
                arguments[position] = callback
            else:
                named[position] = callback
        return arguments, named

    def _call_back(self, token: str, position: int | str, *arguments: Any) -> Any:
        """Call a function of the test, which stays on the other side."""
        if token != self._under_way:
            raise RuntimeError(
                "a function of the test can only be called during the call that it was given to"
            )
        self._channel.send({"id": token, "callback": position, "args": list(arguments)})
        while True:
            reply = self._channel.receive()
            if type(reply) is dict:
                return reply["value"]
            self.answer(Request(*reply))  # the test's function calls the submission in turn

    def _describe(self, error: BaseException) -> dict[str, str]:
        bases = (c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins")
        return {
            "type": type(error).__name__,
            "builtin": next(bases),
            "message": message_of(error),
            "place": self._modules.place(error),
        }


def _find(owner: Any, name: str) -> Callable[..., Any]:
    """Return what a request asks for, if that is no function of a module."""
    if owner is None:
        return OPERATIONS[name]
    found: Callable[..., Any] = getattr(owner, name) if name else owner
    return found


def _is_method(value: object, *, of: object) -> bool:
    """Whether an attribute is a method: it is called by its name, and needs no handle."""
    return type(value) is MethodType and value.__self__ is of


def finished(value: Any) -> Any:
    """Run a generator to its end: it crosses as a list."""
    if not isinstance(value, Iterator):
        return value
    items = list(itertools.islice(value, MAX_ITEMS + 1))
    if len(items) > MAX_ITEMS:
        raise ValueError(f"a generator of more than {MAX_ITEMS:,} items")
    return items


def shares(value: object, arguments: list[Any], depth: int = MAX_DEPTH) -> bool:
    """Whether an array or tensor in `value` shares memory with an argument."""
    if isinstance(value, list | tuple):
        return depth > 0 and any(shares(part, arguments, depth - 1) for part in value)
    array = as_array(value)
    return array is not None and any(
        np.may_share_memory(array, given) for given in map(as_array, arguments) if given is not None
    )
