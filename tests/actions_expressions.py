"""Evaluate `${{ … }}`: as much of GitHub's expressions as our workflows use."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>&&|\|\||==|!=|[!()]))"
)
_FILLED = re.compile(r"\$\{\{((?:(?!\}\}).)*)\}\}")

Context = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]


def fill(text: Any, context: Context, functions: Functions) -> Any:
    """Return a value of a workflow with its expressions replaced by what they mean."""
    if isinstance(text, Mapping):
        return {name: fill(value, context, functions) for name, value in text.items()}
    if not isinstance(text, str):
        return text
    whole = _FILLED.fullmatch(text.strip())
    if whole:
        return evaluate(whole[1], context, functions)
    return _FILLED.sub(lambda m: as_text(evaluate(m[1], context, functions)), text)


def evaluate(expression: str, context: Context, functions: Functions) -> Any:
    """Return the value of one expression."""
    tokens = []
    position = 0
    while position < len(expression.rstrip()):
        match = _TOKEN.match(expression, position)
        assert match is not None, f"not understood: {expression[position:]!r}"
        tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    parser = _Parser(tokens, context, {"fromJSON": json.loads, **functions})
    value = parser.either()
    assert not parser.tokens, f"not understood: {parser.tokens}"
    return value


def as_text(value: Any) -> str:
    """Write a value as GitHub does."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


class _Parser:
    def __init__(
        self, tokens: list[tuple[str, str]], context: Context, functions: Functions
    ) -> None:
        self.tokens = tokens
        self._context = context
        self._functions = functions

    def either(self) -> Any:
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._take("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> Any:
        value = self._single()
        for sign in ("==", "!="):
            if self._take(sign):
                return (as_text(value) == as_text(self._single())) == (sign == "==")
        return value

    def _single(self) -> Any:
        if self._take("!"):
            return not self._single()
        if self._take("("):
            value = self.either()
            assert self._take(")")
            return value
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        assert kind == "name", text
        if not self._take("("):
            return self._look_up(text)
        arguments = [] if self._take(")") else [self.either()]
        assert not arguments or self._take(")")
        return self._functions[text](*arguments)

    def _look_up(self, name: str) -> Any:
        value: Any = self._context
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def _take(self, sign: str) -> bool:
        if self.tokens and self.tokens[0] == ("sign", sign):
            self.tokens.pop(0)
            return True
        return False
