"""Make small systematic mistakes in a solution: what an author has not thought of.

Every edit is one that people make: an axis swapped, a term dropped, a bound off
by one, a sign flipped, a copy forgotten, a mean for a sum. Which edits there are
follows from the syntax tree; the edit itself is made in the text, so that the
author reads a survivor in the words of the solution.

The same source gives the same edits in the same order. Only solution regions are
edited, and in these no messages of errors, which no test should pin down.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from grader.authoring.spans import OPERATORS, Change, Spans
from grader.authoring.stub import make_stub
from grader.mutants import Mutant

_TWINS: Final = {
    a: b
    for pair in (
        ("sum", "mean"), ("min", "max"), ("minimum", "maximum"), ("argmin", "argmax"),
        ("any", "all"), ("floor", "ceil"), ("zeros", "ones"), ("zeros_like", "ones_like"),
        ("vstack", "hstack"), ("exp", "log"), ("rint", "floor"), ("round", "floor"),
    )
    for a, b in (pair, pair[::-1])
}  # fmt: skip
_CASTS: Final = {"float", "int", "asarray", "ascontiguousarray", "copy"}
_COPIES: Final = {"copy", "astype", "clone", "detach"}
_MODULES: Final = {"np", "numpy", "torch"}
_AXES: Final = {"transpose", "swapaxes", "moveaxis", "permute"}  # whose arguments are axes
_ANY_ORDER: Final = {"min", "max", "minimum", "maximum", "add", "multiply", "array_equal"}
_OTHER_AXIS: Final = {0: "1", 1: "0", 2: "1", -1: "0", -2: "-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip(Mutant):
    """A systematic edit."""

    line: int


def systematic_mutants(source: str, file: str) -> list[Slip]:
    """Return every systematic edit of the solution regions of one file."""
    text = Spans(source)
    tree = ast.parse(source)
    regions = [(region.begin, region.end) for region in make_stub(source, file).regions]
    seen = {ast.dump(tree)}
    mutants = []
    for change in _changes(text, tree):
        line = text.line_at(change.start)
        if not any(begin < line and text.line_at(change.end) < end for begin, end in regions):
            continue
        edited = source[: change.start] + change.new + source[change.end :]
        try:
            shape = ast.dump(ast.parse(edited))
        except SyntaxError:
            continue
        if shape not in seen:
            seen.add(shape)
            mutants.append(_mutant(source, file, line, change))
    return mutants


def _mutant(source: str, file: str, line: int, change: Change) -> Slip:
    """Describe a change by whole lines, as many as it takes for them to occur once."""
    old = source[change.start : change.end]
    column = change.start - source.rfind("\n", 0, change.start)
    begin = source.rfind("\n", 0, change.start) + 1
    end = source.find("\n", change.end)
    while source.count(source[begin:end]) > 1:
        begin = source.rfind("\n", 0, begin - 1) + 1
    return Slip(
        name=f"{file}:{line}:{column}: {_shown(old)} → {_shown(change.new)}",
        file=file,
        replace=source[begin:end],
        with_=source[begin : change.start] + change.new + source[change.end : end],
        line=line,
    )


def _shown(text: str) -> str:
    words = " ".join(text.split()) or "nothing"
    return words if len(words) <= 40 else f"{words[:39]}…"


def _changes(text: Spans, node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a node, then those of the nodes in it, in the order of the text."""
    if rule := _RULES.get(type(node)):
        yield from rule(text, node)
    for child in _children(node):
        yield from _changes(text, child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise | ast.JoinedStr) or _is_axis(node, child):
            continue
        if isinstance(child, ast.Tuple) and _is_membership(node):
            yield from child.elts  # whose order means nothing
        else:
            yield child


def _is_axis(node: ast.AST, child: ast.AST) -> bool:
    """Tell whether a child is an axis, which is swapped and never one more or less."""
    if isinstance(child, ast.keyword):
        return child.arg == "axis"
    return isinstance(node, ast.Call) and _name(node.func) in _AXES and child is not node.func


def _is_membership(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) and isinstance(node.ops[-1], ast.In | ast.NotIn)


def _constant(text: Spans, node: ast.Constant) -> Iterator[Change]:
    match node.value:
        case bool() as value:
            yield text.instead(node, str(not value))
        case int() as value:
            yield text.instead(node, str(value + 1))
            yield text.instead(node, str(value - 1))
        case float() as value:
            yield text.instead(node, str(value * 2 or 1.0))


def _unary(text: Spans, node: ast.UnaryOp) -> Iterator[Change]:
    yield text.instead(node, re.sub(r"^(not\b|[-+~])\s*", "", text.of(node)))


def _binary(text: Spans, node: ast.BinOp) -> Iterator[Change]:
    if type(node.op) not in OPERATORS:
        return
    swap = text.operator(node.left, node.right, node.op)
    yield swap
    left = text.source[text.start(node) : swap.start].rstrip()
    right = text.source[swap.end : text.end(node)].lstrip()
    yield text.instead(node, left)
    if isinstance(node.op, ast.Add | ast.Mult):
        yield text.instead(node, right)
    if isinstance(node.op, ast.Sub):
        yield text.instead(node, f"-{right}")


def _augmented(text: Spans, node: ast.AugAssign) -> Iterator[Change]:
    if type(node.op) in OPERATORS:
        yield text.operator(node.target, node.value, node.op)
        yield text.instead(node, f"{text.of(node.target)} = {text.of(node.value)}")
    yield text.instead(node, "pass")


def _statement(text: Spans, node: ast.Expr) -> Iterator[Change]:
    if isinstance(node.value, ast.Call):
        yield text.instead(node, "pass")


def _compare(text: Spans, node: ast.Compare) -> Iterator[Change]:
    operands = [node.left, *node.comparators]
    for (left, right), operator in zip(pairwise(operands), node.ops, strict=True):
        yield text.operator(left, right, operator)


def _boolean(text: Spans, node: ast.BoolOp) -> Iterator[Change]:
    swaps = [text.operator(left, right, node.op) for left, right in pairwise(node.values)]
    yield from swaps
    ends = [len(text.source[: swap.start].rstrip()) for swap in swaps] + [text.end(node)]
    after = text.source[swaps[0].end :]
    yield Change(text.start(node), len(text.source) - len(after.lstrip()), "")
    for end, following in pairwise(ends):
        yield Change(end, following, "")


def _slice(text: Spans, node: ast.Slice) -> Iterator[Change]:
    for bound in (node.lower, node.upper):
        yield from _off_by_one(text, bound)
    if node.step is not None:
        yield text.instead(node.step, "")


def _off_by_one(text: Spans, bound: ast.expr | None) -> Iterator[Change]:
    if bound is not None and not isinstance(bound, ast.Constant):
        yield text.instead(bound, f"{text.of(bound)} + 1")
        yield text.instead(bound, f"{text.of(bound)} - 1")


def _call(text: Spans, node: ast.Call) -> Iterator[Change]:
    name = _name(node.func)
    if name in _TWINS:
        end = text.end(node.func)
        yield Change(end - len(name), end, _TWINS[name])
    if (
        isinstance(node.func, ast.Attribute)
        and name in _COPIES
        and _name(node.func.value) not in _MODULES
    ):
        yield text.instead(node, text.of(node.func.value))
    elif name in _CASTS and node.args:
        yield text.instead(node, text.of(node.args[0]))
    if name == "range":
        for argument in node.args:
            yield from _off_by_one(text, argument)
    if name not in _ANY_ORDER:
        yield from _swapped(text, node.args)
    yield from _keywords(text, node)


def _keywords(text: Spans, node: ast.Call) -> Iterator[Change]:
    for keyword in node.keywords:
        if keyword.arg == "dtype" and node.args:
            others = (text.end(other) for other in [*node.args, *node.keywords])
            before = max(end for end in others if end < text.start(keyword))
            yield Change(before, text.end(keyword), "")
        if keyword.arg == "axis":
            try:
                other = _OTHER_AXIS.get(ast.literal_eval(keyword.value))
            except (ValueError, TypeError):
                continue
            if other:
                yield text.instead(keyword.value, other)


def _tuple(text: Spans, node: ast.Tuple) -> Iterator[Change]:
    yield from _swapped(text, node.elts)


def _swapped(text: Spans, nodes: Sequence[ast.expr]) -> Iterator[Change]:
    """Yield the exchange of neighbours of the same kind."""
    for one, two in pairwise(nodes):
        if type(one) is type(two):
            between = text.source[text.end(one) : text.start(two)]
            new = text.of(two) + between + text.of(one)
            yield Change(text.start(one), text.end(two), new)


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


_RULES: Final[dict[type[ast.AST], Callable[[Spans, Any], Iterator[Change]]]] = {
    ast.Constant: _constant,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.Expr: _statement,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.Slice: _slice,
    ast.Call: _call,
    ast.Tuple: _tuple,
}
