"""Switch one layer of the protection off, in a copy, and see which attack gets through.

`layers.toml` names each layer, the edits that switch it off in a copy of the
package, and the attacks that it stops. An edit is like a mutant of an assignment:
`replace` must occur exactly once in the file as it is now, so that the table cannot
go stale unnoticed. Nothing in the package itself can be switched off.

Where one layer stands behind another, the one in front must be gone before it can be
seen to work: those are `behind`, and are switched off in both runs.
"""

import functools
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.tables import Table, read_table
from tests.hostile.corpus import HERE, Attack, committed
from tests.hostile.lab import Report, Setting, experiment
from tests.hostile.parcels import parcels
from tests.hostile.people import PACKAGE
from tests.hostile.verdict import complaints

TABLE: Final = HERE / "layers.toml"
REFUSAL: Final = "isolates submissions only at tier none"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to one file of the package."""

    file: str
    replace: str
    with_: str

    def apply(self, package: Path) -> None:
        """Make the change; it must apply exactly once."""
        path = package / self.file
        text = path.read_text("utf-8")
        if text.count(self.replace) != 1:
            raise ValueError(
                f"{self.replace!r} must occur once in {self.file}, not {text.count(self.replace)}"
                f" times; correct {TABLE.name}"
            )
        path.write_text(text.replace(self.replace, self.with_), "utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer, how to switch it off, and what it stops."""

    name: str
    edits: tuple[Edit, ...]
    attacks: tuple[str, ...]  # group/name
    behind: tuple[str, ...]  # layers that would stop them too
    tier: str
    user: str
    needs_root: bool
    refuses: bool  # it stops the grading, not an attack
    quick: bool  # tried in every run of the tests


@functools.cache
def layers() -> dict[str, Layer]:
    """Read the table, strictly."""
    table = read_table(TABLE)
    found = [_read(entry) for entry in table.tables("layer")]
    table.close()
    return {layer.name: layer for layer in found}


def _read(entry: Table) -> Layer:
    name, flags = entry.text("name"), entry.texts("flags", ())
    edits = []
    for edit in entry.tables("edit"):
        edits.append(Edit(edit.text("file"), edit.text("replace"), edit.text("with", blank=True)))
        edit.close()
    layer = Layer(
        name=name,
        edits=tuple(edits),
        attacks=entry.texts("attacks"),
        behind=entry.texts("behind", ()),
        tier="full" if "full" in flags else "reduced",
        user="nobody" if "nobody" in flags else "me",
        needs_root="root" in flags,
        refuses="refuses" in flags,
        quick="quick" in flags,
    )
    entry.close()
    return layer


def without(names: Iterable[str]) -> AbstractContextManager[Path]:
    """Give a copy of the package without these layers."""
    return patched(edit for name in names for edit in layers()[name].edits)


@contextmanager
def patched(edits: Iterable[Edit]) -> Iterator[Path]:
    """Give a copy of the package with these changes."""
    with tempfile.TemporaryDirectory(prefix="without-") as folder:
        Path(folder).chmod(0o755)
        copy = Path(folder, "grader")
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        for edit in edits:
            edit.apply(copy)
        yield copy


def stopped_by_others(layer: Layer) -> list[str]:
    """Say what gets through when only the layers that this one is behind are gone."""
    return _what_gets_through(layer, layer.behind)


def stopped_by_none(layer: Layer) -> dict[str, list[str]]:
    """Say how each of the layer's attacks gets through when it is gone as well."""
    report = _grade(layer, (*layer.behind, layer.name))
    return {attack.title: complaints(attack, report) for attack in _attacks(layer)}


def _what_gets_through(layer: Layer, gone: tuple[str, ...]) -> list[str]:
    report = _grade(layer, gone)
    if layer.refuses:
        return [] if REFUSAL in report.said and not report.results else ["it was graded"]
    # Another layer may stop an attack in other words.
    found = {a.title: complaints(a, report, wording=False) for a in _attacks(layer)}
    return [f"{title}: {complaint}" for title, said in found.items() for complaint in said]


def _grade(layer: Layer, gone: tuple[str, ...]) -> Report:
    options = () if layer.refuses else ("--require-sandbox", "none")
    with without(gone) as package:
        setting = Setting(tier=layer.tier, user=layer.user, package=package, options=options)
        return experiment(_attacks(layer), setting, neighbours=False)


def _attacks(layer: Layer) -> list[Attack]:
    every = {attack.title: attack for attack in (*committed(), *parcels())}
    return [every[title] for title in layer.attacks]
