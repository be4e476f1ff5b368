"""Attacks that are made when they are handed in: archives, links, FIFOs, poisoned sources."""

import inspect
from collections.abc import Mapping
from pathlib import Path

from tests.hostile.corpus import Attack, declared
from tests.hostile.files import folders, names, sources, tars, zips
from tests.hostile.files.desk import MAKERS, Desk, Make

__all__ = ["build", "folders", "names", "parcels", "sources", "tars", "zips"]


def parcels() -> tuple[Attack, ...]:
    """Return the attacks that are made here."""
    return tuple(_describe(name, make) for name, make in MAKERS.items())


def build(attack: Attack, folder: Path, kit: str, facts: Mapping[str, object]) -> None:
    """Hand an attack in: make its entry in the folder of the class."""
    desk = Desk(folder / attack.name, kit.encode(), facts)
    if attack.sources:
        desk.folder({name: text.encode() for name, text in attack.sources.items()})
    else:
        MAKERS[attack.name](desk)


def _describe(name: str, make: Make) -> Attack:
    text = inspect.getdoc(make) or ""
    return declared(name, "files", text, text.partition("\n")[0])
