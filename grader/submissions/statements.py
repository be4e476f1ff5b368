"""Take the cells of a notebook apart into statements, and say what each needs.

Of each statement it is known which names it binds, and which it uses: at once, or
only when a function that it defines is called. The compiler's own symbol table says
so, and local variables of the same name are not confused.

Trust: the cells are a student's. They are parsed and compiled, and never run.
"""

import ast
import re
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from grader.submissions.magics import without_magics

STAR: Final = "*"  # what a wildcard import binds
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign
# A released notebook brings these along; nobody has to be told that they do not count.
_OURS: Final = re.compile(r"%(load_ext autoreload|autoreload 2|pip install --quiet deltagrade\S*)")
_UNREADABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement at the top of a cell."""

    cell: int  # the code cells are counted from 1
    text: str
    binds: frozenset[str]
    now: frozenset[str] = frozenset()  # global names that it uses when it is run
    later: frozenset[str] = frozenset()  # and those that its functions use when they are called
    replaces: bool = True  # what its names were bound to before does not matter any more
    defines: bool = False  # a function or a class
    module: str = ""  # that it imports from


class Read(NamedTuple):
    """What could be read of the cells."""

    statements: list[Statement]
    notes: list[str]


def read_statements(cells: list[str]) -> Read:
    """Return the imports, definitions and assignments of the cells, in their order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the compiler, about a student's code
        return _read(cells)


def _read(cells: list[str]) -> Read:
    statements: list[Statement] = []
    broken: list[str] = []
    taken_out: list[str] = []
    for number, cell in enumerate(cells, start=1):
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")  # noqa: PLW2901 - as Python does
        try:
            tree = ast.parse(cell)
        except _UNREADABLE:
            cell, magics = without_magics(cell)  # noqa: PLW2901
            taken_out += [f"code cell {number}: {m}" for m in magics if not _OURS.fullmatch(m)]
            try:
                tree = ast.parse(cell)
            except _UNREADABLE as error:
                broken.append(f"code cell {number} is left out: {_why(error)}")
                continue
        lines = [line.encode() for line in cell.split("\n")]
        for node in tree.body:
            try:
                statements += _statements(node, lines, number)
            except _UNREADABLE as error:
                broken.append(f"a statement of code cell {number} is left out: {_why(error)}")
    if taken_out:
        count = f" and {len(taken_out) - 1} more" if len(taken_out) > 1 else ""
        broken.append(f"what is no Python is left out: {_short(taken_out[0])}{count}")
    return Read(statements, broken)


def _why(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno or 1}: {error.msg}"
    if isinstance(error, ValueError):
        return _short(str(error))
    return "it is nested too deeply to be read"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"


def _statements(node: ast.stmt, lines: list[bytes], cell: int) -> Iterator[Statement]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from _imports(node, cell)
        return
    if not _is_wanted(node):
        return
    text = _text(node, lines)
    compile(text, "cell", "exec", dont_inherit=True)
    now, later = _uses(text)
    yield Statement(
        cell=cell,
        text=text,
        binds=frozenset(_bound(node)),
        now=now,
        later=later,
        replaces=_replaces(node),
        defines=isinstance(node, _Definition),
    )


def _imports(node: ast.Import | ast.ImportFrom, cell: int) -> Iterator[Statement]:
    """Return an import for each name: only some of them may be needed."""
    module = ""
    start = "import "
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        start = f"from {module} import "
    for alias in node.names:
        renamed = f" as {alias.asname}" if alias.asname else ""
        bound = alias.asname or (alias.name if module else alias.name.partition(".")[0])
        yield Statement(
            cell=cell,
            text=f"{start}{alias.name}{renamed}",
            binds=frozenset([bound]),
            # `import a.b` and `import a.c` both bind a, and both count.
            replaces=bool(module or alias.asname),
            module=module,
        )


def _is_wanted(node: ast.stmt) -> bool:
    """Whether a statement only binds names: anything else tries, trains or draws."""
    if isinstance(node, ast.If):
        return all(map(_is_inner, [*node.body, *node.orelse]))
    if isinstance(node, ast.Try):
        handled = [each for handler in node.handlers for each in handler.body]
        return all(map(_is_inner, [*node.body, *handled, *node.orelse, *node.finalbody]))
    return isinstance(node, _Definition | _Assignment) or type(node).__name__ == "TypeAlias"


def _is_inner(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or _is_wanted(node)


def _replaces(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(name, ast.Name) for target in node.targets for name in _flat(target))
    return isinstance(node, _Definition) or (
        isinstance(node, ast.AnnAssign)
        and node.value is not None
        and isinstance(node.target, ast.Name)
    )


def _flat(target: ast.expr) -> Iterator[ast.expr]:
    """Return the targets within a target: `a, (b, *c)`."""
    queue = [target]
    while queue:
        each = queue.pop()
        if isinstance(each, ast.Tuple | ast.List):
            queue += each.elts
        else:
            yield each.value if isinstance(each, ast.Starred) else each


def _bound(node: ast.stmt) -> Iterator[str]:
    """Return the global names that a statement binds, or changes."""
    queue: list[ast.AST] = [node]
    while queue:
        each = queue.pop()
        if isinstance(each, _Definition):
            yield each.name
            continue  # what is bound inside is its own
        if isinstance(each, ast.Lambda | ast.comprehension):
            continue
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.Attribute | ast.Subscript) and isinstance(each.ctx, ast.Store):
            yield from _root(each)
        elif isinstance(each, ast.alias):
            yield each.asname or each.name.partition(".")[0]
        queue += ast.iter_child_nodes(each)


def _root(node: ast.expr) -> Iterator[str]:
    """Return which name's object `Net.layers[0]` is part of."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _text(node: ast.stmt, lines: list[bytes]) -> str:
    decorators = node.decorator_list if isinstance(node, _Definition) else []
    first = min([node.lineno, *(each.lineno for each in decorators)]) - 1
    last = (node.end_lineno or node.lineno) - 1
    taken = lines[first : last + 1]
    taken[-1] = taken[-1][: node.end_col_offset]
    if not decorators:
        taken[0] = taken[0][node.col_offset :]
    return b"\n".join(taken).decode()


def _uses(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the global names that a statement uses at once, and those that it uses later."""
    now: set[str] = set()
    later: set[str] = set()
    queue = [(symtable.symtable(text, "cell", "exec"), True)]
    top = queue[0][0]
    while queue:
        table, at_once = queue.pop()
        for symbol in table.get_symbols():
            if symbol.is_referenced() if table is top else symbol.is_global():
                (now if at_once else later).add(symbol.get_name())
        # A class's body is run with it, and so are comprehensions; a function waits.
        queue += [
            (child, at_once and not (isinstance(child, symtable.Function) and _waits(child)))
            for child in table.get_children()
        ]
    return frozenset(now), frozenset(later)


def _waits(function: symtable.Function) -> bool:
    return function.get_name() not in {"listcomp", "setcomp", "dictcomp", "genexpr"}
