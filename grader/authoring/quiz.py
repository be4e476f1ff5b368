"""Take the answers out of a quiz.

The quiz is read and written again from what must stay, rather than filtered by
lines: an answer that spans lines, or a comment beside it, cannot slip through.
"""

import json
import re
import tomllib

from grader.errors import GraderError

_ANSWERS = {"answer", "answers", "correct", "explanation", "reason", "reasons"}
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def without_answers(text: str, name: str) -> str:
    """Return the quiz without the keys that hold answers; `name` is for messages."""
    try:
        values = tomllib.loads(text)
    except ValueError as error:
        raise GraderError(f"{name} is not valid TOML ({error}); correct it there") from error
    return "\n".join(_table(values, ())).strip() + "\n"


def _table(values: dict[str, object], path: tuple[str, ...]) -> list[str]:
    """Render a table: its plain values, then the tables in it."""
    plain, nested = [], []
    for key, value in values.items():
        inner = (*path, _key(key))
        if key in _ANSWERS:
            continue
        if isinstance(value, dict):
            nested += ["", f"[{'.'.join(inner)}]", *_table(value, inner)]
        elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            for table in value:
                nested += ["", f"[[{'.'.join(inner)}]]", *_table(table, inner)]
        else:
            plain.append(f"{inner[-1]} = {_value(value)}")
    return plain + nested


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _value(key)


def _value(value: object) -> str:
    if isinstance(value, str):
        # JSON's strings are TOML's, but for the one control character JSON leaves as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        kept = (f"{_key(k)} = {_value(v)}" for k, v in value.items() if k not in _ANSWERS)
        return f"{{ {', '.join(kept)} }}"
    return str(value)  # a number, or a date, which prints as TOML writes it
