"""Read an assignment's `mutants.toml`: the known-wrong variants of its solution.

    [[mutant]]
    name = "gradient-of-the-sum"
    file = "losses.py"
    replace = "dlogits / n"            # must occur exactly once
    with = "dlogits"
    fails = ["test_gradient_agrees_with_central_differences"]
    hint = "This is the gradient of the summed loss. The loss is a mean: divide by N."

    [[equivalent]]                     # an edit that changes no behaviour
    file = "losses.py"
    replace = "if n > 0:"
    with = "if n >= 1:"
    why = "n is a whole number."

A mutant is one edit of the solved source, never a second copy of it: when the
solution moves on, a stale edit does not apply any more, and that is an error.
"""

import ast
import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from grader.course import Assignment
from grader.errors import GraderError
from grader.tables import Table, read_table, suggest

MUTANTS = "mutants.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change to one file of the solution."""

    file: str
    replace: str  # occurs exactly once in the file
    with_: str

    def apply(self, sources: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the sources with this change made.

        Raises
        ------
        GraderError
            If it does not apply, changes nothing, or leaves no valid Python.
        """
        before = sources[self.file].decode()
        count = before.count(self.replace)
        if count != 1:
            remedy = "add what stands around it" if count else "copy it from the file as it is now"
            raise GraderError(
                f"'replace' must occur once in {self.file}, it occurs {count} times; {remedy}"
            )
        after = before.replace(self.replace, self.with_)
        if after == before:
            raise GraderError(f"it changes nothing in {self.file}; 'with' must differ")
        try:
            ast.parse(after)
        except SyntaxError as error:
            raise GraderError(
                f"it leaves no valid Python in {self.file}, line {error.lineno} ({error.msg});"
                " correct 'with'"
            ) from None
        return {**sources, self.file: after.encode()}

    def diff(self, sources: Mapping[str, bytes]) -> str:
        """Return the change as a unified diff."""
        before, after = (s[self.file].decode().splitlines() for s in (sources, self.apply(sources)))
        return "\n".join(difflib.unified_diff(before, after, self.file, self.file, "", "", 1, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant(Edit):
    """A wrong variant of the solution."""

    name: str
    fails: tuple[str, ...] = ()  # the test functions that must fail
    hint: str = ""  # what a good teacher would say


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent(Edit):
    """An edit that looks like a mistake and changes nothing."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutants:
    """What an assignment's `mutants.toml` holds."""

    mutants: tuple[Mutant, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()


def read_solution(assignment: Assignment) -> dict[str, bytes]:
    """Return the solved files, as if they had been handed in."""
    try:
        return {name: (assignment.folder / name).read_bytes() for name in assignment.files}
    except OSError as error:
        raise GraderError(f"cannot read {error.filename} ({error.strerror}); add it") from error


def read_mutants(assignment: Assignment) -> Mutants:
    """Read `mutants.toml`, strictly, and try each edit; an assignment without one has no mutants.

    Raises
    ------
    GraderError
        If the file is malformed, or one of its edits does not apply.
    """
    path = assignment.folder / MUTANTS
    if not path.is_file():
        return Mutants()
    table = read_table(path)
    read = Mutants(
        mutants=tuple(_read_mutant(entry) for entry in table.tables("mutant", optional=True)),
        equivalents=tuple(
            _read_equivalent(entry) for entry in table.tables("equivalent", optional=True)
        ),
    )
    table.close()
    names = [mutant.name for mutant in read.mutants]
    for name in names:
        if names.count(name) > 1:
            raise GraderError(f"{path}: two mutants are called {name!r}; rename one")
    solution = read_solution(assignment)
    for mutant in read.mutants:
        _try(mutant, solution, f"{path}: mutant {mutant.name!r}")
    for number, equivalent in enumerate(read.equivalents, start=1):
        _try(equivalent, solution, f"{path}: [[equivalent]] {number}")
    return read


def _read_mutant(table: Table) -> Mutant:
    mutant = Mutant(
        name=table.text("name"),
        file=table.text("file"),
        replace=table.text("replace"),
        with_=table.text("with", blank=True),
        fails=table.texts("fails"),
        hint=table.text("hint"),
    )
    table.close()
    return mutant


def _read_equivalent(table: Table) -> Equivalent:
    equivalent = Equivalent(
        file=table.text("file"),
        replace=table.text("replace"),
        with_=table.text("with", blank=True),
        why=table.text("why"),
    )
    table.close()
    return equivalent


def _try(edit: Edit, solution: Mapping[str, bytes], where: str) -> None:
    if edit.file not in solution:
        remedy = suggest(edit.file, solution) or f"; there is {', '.join(solution)}"
        raise GraderError(f"{where}: no file {edit.file!r} is handed in{remedy}")
    if isinstance(edit, Mutant) and not edit.fails:
        raise GraderError(f"{where}: 'fails' is empty; name the tests that must fail")
    try:
        edit.apply(solution)
    except GraderError as error:
        raise GraderError(f"{where}: {error}") from None
