"""Import a student's files from their bytes, and say where an error came from.

Used in the worker, where no file of the submission exists, and by a student's
own `grader test`, where `folder` lets a debugger and a traceback find the lines.
Only the names given are importable; a `conftest.py` or `numpy.py` handed in
beside them is never looked at.
"""

import encodings.utf_8_sig  # noqa: F401 - or every child would load it anew, to read a source
import importlib.util
import linecache
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, Final

from grader.alarm import TimeUp
from grader.errors import UnusableError

MAX_MESSAGE: Final = 4000


class SourceModules(MetaPathFinder, Loader):
    """A set of flat modules given as bytes, importable by name.

    Parameters
    ----------
    sources : mapping of str to bytes
        File name ("losses.py") to content.
    folder : str
        Where the files lie, for tracebacks; empty if they lie nowhere.
    """

    def __init__(self, sources: Mapping[str, bytes], folder: str = "") -> None:
        self._sources = sources
        self._imported: dict[str, ModuleType] = {}
        self._prefix = f"{folder}/" if folder else ""

    def install(self) -> None:
        """Make the modules importable, ahead of anything of the same name."""
        for file in self._sources:
            sys.modules.pop(file.removesuffix(".py"), None)
        sys.meta_path.insert(0, self)

    def module(self, name: str) -> ModuleType:
        """Import one module.

        Raises
        ------
        UnusableError
            With one sentence that names the file and what is wrong with it.
        """
        __tracebackhide__ = True
        if name in self._imported:
            return self._imported[name]
        file = f"{name}.py"
        if file not in self._sources:
            raise UnusableError(f"{file} is missing from the submission")
        try:
            self._imported[name] = importlib.import_module(name)
            return self._imported[name]
        except (KeyboardInterrupt, GeneratorExit, TimeUp):
            raise
        except BaseException as error:
            # The sentence says it all; pytest would show the import system's frames besides.
            raise UnusableError(f"{file} cannot be imported: {self.explain(error)}") from None

    def function(self, module: str, name: str) -> Any:
        """Return the function, or the class, that `module` calls `name`."""
        __tracebackhide__ = True
        found = getattr(self.module(module), name, None)
        kind = "class" if name[:1].isupper() else "function"
        if found is None:
            raise UnusableError(f"{module}.py has no {kind} {name!r}")
        if not callable(found):
            raise UnusableError(f"{module}.py: {name!r} is no {kind}")
        return found

    def explain(self, error: BaseException) -> str:
        """Say what was raised, and at which line of the submission."""
        place = self.place(error)
        return f"{type(error).__name__}: {message_of(error)}" + (f"\n  at {place}" if place else "")

    def place(self, error: BaseException) -> str:
        """Return the submission's innermost line in the error's traceback, or ''."""
        if isinstance(error, SyntaxError):
            return ""  # its message names the line
        for frame in reversed(self._frames(error)):
            line = (frame.line or "").strip()
            file = frame.filename.removeprefix(self._prefix)
            return f"{file}, line {frame.lineno}" + (f": {line}" if line else "")
        return ""

    def entered(self, error: BaseException) -> str:
        """Return the submission's outermost function in the error's traceback, or ''."""
        codes = (frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__))
        names = (title_of(code.co_qualname) for code in codes if self._owns(code.co_filename))
        return next(names, "")

    def _owns(self, filename: str) -> bool:
        return filename.removeprefix(self._prefix) in self._sources

    def _frames(self, error: BaseException) -> list[traceback.FrameSummary]:
        frames = traceback.extract_tb(error.__traceback__)
        return [frame for frame in frames if self._owns(frame.filename)]

    # The import system's side.

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Claim the names that the submission declares."""
        file = f"{fullname}.py"
        if file not in self._sources:
            return None
        spec = importlib.util.spec_from_loader(fullname, self, origin=self._prefix + file)
        if spec is not None:
            spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's source."""
        file = f"{module.__name__}.py"
        source = self._sources[file]
        name = self._prefix + file
        text = decode_source(source)
        linecache.cache[name] = (len(source), None, text.splitlines(keepends=True), name)
        exec(self._compile(text, name), module.__dict__)  # noqa: S102 - this is what a worker is for

    @staticmethod
    def _compile(text: str, name: str) -> CodeType:
        if "\0" in text:
            raise SyntaxError("the file holds a NUL byte; save it as UTF-8 text")
        try:
            return compile(text, name, "exec", dont_inherit=True)
        except (RecursionError, MemoryError):
            raise SyntaxError("the file is nested too deeply to be read") from None


def title_of(qualified_name: str) -> str:
    """Return what a test calls a function: `Net`, not `Net.__init__`; `inner`, not its outer."""
    inner = qualified_name.rpartition("<locals>.")[2]
    return inner.removesuffix(".__init__").removesuffix(".__call__")


def decode_source(source: bytes) -> str:
    """Decode a file as UTF-8, and as nothing else.

    A coding comment is not obeyed: whatever reads a submission, here or to look
    for banned names, must read the same text, and at the same cost.

    Raises
    ------
    SyntaxError
        If it is not UTF-8; the message names the line.
    """
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        raise SyntaxError(f"line {line} is not utf-8 text; save the file as UTF-8") from None


def message_of(error: BaseException) -> str:
    """Return the error's text, bounded, whatever its `__str__` does."""
    try:
        text = str(error)
    except BaseException:  # whatever a student raises
        return "(its message cannot be shown)"
    if type(text) is not str:
        return "(its message is not a str)"
    return text[:MAX_MESSAGE].encode("utf-8", "replace").decode()
