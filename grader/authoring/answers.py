"""Find the values that hidden tests expect, and whether students can read them.

What a test expects is the second argument of `assert_allclose` or the other side
of `==`: written there, under a name, or as a case of `parametrize`. A value
counts when nobody would write it by chance: a number with five significant
digits, or an array of at least four different numbers that do not just count up.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

_DIGITS: Final = 5
_FEWEST: Final = 4
_COMPARES: Final = re.compile(r"assert\w*(allclose|equal)\w*")
_MAKERS: Final = {"np", "numpy", "float", "int"}
_NUMBER: Final = re.compile(r"(?<![\w.])-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers that a hidden test expects, and where it says so."""

    line: int
    numbers: tuple[float, ...]

    def __str__(self) -> str:
        shown = ", ".join(f"{number:g}" for number in self.numbers[:_FEWEST])
        return f"{self.numbers[0]!r}" if len(self.numbers) == 1 else f"[{shown}, …]"


def expected_answers(source: str) -> list[Answer]:
    """Return the telling values that the tests in a source expect."""
    tree = ast.parse(source)
    names = _named(tree)
    found = {
        answer.numbers: answer
        for node in ast.walk(tree)
        for expected in _expected(node)
        for answer in _literals(expected, names)
        if _is_telling(answer.numbers)
    }
    return list(found.values())


def released_answers(source: str, released: Mapping[str, str]) -> Iterator[tuple[Answer, str]]:
    """Yield each telling value of a hidden test that a released text holds, with the text's name.

    Parameters
    ----------
    source : str
        A file of hidden tests.
    released : mapping of str to str
        Name and content of each text that students receive.
    """
    numbers = {name: [float(n) for n in _NUMBER.findall(text)] for name, text in released.items()}
    for answer in expected_answers(source):
        wanted, length = list(answer.numbers), len(answer.numbers)
        for name, present in numbers.items():
            starts = (at for at, number in enumerate(present) if number == wanted[0])
            if any(present[at : at + length] == wanted for at in starts):
                yield answer, name


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Return what each name may stand for: what is assigned to it, and its cases."""
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                names.setdefault(name, []).append(value)
            case ast.Call(
                func=ast.Attribute(attr="parametrize"), args=[labels, ast.List(elts=cases), *_]
            ):
                for name, value in _cases(labels, cases):
                    names.setdefault(name, []).append(value)
    return names


def _cases(labels: ast.expr, cases: list[ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    named = ast.literal_eval(labels)
    columns = [n.strip() for n in named.split(",")] if isinstance(named, str) else list(named)
    for case in cases:
        match case:
            case ast.Call(args=values):  # pytest.param(…)
                pass
            case ast.Tuple(elts=values) if len(columns) > 1:
                pass
            case _:
                values = [case]
        yield from zip(columns, values, strict=False)


def _expected(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[_, expected, *_]):
            if _COMPARES.fullmatch(name):
                yield expected
        case ast.Assert(test=ast.Compare(left=left, comparators=others)):
            yield from (left, *others)


def _literals(node: ast.expr, names: Mapping[str, list[ast.expr]]) -> Iterator[Answer]:
    """Yield the numbers and arrays that an expression is made of, but no arguments of functions."""
    if numbers := _numbers(node):
        yield Answer(node.lineno, numbers)
        return
    match node:
        case ast.Name(id=name):
            parts = names.get(name, [])
            names = {}  # one step is enough, and cannot go round in a circle
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            pass
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.Call(func=function, args=parts) if _root(function) in _MAKERS:
            pass
        case _:
            parts = []
    for part in parts:
        yield from _literals(part, names)


def _numbers(node: ast.expr) -> tuple[float, ...]:
    """Return a literal's numbers, row by row; none if it is anything but numbers."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return ()
    flat = list(_flat(value))
    numbers = [float(n) for n in flat if isinstance(n, int | float) and not isinstance(n, bool)]
    return tuple(numbers) if len(numbers) == len(flat) else ()


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part)
    else:
        yield value


def _root(function: ast.expr) -> str:
    while isinstance(function, ast.Attribute):
        function = function.value
    return function.id if isinstance(function, ast.Name) else ""


def _is_telling(numbers: tuple[float, ...]) -> bool:
    if len(numbers) == 1:
        digits = Decimal(repr(numbers[0])).normalize().as_tuple().digits
        return len(digits) >= _DIGITS
    steps = {two - one for one, two in pairwise(numbers)}
    return len(set(numbers)) >= _FEWEST and len(steps) > 1
