"""Check how a function behaves: what it raises, what it leaves alone, and what it is made of."""

from collections.abc import Callable, Sequence
from types import MethodType
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.alarm import TimeUp
from grader.checks.failure import Answer, CheckFailure
from grader.checks.source import banned_uses
from grader.checks.words import (
    describe,
    is_exactly,
    number_kind,
    one_line,
    plain_number,
    show_index,
    show_pair,
    type_name,
    with_article,
)
from grader.errors import ClosedError, DeadlineError, GraderError, ProtocolError, UnusableError
from grader.tensors import as_array

if TYPE_CHECKING:
    from grader.student import Module

# No answer came: whoever runs the test knows better than a check what that means.
NO_ANSWER = (ClosedError, DeadlineError, GraderError, ProtocolError, TimeUp, UnusableError)


def assert_raises(
    exception: type[Exception],
    function: Callable[..., Any],
    *args: Any,
    name: str = "",
    hint: str = "",
    **kwargs: Any,
) -> None:
    """Fail unless ``function(*args, **kwargs)`` raises `exception`.

    Parameters
    ----------
    exception : type
        The exception that is right here; a subclass is right too. A
        `NotImplementedError` never is: that is how a stub says that it is a stub.
    function : callable
        A student's function.
    name : str
        What to call the function in the message; its own name if left out.
    hint : str
        What a student should think about when this fails.

    Raises
    ------
    CheckFailure
        If nothing, or something else, is raised; `SystemExit` included.
    """
    __tracebackhide__ = True
    title = name or name_of(function)
    wanted = with_article(exception.__name__)
    try:
        value = function(*args, **kwargs)
    except (KeyboardInterrupt, *NO_ANSWER):
        raise
    except NotImplementedError:
        raise CheckFailure(f"{title} is not implemented yet", hint) from None
    except exception:
        return
    except BaseException as error:
        problem = f"{title} {_what_was_raised(error)}, expected {wanted}"
        raise CheckFailure(problem, hint) from error
    problem = f"{title} returned {describe(value)}, expected {wanted}"
    raise CheckFailure(problem, hint, answer=Answer(title, value))


def assert_unchanged(
    function: Callable[..., Any],
    *args: Any,
    names: Sequence[str] = (),
    views: bool = False,
    hint: str = "",
    **kwargs: Any,
) -> Any:
    """Call a function and fail if it changed an argument, or returned a view of one.

    Arrays and tensors are compared byte for byte, in lists and tuples too. Anything that is
    not data, such as a random generator, may change.

    Parameters
    ----------
    function : callable
        A student's function.
    *args, **kwargs : object
        What it is called with; `args` are watched.
    names : sequence of str
        What to call the arguments in the message, in their order.
    views : bool
        Whether it may return views, as a layer that keeps what it needs for later.
    hint : str
        What a student should think about when this fails.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    CheckFailure
        If an argument was changed, or shares its memory with the result.
    """
    __tracebackhide__ = True
    # Here, so that importing the checks imports no machinery for calls.
    from grader.student import observe  # noqa: PLC0415

    observed = observe(function, *args, **kwargs)  # leaves `args` as they were
    for position, (old, new) in enumerate(zip(args, observed.arguments, strict=True)):
        name = names[position] if position < len(names) else f"argument {position + 1}"
        change = _change(old, new, name)
        if change:
            reason = hint or "Work on a copy of the argument."
            raise CheckFailure(change, reason, answer=Answer(f"{name}, changed", new))
    if observed.shares_memory and not views:
        problem = f"{name_of(function)} returned a view: its result and an argument share memory"
        reason = hint or "Return a new array; `.copy()` makes one."
        raise CheckFailure(problem, reason, answer=Answer("a view", observed.value))
    return observed.value


def assert_source(
    source: "Module | bytes | str", *, banned: Sequence[str], name: str = "", hint: str = ""
) -> None:
    """Fail if a module uses a banned name; say in which line.

    For a whole task, write `banned` in assignment.toml instead.

    Parameters
    ----------
    source : module, bytes or str
        The module, as ``student.padding``, or its text.
    banned : sequence of str
        Dotted names of functions or whole modules: "numpy.pad", "scipy.signal".
    name : str
        What to call the module in the message; its file if left out.
    hint : str
        What a student should think about when this fails.

    Raises
    ------
    CheckFailure
        If a banned name is used, under whatever name it was imported.
    """
    __tracebackhide__ = True
    if not isinstance(source, bytes | str):
        from grader.student import Module, source_of  # noqa: PLC0415  (as for `observe`)

        if type(source) is not Module:
            raise TypeError(f"a test looks for banned names in {describe(source)}: give a module")
        file, source = source_of(source)
        name = name or file
    name = name or "the source"
    for use in banned_uses(source, banned, name):
        wanted = f"The task is to write this by hand, without {use.name}."
        raise CheckFailure(f"{name}, line {use.line} uses {use.name}", hint or wanted)


def _change(old: Any, new: Any, name: str) -> str:
    """Say how a call changed an argument; nothing when it did not."""
    data = as_array(old)
    if (data is not None or is_exactly(old, list, tuple)) and type(new) is not type(old):
        return _replaced(old, new, name)
    if data is not None:
        changed = as_array(new)
        return _replaced(old, new, name) if changed is None else _array_change(data, changed, name)
    if is_exactly(old, list, tuple):
        if len(old) != len(new):
            return _replaced(old, new, name)
        pairs = enumerate(zip(old, new, strict=True))
        return next(filter(None, (_change(o, n, f"{name}[{i}]") for i, (o, n) in pairs)), "")
    return _replaced(old, new, name) if number_kind(old) and not _same_number(old, new) else ""


def _same_number(old: Any, new: Any) -> bool:
    # By how they are written: there NaN is NaN.
    return bool(number_kind(new)) and repr(plain_number(new)) == repr(plain_number(old))


def _replaced(old: Any, new: Any, name: str) -> str:
    return f"{name} was changed by the call: it was {describe(old)}, it is now {describe(new)}"


def _array_change(old: np.ndarray, new: np.ndarray, name: str) -> str:
    if old.dtype != new.dtype or old.shape != new.shape:
        return _replaced(old, new, name)
    was, now = old.tobytes(), new.tobytes()
    if was == now:
        return ""
    different = np.frombuffer(was, np.uint8) != np.frombuffer(now, np.uint8)
    changed = different.reshape(*old.shape, old.itemsize).any(axis=-1)
    first = np.unravel_index(int(np.argmax(changed)), changed.shape)
    shown, shown_now = show_pair(old[first], new[first])
    return (
        f"{name} was changed by the call ({np.count_nonzero(changed)} of {old.size} elements)\n"
        f"  first: {name}{show_index(first)} was {shown}, it is now {shown_now}"
    )


def name_of(function: Any) -> str:
    """Give the name of a function, whoever made it; of a method with its class."""
    name = getattr(function, "__name__", "")
    if type(function) is MethodType and not isinstance(function.__self__, type):
        name = f"{type_name(function.__self__)}.{name}"
    return name if type(name) is str and name else "the function"


def _what_was_raised(error: BaseException) -> str:
    """Name an exception, and repeat its message when that is a plain text."""
    from grader.raised import StudentError  # noqa: PLC0415  (as for `observe`)

    if issubclass(type(error), StudentError):  # raised in a worker, which knew its name
        return f"raised {vars(error)['kind']}: {one_line(str(error))}"
    args = BaseException.__dict__["args"].__get__(error)
    message = one_line(args[0]) if args and type(args[0]) is str else ""
    return f"raised {type_name(error)}: {message}" if message else f"raised {type_name(error)}"
