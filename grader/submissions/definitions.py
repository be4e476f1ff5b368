"""Make the files of an assignment out of a notebook's cells.

Each file becomes what its tasks need, found by name wherever it stands: imports,
functions, classes and assignments, and what these need in turn. The rest of a
notebook tries, trains and draws; none of it is run. So a cell that is broken costs
only the tasks that need it, what is banned in one file may be used for another, and
no file needs another one.

A name means what it meant when the cells were run from top to bottom: inside a
function the last thing it was bound to, elsewhere what it was bound to last before.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.submissions.files import shown
from grader.submissions.statements import STAR, Statement, read_statements

_MOST_NOTES: Final = 5
_LONGEST_NOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a notebook's cells define."""

    sources: dict[str, bytes]  # by file, each of the assignment
    notes: tuple[str, ...]
    defined: frozenset[str]  # the tasks that are defined in cells


def gather(cells: Sequence[str], tasks: Mapping[str, Sequence[str]]) -> Gathered:
    """Return the files that the cells amount to.

    Parameters
    ----------
    cells : sequence of str
        The text of each code cell.
    tasks : mapping of str to sequence of str
        Each file of the assignment, and the names of its tasks.
    """
    statements, notes = read_statements(list(cells))
    own = {file.removesuffix(".py") for file in tasks}
    defined = {name for each in statements if each.module not in own for name in each.binds}
    # An assignment's own file is made of these cells, and has no other contents.
    statements = [each for each in statements if not _is_replaced(each, own, defined)]
    names = [name for file in tasks.values() for name in file]
    times = Counter(name for each in statements if each.defines for name in each.binds)
    notes += [
        f"{name} is defined {times[name]} times; the last one counts"
        for name in names
        if times[name] > 1
    ]
    graph = _Graph(statements)
    return Gathered(
        sources={file: _source(file, graph.needed(tasks[file])) for file in tasks},
        notes=tuple(shown(note, _LONGEST_NOTE) for note in notes[:_MOST_NOTES]),
        defined=frozenset(defined.intersection(names)),
    )


def _is_replaced(statement: Statement, own: set[str], defined: set[str]) -> bool:
    return statement.module in own and (statement.binds <= defined or STAR in statement.binds)


def _source(file: str, statements: Sequence[Statement]) -> bytes:
    lines = [f"# {file}: what its tasks need of the notebook's code cells.", ""]
    cell = 0
    # These come before any other statement, or not at all.
    for each in sorted(statements, key=lambda each: each.module != "__future__"):
        if each.cell != cell and each.module != "__future__":
            cell = each.cell
            lines += ["", f"# Code cell {cell}", ""]
        lines.append(each.text)
    return "\n".join([*lines, ""]).encode()


class _Graph:
    """Which statements a name needs."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._statements = statements
        self._binders: defaultdict[str, list[int]] = defaultdict(list)
        for place, statement in enumerate(statements):
            for name in statement.binds:
                self._binders[name].append(place)

    def needed(self, names: Sequence[str]) -> list[Statement]:
        """Return the statements without which the names would not mean what they do."""
        always = [
            place
            for place, each in enumerate(self._statements)
            if STAR in each.binds or each.module == "__future__"
        ]
        queue = [(place, math.inf) for place in always]
        queue += [(place, math.inf) for name in names for place in self._binding(name, math.inf)]
        seen: set[tuple[int, float]] = set()
        while queue:
            place, horizon = state = queue.pop()
            if state in seen:
                continue
            seen.add(state)
            statement = self._statements[place]
            # What runs at once, and the functions that it calls, see what came before.
            queue += [(p, place) for name in statement.now for p in self._binding(name, place)]
            queue += [
                (p, horizon) for name in statement.later for p in self._binding(name, horizon)
            ]
        return [self._statements[place] for place in sorted({place for place, _ in seen})]

    def _binding(self, name: str, end: float) -> list[int]:
        """Return what makes a name what it is before a place: its last binding, and all changes."""
        found = []
        for place in reversed(self._binders.get(name, [])):
            if place >= end:
                continue
            found.append(place)
            if self._statements[place].replaces:
                break
        return found
