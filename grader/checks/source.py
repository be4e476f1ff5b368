"""Find uses of functions that a task asks students to write themselves.

The syntax tree is read, never run: a comment, a string, or a student's own
function called `pad` is no use of `numpy.pad`, and `from numpy import pad as p`
is. Names are followed through imports and assignments, without regard to scope.

Trust: this shows honest students what they overlooked. Whoever hides a name well
enough (`eval`, a computed attribute) is stopped by what the sandbox can import.
"""

import ast
import functools
import itertools
import re
import sys
import unicodedata
import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from grader.sources import decode_source

# Functions that lead from a name in a string to what it names.
_GETATTR = "builtins.getattr"
_VARS = "builtins.vars"
_IMPORT = "builtins.__import__"
_IMPORT_MODULE = "importlib.import_module"
_MODULES = "sys.modules"
_LEADS = (_GETATTR, _VARS, _IMPORT, _IMPORT_MODULE, _MODULES)
_LOOKUPS = ("get", "__getitem__", "__getattribute__")

_PUTS_TOGETHER = ("getattr", "vars", "__", "import_module", "modules")

_PASSES = 2  # a function may use a name that is bound further down

# A tree takes a thousand bytes for each word and sign of a source; a long file has 10,000 of them.
_MAX_WORDS = 100_000
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One use of a banned name."""

    line: int
    name: str  # as the ban spells it


_UNREADABLE = Use(1, "code nested too deeply to be read")
_TOO_LONG = Use(1, "more code than can be read")


class _TooLongError(MemoryError):
    pass


def banned_uses(source: bytes | str, banned: Sequence[str], filename: str) -> list[Use]:
    """Find where a source uses one of the `banned` names.

    Parameters
    ----------
    source : bytes or str
        A module as the student wrote it.
    banned : sequence of str
        Dotted names of functions or whole modules: "numpy.pad", "scipy.signal".
    filename : str
        Name of the file.

    Returns
    -------
    list of Use
        In the order of lines, each name once per line. Empty if the source does
        not parse: importing it tells that better. Code nested too deeply to be
        read, or too much of it, is one use, in line 1.
    """
    try:
        possible = _possible(banned, _text_of(source)) if banned else ()
        return _Names(possible).uses(nodes_of(source, filename)) if possible else []
    except (SyntaxError, ValueError):
        return []
    except _TooLongError:
        return [_TOO_LONG]
    except (RecursionError, MemoryError):
        return [_UNREADABLE]


def foreign_imports(source: bytes | str, allowed: Collection[str], filename: str) -> list[Use]:
    """Find where a source imports a package that is neither `allowed` nor standard.

    Parameters
    ----------
    source : bytes or str
        A module as the student wrote it.
    allowed : collection of str
        Packages, and the assignment's own modules.
    filename : str
        Name of the file.

    Returns
    -------
    list of Use
        In the order of lines; empty if the source cannot be read.
    """
    try:
        nodes = nodes_of(source, filename)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    named = {Use(n.lineno, name.partition(".")[0]) for n in imports for _, name in _imported(n)}
    known = {*sys.stdlib_module_names, *allowed}
    return sorted(use for use in named if use.name not in known)


@functools.lru_cache(maxsize=1)  # the same file is looked at for several reasons in a row
def nodes_of(source: bytes | str, filename: str) -> tuple[ast.AST, ...]:
    """Return all nodes of a source's syntax tree, each after the one that it belongs to.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        As `parse_source`.
    """
    return tuple(ast.walk(parse_source(source, filename)))


def parse_source(source: bytes | str, filename: str) -> ast.Module:
    """Return the syntax tree of a source.

    Raises
    ------
    SyntaxError, ValueError
        If it does not parse.
    RecursionError, MemoryError
        If it is nested too deeply, or too long, to be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid "\d" is the student's affair
        return ast.parse(_text_of(source), filename)


def _text_of(source: bytes | str) -> str:
    """Return a source as text, if it is not too long: a coding comment must not decide that."""
    text = source if isinstance(source, str) else decode_source(source)
    if len(text) > _MAX_WORDS and next(
        itertools.islice(_WORD.finditer(text), _MAX_WORDS, None), None
    ):
        raise _TooLongError
    return text


def _possible(banned: Sequence[str], text: str) -> Sequence[str]:
    """Keep the names that a text can use: those whose last part stands in it.

    Most of a class uses none, and looking for a word is quick. Where a name can be put
    together out of strings, all are kept. Python reads names in their NFKC form.
    """
    text = unicodedata.normalize("NFKC", text)
    if any(word in text for word in _PUTS_TOGETHER):
        return banned
    return [name for name in banned if name.rpartition(".")[2] in text]


class _Names:
    """What the names of one module may stand for."""

    def __init__(self, banned: Sequence[str]) -> None:
        self._banned = banned
        self._own: set[str] = set()  # what the module defines or assigns
        self._worked_out: dict[ast.expr, set[str]] = {}  # or a chain of n dots takes n² steps
        self._meanings = {name: {f"builtins.{name}"} for name in ("getattr", "vars", "__import__")}

    def uses(self, tree: Iterable[ast.AST]) -> list[Use]:
        """Find the uses of banned names among the nodes of a module."""
        nodes = [node for node in tree if isinstance(node, ast.stmt | ast.expr)]
        nodes.sort(key=lambda node: (node.lineno, node.col_offset))
        self._own = {name for node in nodes for name in _defined(node)}
        for _ in range(_PASSES):
            for node in nodes:
                self._bind(node)
            self._worked_out.clear()
        found = {Use(node.lineno, name) for node in nodes for name in self._mentioned(node)}
        return sorted(use for use in found if use.name in self._banned)

    def _mentioned(self, node: ast.stmt | ast.expr) -> set[str]:
        """Give the interesting names that a node mentions."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            return self._interesting(name for _, name in _imported(node))
        if isinstance(node, ast.Call) and self._meaning(node.func) & {_IMPORT, _IMPORT_MODULE}:
            return self._interesting(_texts(node.args))
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            return set()
        return self._meaning(node) if isinstance(node, ast.expr) else set()

    def _bind(self, node: ast.stmt | ast.expr) -> None:
        """Note what an import or an assignment makes a name stand for."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            for local, name in _imported(node):
                self._bind_import(local, name)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            self._assign(node.target, node.value)

    def _bind_import(self, local: str, name: str) -> None:
        root = name.partition(".")[0]
        if local != "*":
            self._mean(local or root, self._interesting([name if local else root]))
            return
        for ban in self._banned:
            module, _, inside = ban.rpartition(".")
            if module == name and inside not in self._own:
                self._mean(inside, {ban})

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._mean(target.id, self._meaning(value))
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for each_target, each_value in zip(target.elts, value.elts, strict=False):
                self._assign(each_target, each_value)

    def _mean(self, local: str, names: set[str]) -> None:
        if names:
            self._meanings.setdefault(local, set()).update(names)

    def _meaning(self, node: ast.expr) -> set[str]:
        """Give the interesting names that an expression may stand for."""
        if node not in self._worked_out:
            self._worked_out[node] = self._work_out(node)
        return self._worked_out[node]

    def _work_out(self, node: ast.expr) -> set[str]:
        match node:
            case ast.Name():
                return self._meanings.get(node.id, set())
            case ast.Attribute(attr="__dict__") | ast.NamedExpr():
                return self._meaning(node.value)
            case ast.Attribute():
                return self._inside(node.value, [node.attr])
            case ast.Subscript():
                return self._inside(node.value, _texts([node.slice]))
            case ast.Call():
                return self._result(node)
        return set()

    def _result(self, call: ast.Call) -> set[str]:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _LOOKUPS:
            return self._inside(call.func.value, _texts(call.args[:1]))
        function = self._meaning(call.func)
        if _GETATTR in function and len(call.args) > 1:
            return self._inside(call.args[0], _texts(call.args[1:2]))
        if _VARS in function and call.args:
            return self._meaning(call.args[0])
        if _IMPORT_MODULE in function:
            return self._interesting(_texts(call.args[:1]))
        if _IMPORT in function:
            return self._interesting(text.partition(".")[0] for text in _texts(call.args[:1]))
        return set()

    def _inside(self, owner: ast.expr, attributes: Sequence[str]) -> set[str]:
        owners = self._meaning(owner)
        return self._interesting(
            attribute if name == _MODULES else f"{name}.{attribute}"
            for name in owners
            for attribute in attributes
        )

    def _interesting(self, names: Iterable[str]) -> set[str]:
        """Keep the names that are banned, or from which a banned one can be reached.

        What lies inside something banned becomes that: no name grows for ever.
        """
        kept = set()
        for name in names:
            kept |= {ban for ban in self._banned if f"{name}.".startswith(f"{ban}.")}
            if any(f"{known}.".startswith(f"{name}.") for known in (*self._banned, *_LEADS)):
                kept.add(name)
        return kept


def _defined(node: ast.stmt | ast.expr) -> list[str]:
    """Give the names that a node defines, assigns or imports."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Name(ctx=ast.Store()):
            return [node.id]
        case ast.Import() | ast.ImportFrom():
            return [local for local, _ in _imported(node) if local not in ("", "*")]
    return []


def _imported(node: ast.Import | ast.ImportFrom) -> list[tuple[str, str]]:
    """Give (local name, full name) of each import; no local name for `import a.b`."""
    if isinstance(node, ast.Import):
        return [(alias.asname or "", alias.name) for alias in node.names]
    if node.level or not node.module:
        return []  # relative: a module of the student's own
    return [
        ("*", node.module)
        if alias.name == "*"
        else (alias.asname or alias.name, f"{node.module}.{alias.name}")
        for alias in node.names
    ]


def _texts(nodes: Sequence[ast.expr]) -> list[str]:
    """Give the values of those expressions that are texts."""
    return [
        node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) is str
    ]
