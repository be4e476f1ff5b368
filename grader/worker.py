"""Answer calls with a student's code, inside the sandbox.

This is the only process that runs a submission. It holds nothing worth
stealing: no test, no reference, no label, no other student's work. It is
started confined (`grader.sandbox.zygote`), receives the sources as bytes, and
then answers one request at a time.

Trust: whoever reads these answers must believe none of them. The student's code
runs in this very interpreter and can change every line below.
"""

import io
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.codec import MAX_DEPTH, NotDataError
from grader.errors import ClosedError, UnusableError
from grader.protocol import Channel
from grader.sources import SourceModules, message_of


def serve(channel: Channel) -> None:
    """Receive the sources, then answer calls until the other end is closed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # what was printed arrives before the answer
    try:
        modules = SourceModules(channel.receive())
        modules.install()
        while True:
            request = channel.receive()
            _answer(channel, request, _call(modules, request))
    except ClosedError:
        return


def _answer(channel: Channel, request: Mapping[str, Any], reply: dict[str, Any]) -> None:
    identity = {"id": request["id"]}
    try:
        channel.send(identity | reply)
    except (NotDataError, RecursionError, MemoryError) as error:
        reason = str(error) if isinstance(error, NotDataError) else "a value too large to hand over"
        sentence = (
            f"{request['function']} returned {reason}; return numbers, arrays or lists of them"
        )
        channel.send(identity | {"unusable": sentence})


def _call(modules: SourceModules, request: Mapping[str, Any]) -> dict[str, Any]:
    """Call the function asked for; a reply holds `value`, `raised` or `unusable`."""
    try:
        function = modules.function(request["module"], request["function"])
    except UnusableError as error:
        return {"unusable": message_of(error)}
    arguments: list[Any] = request["args"]
    try:
        value = function(*arguments, **request["kwargs"])
    except BaseException as error:  # whatever a student raises
        return {"raised": _describe(modules, error)}
    if request["observe"]:
        return {"value": value, "arguments": arguments, "shares_memory": shares(value, arguments)}
    return {"value": value}


def _describe(modules: SourceModules, error: BaseException) -> dict[str, str]:
    return {
        "type": type(error).__name__,
        "builtin": next(c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins"),
        "message": message_of(error),
        "place": modules.place(error),
    }


def shares(value: object, arguments: list[Any], depth: int = MAX_DEPTH) -> bool:
    """Whether an array in `value` shares memory with an argument."""
    if isinstance(value, list | tuple):
        return depth > 0 and any(shares(part, arguments, depth - 1) for part in value)
    return isinstance(value, np.ndarray) and any(
        isinstance(argument, np.ndarray) and np.may_share_memory(value, argument)
        for argument in arguments
    )
