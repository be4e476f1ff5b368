"""Run the cells of a notebook one by one, in one namespace, as IPython would.

This text is sent into the sandboxed worker in place of a submission, and is called
there with one cell at a time: the student's, and between them the instructor's tests.

Trust: none. The student's code runs in this very interpreter and can change every
line below, or read a test that is running; so can it in nbgrader. What it cannot do
is to reach beyond the worker, or to keep the grader from a verdict.
"""

import ast
import contextlib
import io
import linecache
import sys
import time
import traceback
from types import ModuleType
from typing import Any, Final

from grader.alarm import TimeUp, alarm

_LONGEST: Final = 2000

_notebook = ModuleType("__main__")  # what a class of theirs says it comes from
_notebook.__dict__["display"] = print
_cells: dict[str, str] = {}


def run(source: bytes, plain: bytes, name: str, seconds: float) -> dict[str, Any]:
    """Run one cell; return what became of it, in words and a number.

    Parameters
    ----------
    plain : bytes
        The cell without its magics, which is run if it is no Python as it is.

    Returns
    -------
    dict
        `error` (what it raised, or ""), `late` (whether its time was up), `stderr` (the
        beginning of it) and `value` (the last expression's, if it is a number).
    """
    sys.modules["__main__"] = _notebook
    noise = io.StringIO()
    answer: dict[str, Any] = {"error": "", "late": False, "value": None}
    with contextlib.redirect_stderr(noise):
        try:
            with alarm(time.monotonic() + seconds):
                text = (source if _is_python(source) else plain).decode()
                answer["value"] = _number(_execute(text, name))
        except TimeUp:
            answer["late"] = True
        except BaseException as error:  # whatever a student raises
            answer["error"] = _describe(error)
    return {**answer, "stderr": noise.getvalue()[:_LONGEST]}


def _is_python(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _execute(source: str, name: str) -> object:
    """Run statements; return the value of a last expression that has no semicolon behind it."""
    file = f"<{name}>"
    _cells[file] = source
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    tree = ast.parse(source, file)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        exec(compile(tree, file, "exec"), _notebook.__dict__)  # noqa: S102 - what a worker is for
        return None
    first = ast.Module(tree.body[:-1], tree.type_ignores)
    exec(compile(first, file, "exec"), _notebook.__dict__)  # noqa: S102
    return eval(compile(ast.Expression(last.value), file, "eval"), _notebook.__dict__)  # noqa: S307


def _number(value: object) -> float | None:
    """Return what can only be meant as points: a number, or an array of one."""
    if value is None or isinstance(value, bool | str | bytes) or not hasattr(value, "__float__"):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):  # an array of several
        return None


def _describe(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}"[:_LONGEST].rstrip(": ") or "an error"  # never blank
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename in _cells:
            line = f": {frame.line.strip()}" if frame.line else ""
            return f"{text}\n  at {frame.filename.strip('<>')}, line {frame.lineno}{line}"
    return text
