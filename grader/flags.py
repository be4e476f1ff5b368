"""Show an instructor where a submission deserves a second look.

No sandbox can decide whether a student wrote the code that they handed in, and
whoever hides a banned name well enough uses it. What can be done is to say where
code is that hides something, reaches around the language, or brings along more
numbers than anybody types. There are honest reasons for each: a flag is no
verdict, and costs no points.

The syntax tree is read, never run.
"""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from grader.checks.source import nodes_of

MOST_FLAGS: Final = 20  # of a submission; an instructor will have understood

_WORKED_OUT: Final = "calls getattr with a name that is worked out"
_LONG_TEXT: Final = 400  # characters in a text that is no docstring
_LONG_TABLE: Final = 200  # values in a list, a tuple, a set or a dict

_UNPACKS: Final = "unpacks what nobody can read"
_STARTS: Final = "talks to other processes"
_MODULES: Final = {
    "ctypes": "calls code outside Python",
    "cffi": "calls code outside Python",
    "mmap": "handles bare memory",
    "base64": _UNPACKS, "binascii": _UNPACKS, "bz2": _UNPACKS, "codecs": _UNPACKS,
    "gzip": _UNPACKS, "lzma": _UNPACKS, "zlib": _UNPACKS,
    "marshal": "makes code of bytes",
    "pickle": "makes objects of bytes",
    "importlib": "imports what no line names",
    "pkgutil": "imports what no line names",
    "runpy": "imports what no line names",
    "builtins": "reaches what everybody uses",
    "gc": "looks into other people's objects",
    "inspect": "looks into whoever calls",
    "socket": _STARTS, "subprocess": _STARTS, "multiprocessing": _STARTS, "urllib": _STARTS,
    "http": _STARTS, "requests": _STARTS,
}  # fmt: skip
_CALLS: Final = {
    "eval": "runs what no line shows",
    "exec": "runs what no line shows",
    "compile": "makes code that no line shows",
    "__import__": "imports what no line names",
}
_ATTRIBUTES: Final = frozenset(
    {
        "__bases__", "__builtins__", "__closure__", "__code__", "__globals__", "__mro__",
        "__subclasses__", "_getframe", "f_back", "f_globals", "f_locals", "setprofile", "settrace",
        "tb_frame",
    }
)  # fmt: skip


def find_flags(sources: Mapping[str, bytes], free: Collection[str] = ()) -> tuple[str, ...]:
    """Return a sentence for each place that deserves a look, with its file and line.

    Parameters
    ----------
    sources : mapping of str to bytes
        A submission: file name to content.
    free : collection of str
        The files in which nothing is banned, so that no name needs to be hidden there:
        a layer may be looked up by the name that a user gave.

    Returns
    -------
    tuple of str
        By file and line, at most `MOST_FLAGS` and one that says how many more there
        are. A file that does not parse has none: the grade says why it does not.
    """
    found = [
        f"{file}, line {line}: {what}"
        for file, source in sources.items()
        for line, what in sorted(set(_flags_of(file, source)))
        if not (what == _WORKED_OUT and file in free)
    ]
    more = len(found) - MOST_FLAGS
    return (*found[:MOST_FLAGS], *([f"and {more} more of this kind"] if more > 0 else []))


def _flags_of(file: str, source: bytes) -> Iterator[tuple[int, str]]:
    try:
        yield from _Look(nodes_of(source, file)).flags()
    except (SyntaxError, ValueError):
        return
    except (RecursionError, MemoryError):
        yield 1, "more code, or more deeply nested, than can be looked through"


class _Look:
    """One look through a module."""

    def __init__(self, nodes: Sequence[ast.AST]) -> None:
        self._nodes = nodes
        # A text that stands by itself is a docstring, or a comment in other words.
        self._said = {n.value for n in self._nodes if isinstance(n, ast.Expr)}
        self._modules = {
            (alias.asname or alias.name).partition(".")[0]
            for node in self._nodes
            if isinstance(node, ast.Import)
            for alias in node.names
        }

    def flags(self) -> Iterator[tuple[int, str]]:
        """Yield the line and the reason of each flag."""
        inside: set[ast.AST] = set()  # tables that belong to a larger one
        for node in self._nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from self._import(node)
            elif isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.Attribute):
                yield from self._attribute(node)
            elif isinstance(node, ast.Constant):
                yield from self._text(node)
            elif isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict) and node not in inside:
                within = list(ast.walk(node))
                inside.update(within)
                values = sum(isinstance(each, ast.Constant) for each in within)
                if values > _LONG_TABLE:
                    yield node.lineno, f"a table of {values:,} values"

    @staticmethod
    def _import(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[int, str]]:
        whole = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
        for name in whole:
            module = (name or "").partition(".")[0]
            if module in _MODULES:
                yield node.lineno, f"imports {module}, which {_MODULES[module]}"

    def _call(self, node: ast.Call) -> Iterator[tuple[int, str]]:
        if not isinstance(node.func, ast.Name):
            return
        name = node.func.id
        if name in _CALLS:
            yield node.lineno, f"calls {name}, which {_CALLS[name]}"
        elif name == "getattr" and not _is_plain(node.args[1:2]):
            yield node.lineno, _WORKED_OUT
        elif name == "setattr" and self._is_module(node.args[:1]):
            yield node.lineno, "changes a module that others use, with setattr"

    def _attribute(self, node: ast.Attribute) -> Iterator[tuple[int, str]]:
        if node.attr in _ATTRIBUTES:
            yield node.lineno, f"uses {node.attr}, which reaches around the language"
        elif self._is_module([node.value]):
            name = f"{ast.unparse(node.value)}.{node.attr}"
            if name == "sys.modules":
                yield node.lineno, "uses sys.modules, which shows what else is loaded"
            elif not isinstance(node.ctx, ast.Load):
                yield node.lineno, f"changes {name}, which others use"

    def _text(self, node: ast.Constant) -> Iterator[tuple[int, str]]:
        if isinstance(node.value, str | bytes) and node not in self._said:
            length = len(node.value)
            if length > _LONG_TEXT:
                yield node.lineno, f"a text of {length:,} characters"

    def _is_module(self, nodes: list[ast.expr]) -> bool:
        return any(isinstance(node, ast.Name) and node.id in self._modules for node in nodes)


def _is_plain(nodes: list[ast.expr]) -> bool:
    return all(isinstance(node, ast.Constant) for node in nodes)
