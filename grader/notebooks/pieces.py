"""Take one of an assignment's files apart, so that its tasks can stand in cells."""

import ast
from collections.abc import Collection
from dataclasses import dataclass

from grader.errors import GraderError


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """What a file consists of."""

    docstring: str
    given: str  # imports, constants and helpers
    tasks: dict[str, str]  # the text of each task's function or class, by name


def take_apart(text: str, tasks: Collection[str], own: Collection[str], name: str) -> Pieces:
    """Return the pieces of a file.

    Parameters
    ----------
    text : str
        The file: its stub, or its solution.
    tasks : collection of str
        The names of its tasks.
    own : collection of str
        The assignment's modules. In a notebook all functions lie side by side, and
        imports of these are left out.
    name : str
        The file's name, for messages.

    Raises
    ------
    GraderError
        If a task is not defined in it.
    """
    tree = ast.parse(text)
    docstring = ast.get_docstring(tree) or ""
    given: list[str] = []
    found: dict[str, str] = {}
    lines = text.split("\n")
    end = tree.body[0].end_lineno or 0 if docstring else 0
    for node in tree.body[1:] if docstring else tree.body:
        # A comment above a function belongs to it.
        piece = "\n".join(lines[end : node.end_lineno]).strip("\n")
        end = node.end_lineno or end
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in tasks:
            found[node.name] = piece
        elif not imports_own(node, own):
            given.append(piece)
    for task in tasks:
        if task not in found:
            raise GraderError(f"{name} has no function or class {task!r}; add it")
    return Pieces(docstring=docstring, given=_join(given), tasks=found)


def without_own_imports(source: str, own: Collection[str], name: str) -> str:
    """Return a cell without its imports of the assignment's files.

    Raises
    ------
    GraderError
        If it imports one as a whole: `images.to_float` would mean nothing in a notebook.
    """
    lines = source.split("\n")
    for node in reversed(ast.parse(source).body):
        if imports_own(node, own):
            if isinstance(node, ast.Import):
                raise GraderError(
                    f"{name}: {ast.unparse(node)!r} cannot be used where tasks are solved in"
                    " cells; write 'from … import …'"
                )
            del lines[node.lineno - 1 : node.end_lineno]
    return "\n".join(lines).strip("\n")


def imports_own(node: ast.stmt, own: Collection[str]) -> bool:
    """Whether a statement imports one of the assignment's modules."""
    if isinstance(node, ast.ImportFrom):
        return node.module in own
    return isinstance(node, ast.Import) and any(alias.name in own for alias in node.names)


def _join(statements: list[str]) -> str:
    """Put statements under each other: imports close together, anything else apart."""
    text = ""
    for statement in statements:
        close = statement.startswith(("import ", "from ")) or not text
        text += ("" if not text else "\n" if close else "\n\n") + statement
    return text
