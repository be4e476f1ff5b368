"""Where the nodes of a syntax tree stand in the text they came from."""

import ast
import re
from dataclasses import dataclass
from typing import Any, Final

# Each operator as it is written, and the one that is written for it by mistake.
OPERATORS: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "//"), ast.Pow: ("**", "*"), ast.MatMult: ("@", "*"),
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.And: ("and", "or"), ast.Or: ("or", "and"),
    ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """Put `new` in place of the text from `start` to `end`."""

    start: int
    end: int
    new: str


class Spans:
    """A source, and where in it each node is written."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = source.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def start(self, node: Any) -> int:
        """Return where a node begins, counted in characters."""
        return self._position(node.lineno, node.col_offset)

    def end(self, node: Any) -> int:
        """Return where a node ends."""
        return self._position(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> str:
        """Return a node as it is written."""
        return self.source[self.start(node) : self.end(node)]

    def instead(self, node: ast.AST, new: str) -> Change:
        """Return the change that puts a text in place of a node."""
        return Change(self.start(node), self.end(node), new)

    def operator(self, left: ast.AST, right: ast.AST, kind: ast.AST) -> Change:
        """Return the change of the operator that stands between two operands."""
        old, new = OPERATORS[type(kind)]
        words = (rf"\b{word}\b" if word.isalpha() else re.escape(word) for word in old.split())
        pattern = re.compile(r"\s+".join(words))
        found = pattern.search(self.source, self.end(left), self.start(right))
        assert found is not None, f"the tree has an operator {old!r} that the text has not"  # noqa: S101
        return Change(found.start(), found.end(), new)

    def line_at(self, position: int) -> int:
        """Return the number of the line that a position is in, counted from 1."""
        return self.source.count("\n", 0, position) + 1

    def _position(self, line: int, column: int) -> int:
        # The tree counts columns in bytes.
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())
