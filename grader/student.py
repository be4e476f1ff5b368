"""The `student` object of a test: modules imported here, or calls into a worker.

    student.convolution.convolve2d(image, kernel)

means the same in a student's own `grader test`, where the file is imported into
this process, and in a grade, where the call crosses into the sandbox and only
data comes back. What differs between the two stays in this file.
"""

import builtins
import contextlib
import copy
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

from grader.alarm import TimeUp, alarm
from grader.errors import DeadlineError, GraderError, UnusableError
from grader.results import Outcome
from grader.sandbox.workers import Worker, WorkerEndedError
from grader.sources import SourceModules
from grader.worker import finished, shares

_MAX_TEXT: Final = 4000
_GRACE_SECONDS: Final = 5.0  # for the test's own work on a submission's answers
_INTERFERED: Final = "the submission interfered with the grader's connection"


class StudentError(Exception):
    """An exception that a submission raised in a worker.

    When it was a built-in one (`ValueError`, ...) the object raised here is an
    instance of that class too, so that `pytest.raises(ValueError)` means the same
    in both settings.
    """

    def __init__(self, message: str, *, function: str, kind: str, place: str) -> None:
        super().__init__(message)
        self.function = function  # the one that was called
        self.kind = kind  # the exception's own type, built-in or not
        self.place = place  # file, line and text, or ""

    @property
    def sentence(self) -> str:
        """What happened, in full."""
        where = f"\n  at {self.place}" if self.place else ""
        return f"{self.function} raised {self.kind}: {self}{where}"

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would quote it a second time


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A call's result, and what the call did to its arguments."""

    value: Any
    arguments: list[Any]  # the positional arguments as they are after the call
    shares_memory: bool  # whether the value is a view of an argument


def observe(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Observed:
    """Call `function` on copies of `args`, and look at the copies afterwards."""
    if isinstance(function, RemoteFunction):
        return function.observe(*args, **kwargs)
    arguments = [copy.deepcopy(argument) for argument in args]
    value = finished(function(*arguments, **kwargs))
    return Observed(value=value, arguments=arguments, shares_memory=shares(value, arguments))


class Student(Protocol):
    """What the plugin needs to know of a submission, wherever it runs."""

    incident: Outcome | None  # TIMEOUT or CRASHED, if the current test saw one
    starved: bool  # whether it ran out of time without having had the processor

    def __getattr__(self, module: str) -> "Module": ...

    def source(self, file: str) -> bytes | None:
        """Return a file of the submission, or None if it is missing."""

    def begin(self, deadline: float) -> None:
        """Start a test, which may call until the absolute deadline."""

    def interrupted(self) -> contextlib.AbstractContextManager[object]:
        """Return a context in which a call ends, one way or another, at the deadline."""

    def printed(self) -> str:
        """Return what was printed since the test began."""

    def explain(self, error: BaseException | None) -> str:
        """Say in a sentence what the submission did wrong, or '' if `error` is not its own."""


class Module:
    """`student.convolution`: its attributes are the functions of convolution.py."""

    def __init__(
        self, name: str, find: Callable[[str, str], Callable[..., Any]], source: bytes | None
    ) -> None:
        self._name = name
        self._find = find
        self._source = source

    def __getattr__(self, function: str) -> Callable[..., Any]:
        __tracebackhide__ = True
        if function.startswith("__"):
            raise AttributeError(function)
        return self._find(self._name, function)


def source_of(module: Module) -> tuple[str, bytes]:
    """Return the name and the content of a module's file; no content if it is missing."""
    return f"{module._name}.py", module._source or b""


class LocalModules:
    """The modules of a folder, imported into this process."""

    def __init__(self, folder: Path, files: tuple[str, ...]) -> None:
        self.incident: Outcome | None = None
        self.starved = False  # nobody else is graded beside a student's own run
        self._deadline = 0.0
        self._sources = {
            file: (folder / file).read_bytes() for file in files if (folder / file).is_file()
        }
        self._modules = SourceModules(self._sources, str(folder))
        self._modules.install()

    def __getattr__(self, module: str) -> Module:
        return Module(module, self._function, self.source(f"{module}.py"))

    def _function(self, module: str, name: str) -> Any:
        return self._modules.function(module, name)

    def source(self, file: str) -> bytes | None:
        """Return a file's content, or None if it is missing."""
        return self._sources.get(file)

    def begin(self, deadline: float) -> None:
        """Start a test."""
        self.incident = None
        self._deadline = deadline

    @contextlib.contextmanager
    def interrupted(self) -> Iterator[None]:
        """Raise `TimeUp` in the student's code at the deadline, where the system can."""
        with alarm(self._deadline) as rang:
            try:
                yield
            finally:
                if rang():
                    self.incident = Outcome.TIMEOUT

    def printed(self) -> str:
        """Return nothing: pytest shows what a local run prints."""
        return ""

    def explain(self, error: BaseException | None) -> str:
        """Say what was raised in the student's file, and at which line."""
        if error is None or isinstance(error, UnusableError):
            return str(error or "")
        function = self._modules.entered(error)
        if isinstance(error, TimeUp):
            place = self._modules.place(error)
            where = f"\n  at {place}" if place else ""
            return f"{function or 'the test'} was still running when its time was up{where}"
        function = function or self._called_wrongly(error)
        return f"{function} raised {self._modules.explain(error)}" if function else ""

    def _called_wrongly(self, error: BaseException) -> str:
        """Return which function of the submission did not take the test's arguments, or ''."""
        name = str(error).partition("()")[0] if isinstance(error, TypeError) else ""
        modules = [sys.modules.get(file.removesuffix(".py")) for file in self._sources]
        return name if name and any(hasattr(module, name) for module in modules) else ""


class Reference(LocalModules):
    """The reference solution. What is wrong with it is never the student's fault."""

    def load(self) -> None:
        """Import every module now, once for all the examiner's children."""
        with self._blamed():
            for file in self._sources:
                self._modules.module(file.removesuffix(".py"))

    def _function(self, module: str, name: str) -> Any:
        with self._blamed():
            return super()._function(module, name)

    @staticmethod
    @contextlib.contextmanager
    def _blamed() -> Iterator[None]:
        try:
            yield
        except UnusableError as error:
            raise GraderError(f"the reference is at fault: {error}") from error


class RemoteModules:
    """The modules of a submission, in a worker.

    Trust: what comes back is plain data, or a text that names an exception. The
    text is cleaned of control characters here and escaped by whoever shows it.
    """

    def __init__(self, worker: Worker, sources: Mapping[str, bytes]) -> None:
        self.incident: Outcome | None = None
        self.starved = False  # whether the time ran out on a machine that was busy elsewhere
        self._worker = worker
        self._sources = sources
        self._began = self._deadline = 0.0

    def __getattr__(self, module: str) -> Module:
        def find(name: str, function: str) -> RemoteFunction:
            return RemoteFunction(self, name, function)

        return Module(module, find, self.source(f"{module}.py"))

    def source(self, file: str) -> bytes | None:
        """Return a file's content, or None if it is missing."""
        return self._sources.get(file)

    def begin(self, deadline: float) -> None:
        """Start a test: its calls must be answered by the absolute deadline."""
        self._began, self._deadline = time.monotonic(), deadline
        self.incident, self.starved = None, False
        self._worker.take_output()

    def interrupted(self) -> contextlib.AbstractContextManager[object]:
        """Stop a test that is itself too slow: every call has its deadline already."""
        return alarm(self._deadline + _GRACE_SECONDS)

    def printed(self) -> str:
        """Return what the submission printed since the test began."""
        return clean(self._worker.take_output())

    def explain(self, error: BaseException | None) -> str:
        """Return the sentence of an exception that came from the worker."""
        if error is None or isinstance(error, UnusableError):
            return str(error or "")
        return error.sentence if isinstance(error, StudentError) else ""

    def call(
        self,
        module: str,
        function: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        *,
        observe: bool,
    ) -> dict[str, Any]:
        """Call into the worker; raise what the submission raised."""
        try:
            reply = self._worker.call(
                module, function, args, kwargs, observe=observe, deadline=self._deadline
            )
        except (DeadlineError, TimeUp) as error:
            self.incident = Outcome.TIMEOUT
            waited = time.monotonic() - self._began
            self.starved = (
                isinstance(error, DeadlineError) and self._worker.cpu_seconds < waited / 2
            )
            raise UnusableError(f"{function} was still running when its time was up") from None
        except WorkerEndedError as error:
            self.incident = Outcome.CRASHED
            raise UnusableError(f"{function} {error}") from None
        if "value" in reply:
            return reply
        if "raised" in reply:
            raise _as_raised(function, reply["raised"])
        raise UnusableError(_text(reply.get("unusable")))


@dataclass(frozen=True, slots=True)
class RemoteFunction:
    """A function of the submission; calling it crosses into the sandbox."""

    modules: RemoteModules
    module: str
    __name__: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it; the answer is plain data."""
        return self.modules.call(self.module, self.__name__, args, kwargs, observe=False)["value"]

    def observe(self, *args: Any, **kwargs: Any) -> Observed:
        """Call it, and ask for the arguments as they are afterwards."""
        reply = self.modules.call(self.module, self.__name__, args, kwargs, observe=True)
        after = reply.get("arguments")
        if type(after) is not list or len(after) != len(args):
            raise UnusableError(_INTERFERED)
        return Observed(
            value=reply["value"],
            arguments=[a if callable(a) else b for a, b in zip(args, after, strict=True)],
            shares_memory=reply.get("shares_memory") is not False,
        )


def clean(text: str) -> str:
    """Return `text` without control characters, which could rewrite a terminal."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _text(value: object) -> str:
    return clean(value[:_MAX_TEXT]) if type(value) is str else "gave no reason"


def _as_raised(function: str, claim: object) -> Exception:
    """Make an exception of a worker's description of one."""
    if type(claim) is not dict:
        return UnusableError(_INTERFERED)
    message = _text(claim.get("message"))
    facts = {
        "function": function,
        "kind": _text(claim.get("type")),
        "place": _text(claim.get("place", "")),
    }
    builtin = getattr(builtins, _text(claim.get("builtin")), None)
    # One that means "no more items" could end a test's own loop early.
    ends_loops = builtin in (StopIteration, StopAsyncIteration)
    if isinstance(builtin, type) and issubclass(builtin, Exception) and not ends_loops:
        with contextlib.suppress(TypeError, ValueError):  # a few, such as UnicodeError, want more
            both = type(builtin.__name__, (StudentError, builtin), {})
            return cast("StudentError", both(message, **facts))
    return StudentError(message, **facts)  # SystemExit, pytest's Skipped, a class of their own
