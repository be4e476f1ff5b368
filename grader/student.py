"""The `student` object of a test: modules imported here, or calls into a worker.

    student.convolution.convolve2d(image, kernel)

means the same in a student's own `grader test`, where the file is imported into
this process, and in a grade, where the call crosses into the sandbox. What differs
between the two stays in this file and in `grader.remote`.
"""

import contextlib
import copy
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from grader.alarm import TimeUp, alarm
from grader.errors import GraderError, UnusableError
from grader.raised import missing_attribute
from grader.results import Outcome
from grader.sources import SourceModules, title_of
from grader.tensors import as_array
from grader.worker import finished, shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A call's result, and what the call did to its arguments."""

    value: Any
    arguments: list[Any]  # the positional arguments as they are after the call
    shares_memory: bool  # whether the value is a view of an argument


class Observable:
    """A function that lives elsewhere, and is observed there."""

    __slots__ = ()

    def __observe__(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Observed:
        """Do what `observe` does."""
        raise NotImplementedError


def observe(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Observed:
    """Call `function` on copies of `args`, and look at the copies afterwards.

    What is no data is not copied: an object of a submission stays itself.
    """
    if isinstance(function, Observable):
        return function.__observe__(args, kwargs)
    arguments = [_copied(argument) for argument in args]
    value = finished(function(*arguments, **kwargs))
    return Observed(value=value, arguments=arguments, shares_memory=shares(value, arguments))


class LocalFunction(Observable):
    """A function of a submission in this process, called with copies as in a worker.

    What it does to its arguments would otherwise reach the tests that share them.
    """

    __slots__ = ("__name__", "_function")

    def __init__(self, function: FunctionType) -> None:
        self._function = function
        self.__name__ = function.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function, and give its value alone."""
        __tracebackhide__ = True
        return self.__observe__(args, kwargs).value

    def __observe__(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Observed:
        __tracebackhide__ = True
        named = {name: _copied(value) for name, value in kwargs.items()}
        return observe(self._function, *args, **named)


def _copied(value: Any) -> Any:
    """Copy data, as crossing into a worker would."""
    kind = type(value)
    if kind is list or kind is tuple:
        return kind(map(_copied, value))
    if kind is dict:
        return {key: _copied(each) for key, each in value.items()}
    is_data = kind is np.random.Generator or as_array(value) is not None
    return copy.deepcopy(value) if is_data else value


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
        found = self._find(self._name, function)
        self.__dict__[function] = found  # the next time it is there
        return found


def source_of(module: Module) -> tuple[str, bytes]:
    """Return the name and the content of a module's file; no content if it is missing."""
    return f"{module._name}.py", module._source or b""


def own_files(folder: Path, files: Sequence[str]) -> dict[str, bytes]:
    """Return the content of those files that lie in a folder."""
    return {file: (folder / file).read_bytes() for file in files if (folder / file).is_file()}


class LocalModules:
    """The modules of a folder, imported into this process.

    Parameters
    ----------
    folder : Path
        Where the files lie.
    sources : mapping of str to bytes
        The files, and what they hold.
    """

    def __init__(self, folder: Path, sources: Mapping[str, bytes]) -> None:
        self.incident: Outcome | None = None
        self.starved = False  # nobody else is graded beside a student's own run
        self._deadline = 0.0
        self._sources = dict(sources)
        self._modules = SourceModules(self._sources, str(folder))
        self._modules.install()

    def __getattr__(self, module: str) -> Module:
        return Module(module, self._function, self.source(f"{module}.py"))

    def _function(self, module: str, name: str) -> Any:
        found = self._modules.function(module, name)
        return LocalFunction(found) if isinstance(found, FunctionType) else found

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
        if function:
            return f"{function} raised {self._modules.explain(error)}"
        return self._missing(error)

    def _called_wrongly(self, error: BaseException) -> str:
        """Return which function of the submission did not take the test's arguments, or ''."""
        name = str(error).partition("()")[0] if isinstance(error, TypeError) else ""
        outermost = name.partition(".")[0]
        modules = [sys.modules.get(file.removesuffix(".py")) for file in self._sources]
        found = outermost and any(hasattr(module, outermost) for module in modules)
        return title_of(name) if found else ""

    def _missing(self, error: BaseException) -> str:
        """Say which attribute of an object of the submission is not there, or ''."""
        if not isinstance(error, AttributeError):
            return ""
        kind = type(error.obj)
        ours = f"{kind.__module__}.py" in self._sources
        return missing_attribute(kind.__name__, str(error.name)) if ours else ""


class Reference(LocalModules):
    """The reference solution. What is wrong with it is never the student's fault."""

    def load(self) -> None:
        """Import every module now, once for all the examiner's children."""
        with self._blamed():
            for file in self._sources:
                self._modules.module(file.removesuffix(".py"))

    def _function(self, module: str, name: str) -> Any:
        with self._blamed():
            return self._modules.function(module, name)

    @staticmethod
    @contextlib.contextmanager
    def _blamed() -> Iterator[None]:
        try:
            yield
        except UnusableError as error:
            raise GraderError(f"the reference is at fault: {error}") from error
