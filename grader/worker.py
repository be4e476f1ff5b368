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
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from grader.codec import MAX_DEPTH, NotDataError
from grader.errors import ClosedError, UnusableError
from grader.protocol import Channel
from grader.sources import SourceModules, message_of

MAX_ITEMS: Final = 10_000  # of a generator, which crosses as a list


def serve(channel: Channel) -> None:
    """Receive the sources, then answer calls until the other end is closed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # what was printed arrives before the answer
    try:
        modules = SourceModules(channel.receive())
        modules.install()
        desk = _Desk(channel, modules)
        while True:
            desk.answer(channel.receive())
    except ClosedError:
        return


class _Desk:
    """Where requests are answered; a request may come in while another one is under way."""

    def __init__(self, channel: Channel, modules: SourceModules) -> None:
        self._channel = channel
        self._modules = modules

    def answer(self, request: Mapping[str, Any]) -> None:
        """Send one reply: it holds `value`, `raised` or `unusable`."""
        identity = {"id": request["id"]}
        reply = self._call(request)
        try:
            self._channel.send(identity | reply)
        except (NotDataError, RecursionError, MemoryError) as error:
            plain = isinstance(error, NotDataError)
            what = str(error) if plain else "a value too large to hand over"
            sentence = f"{request['function']} returned {what}; return numbers, arrays or lists"
            self._channel.send(identity | {"unusable": f"{sentence} of them"})

    def _call(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            function = self._modules.function(request["module"], request["function"])
        except UnusableError as error:
            return {"unusable": message_of(error)}
        arguments: list[Any] = list(request["args"])
        named: dict[str, Any] = dict(request["kwargs"])
        for position in request["callbacks"]:
            callback = functools.partial(self._call_back, request["id"], position)
            if isinstance(position, int):
                arguments[position] = callback
            else:
                named[position] = callback
        try:
            value = finished(function(*arguments, **named))
        except BaseException as error:  # whatever a student raises
            return {"raised": self._describe(error)}
        if request["observe"]:
            data = [None if isinstance(a, functools.partial) else a for a in arguments]
            return {"value": value, "arguments": data, "shares_memory": shares(value, arguments)}
        return {"value": value}

    def _call_back(self, identity: str, position: int | str, *arguments: Any) -> Any:
        """Call a function of the test, which stays on the other side."""
        self._channel.send({"id": identity, "callback": position, "args": list(arguments)})
        while True:
            reply = self._channel.receive()
            if "value" in reply:
                return reply["value"]
            self.answer(reply)  # the test's function calls the submission in turn

    def _describe(self, error: BaseException) -> dict[str, str]:
        bases = (c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins")
        return {
            "type": type(error).__name__,
            "builtin": next(bases),
            "message": message_of(error),
            "place": self._modules.place(error),
        }


def finished(value: Any) -> Any:
    """Run a generator to its end: it crosses as a list."""
    if not isinstance(value, Iterator):
        return value
    items = list(itertools.islice(value, MAX_ITEMS + 1))
    if len(items) > MAX_ITEMS:
        raise ValueError(f"a generator of more than {MAX_ITEMS:,} items")
    return items


def shares(value: object, arguments: list[Any], depth: int = MAX_DEPTH) -> bool:
    """Whether an array in `value` shares memory with an argument."""
    if isinstance(value, list | tuple):
        return depth > 0 and any(shares(part, arguments, depth - 1) for part in value)
    return isinstance(value, np.ndarray) and any(
        isinstance(argument, np.ndarray) and np.may_share_memory(value, argument)
        for argument in arguments
    )
