"""Turn solved source into what students receive.

A solution lies between `### BEGIN SOLUTION` and `### END SOLUTION`, each on a
line of its own. Everything outside stays byte for byte, so the comparison of a
stub with its source shows exactly the solutions and nothing else. The cut is
made in the text; the syntax tree only says which function a region is in, and
afterwards that no signature or docstring went with it.
"""

import ast
import re
from dataclasses import dataclass

from grader.errors import GraderError

_BEGIN = "### BEGIN SOLUTION"
_END = "### END SOLUTION"
# A marker that is nearly right would release the solution below it.
_MARKER = re.compile(r"#\W*(begin|end)\W*solution", re.IGNORECASE)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One solution: the lines strictly between two markers."""

    begin: int  # the markers' line numbers, counted from 1
    end: int
    lines: tuple[str, ...]
    scope: tuple[str, ...]  # ("Network", "forward"), ("pad2d",), or () outside any definition
    is_called: bool  # the scope ends in a function, so a student's caller gets this far


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """A file without its solutions."""

    text: str
    regions: tuple[Region, ...]
    definitions: frozenset[str]  # the functions and classes at the top of the file


def make_stub(source: str, name: str) -> Stub:
    """Cut the solutions out of `source`; `name` is the file's name in messages."""
    lines = source.split("\n")
    tree = _parse(source, name)
    regions = tuple(_region(lines, tree, begin, end) for begin, end in _find_regions(lines, name))
    text = "\n".join(_cut(lines, regions))
    _demand_same_outline(tree, _parse(text, f"the stub of {name}"), regions, name)
    definitions = frozenset(node.name for node in tree.body if isinstance(node, _Definition))
    return Stub(text=text, regions=regions, definitions=definitions)


def _parse(source: str, name: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise GraderError(
            f"{name}:{error.lineno or 1}: not valid Python ({error.msg}); correct it"
        ) from error


def _find_regions(lines: list[str], name: str) -> list[tuple[int, int]]:
    """Return the line numbers of each pair of markers."""
    found: list[tuple[int, int]] = []
    begin = 0
    for number, line in enumerate(lines, start=1):
        if not _MARKER.search(line):
            continue
        marker = line.strip()
        if marker not in {_BEGIN, _END}:
            raise GraderError(
                f"{name}:{number}: a marker must be {_BEGIN!r} or {_END!r} on a line of its own;"
                f" correct {marker!r}"
            )
        if (marker == _BEGIN) == bool(begin):
            there = f" (the last one began on line {begin})" if begin else ""
            raise GraderError(
                f"{name}:{number}: {marker!r} without its partner{there}; pair the markers"
            )
        if marker == _END:
            found.append((begin, number))
        begin = number if marker == _BEGIN else 0
    if begin:
        raise GraderError(f"{name}:{begin}: {_BEGIN!r} without its partner; add {_END!r}")
    return found


def _region(lines: list[str], tree: ast.Module, begin: int, end: int) -> Region:
    scope: list[str] = []
    is_called = False
    for node in _definitions(tree):
        if node.lineno < begin <= (node.end_lineno or 0) and not is_called:
            scope.append(node.name)
            is_called = not isinstance(node, ast.ClassDef)
    return Region(
        begin=begin,
        end=end,
        lines=tuple(lines[begin : end - 1]),
        scope=tuple(scope),
        is_called=is_called,
    )


def _definitions(tree: ast.Module) -> list[_Definition]:
    """Return all functions and classes, the outer before the inner."""
    found = [node for node in ast.walk(tree) if isinstance(node, _Definition)]
    return sorted(found, key=lambda node: node.lineno)


def _cut(lines: list[str], regions: tuple[Region, ...]) -> list[str]:
    kept: list[str] = []
    position = 0
    for region in regions:
        kept += lines[position : region.begin - 1]
        marker = lines[region.begin - 1]
        indent = marker[: len(marker) - len(marker.lstrip())]
        kept.append(f"{indent}# YOUR CODE HERE")
        if region.is_called:
            kept.append(f'{indent}raise NotImplementedError("{".".join(region.scope)}")')
        position = region.end
    return kept + lines[position:]


def _demand_same_outline(
    tree: ast.Module, stub: ast.Module, regions: tuple[Region, ...], name: str
) -> None:
    """Refuse a region that swallowed part of a signature, or a docstring."""
    expected = [
        _signature(node)
        for node in _definitions(tree)
        if not any(region.begin < node.lineno < region.end for region in regions)
    ]
    for before, after in zip(expected, map(_signature, _definitions(stub)), strict=True):
        if before != after:
            raise GraderError(
                f"{name}: the stub of {before[0]} has another signature or docstring;"
                f" move {_BEGIN!r} below the docstring"
            )


def _signature(node: _Definition) -> tuple[str, ...]:
    arguments: list[ast.expr | ast.arguments | None] = [*node.decorator_list]
    arguments += node.bases if isinstance(node, ast.ClassDef) else [node.args, node.returns]
    shown = (ast.dump(part) if part else "" for part in arguments)
    return (node.name, ast.get_docstring(node, clean=False) or "", *shown)
