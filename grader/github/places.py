"""Where in a student's files an annotation points.

To the student's own line, where what is wrong says one; else to the `def` or `class`
of the task; nowhere, if neither is known.

Trust: the texts quote the student. A place counts only where our own sentences put it,
and only in a file of the assignment that has such a line.
"""

import ast
import os
import re
from pathlib import Path
from typing import Final

from grader.checks.source import parse_source
from grader.course import Assignment
from grader.exports.github import Place
from grader.exports.view import Shown

_FILE: Final = r"(?P<file>\w+\.py)"
# In this order; of several lines "at …" the last is ours, the others are in a message.
_SENTENCES: Final = (
    re.compile(rf"\A{_FILE}, line (?P<line>\d+) (?:imports|uses) "),
    re.compile(rf"\A{_FILE} cannot be imported: .*\((?P=file), line (?P<line>\d+)\)$", re.M),
    re.compile(rf"\A{_FILE} cannot be imported: .*line (?P<line>\d+) is not utf-8 text", re.M),
    re.compile(rf"^  at {_FILE}, line (?P<line>\d+)(?::|$)", re.M),
)


class Places:
    """The places of one submission's files, as paths from the repository's root.

    Parameters
    ----------
    assignment : Assignment
        In the student's folder.
    root : Path
        The root of the repository.
    """

    def __init__(self, assignment: Assignment, root: Path) -> None:
        self._assignment = assignment
        folder = assignment.folder.resolve()
        path = os.path.relpath(folder, root.resolve()) if _lies_in(folder, root) else ""
        self._prefix = "" if path in ("", ".") else Path(path).as_posix() + "/"

    def __call__(self, test: Shown) -> Place | None:
        """Return where to point for a test that does not pass."""
        return self._said(test.text) or self._definition(test.task)

    def _said(self, text: str) -> Place | None:
        for sentence in _SENTENCES:
            for match in reversed(list(sentence.finditer(text))):
                file, line = match["file"], int(match["line"][:9])
                if 1 <= line <= self._source(file).count(b"\n") + 1 and self._source(file):
                    return Place(self._prefix + file, line)
        return None

    def _definition(self, name: str) -> Place | None:
        files = [task.file for task in self._assignment.tasks if task.name == name]
        if not files:
            return None
        source = self._source(files[0])
        try:
            body = parse_source(source, files[0]).body if source else []
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        lines = [node.lineno for node in body if isinstance(node, kinds) and node.name == name]
        return Place(self._prefix + files[0], lines[-1]) if lines else None

    def _source(self, file: str) -> bytes:
        """Return a file's content; nothing if it is none of the assignment's, or missing."""
        path = self._assignment.folder / file
        if file not in self._assignment.files or not path.is_file():
            return b""
        return path.read_bytes()


def _lies_in(folder: Path, root: Path) -> bool:
    return folder.is_relative_to(root.resolve())


def repository_root(folder: Path) -> Path:
    """Return the root of the repository that a folder lies in; itself, if in none."""
    workspace = os.environ.get("GITHUB_WORKSPACE", "")
    if workspace and _lies_in(folder.resolve(), Path(workspace)):
        return Path(workspace)
    above = (folder.resolve(), *folder.resolve().parents)
    return next((path for path in above if (path / ".git").exists()), folder)
