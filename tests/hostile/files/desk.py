"""Where attacks by files are made: each is a function that hands in one entry of a class.

Git could not hold most of them, an editor would trip over the others, and nobody
could see in a binary file what it is. A function's docstring declares it in the
words of corpus.py. What is handed in beside the attack is right, so that it earns
full points if it is read all the same.
"""

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.hostile.corpus import HERE

RIGHT: Final = (HERE / "honest" / "perfect.py").read_bytes()
STUB: Final = (HERE / "honest" / "stub.py").read_bytes()

Make = Callable[["Desk"], None]
MAKERS: Final[dict[str, Make]] = {}


class Desk:
    """Where an entry is made: its path without a suffix, and what every attacker is told."""

    def __init__(self, entry: Path, kit: bytes, facts: Mapping[str, object]) -> None:
        self.entry = entry
        self.kit = kit
        self.facts = facts

    def told(self, fact: str) -> str:
        """Return a fact, such as where the reference lies."""
        return str(self.facts[fact])

    def folder(self, files: Mapping[str, bytes]) -> Path:
        """Hand in a folder with these files and the kit."""
        for name, content in {"kit.py": self.kit, **files}.items():
            path = self.entry / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return self.entry

    def file(self, suffix: str, content: bytes) -> None:
        """Hand in a file."""
        self.entry.with_name(self.entry.name + suffix).write_bytes(content)

    def zip(self, *members: tuple[zipfile.ZipInfo | str, bytes], right: bool = True) -> bytearray:
        """Return a zip with these members after the right files."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (*self._files(right=right), *members):
                archive.writestr(name, content)
        return bytearray(stream.getvalue())

    def tar(self, *members: tuple[tarfile.TarInfo | str, bytes], right: bool = True) -> bytes:
        """Return a tar (not compressed) with these members after the right files."""
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for member, content in (*self._files(right=right), *members):
                info = tarfile.TarInfo(member) if isinstance(member, str) else member
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return stream.getvalue()

    def _files(self, *, right: bool) -> list[tuple[str, bytes]]:
        return [("answers.py", RIGHT), ("kit.py", self.kit)] if right else [("kit.py", self.kit)]


def parcel(make: Make) -> Make:
    """Keep a function as the attack that it is named for."""
    MAKERS[make.__name__.strip("_").replace("_", "-")] = make
    return make


def named(name: str) -> Callable[[Make], Make]:
    """Give an attack a name that is itself the attack."""

    def keep(make: Make) -> Make:
        MAKERS[name] = make
        return make

    return keep
