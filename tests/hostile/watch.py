"""What is laid out before a run for attackers to find, and looked at afterwards.

A canary is a text that nobody could guess, in a place that no submission may
read; whatever carries it out is a leak. Traps are listeners that nobody may
reach. A fingerprint changes when a file below a folder does, or its mode or times.
"""

import contextlib
import csv
import ctypes
import functools
import hashlib
import os
import re
import secrets
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

CANARIES: Final = (
    "the reference", "the hidden tests", "the environment", "the neighbours",
    "the temporary files", "the memory of the grader",
)  # fmt: skip
_REMOVE: Final = 0  # IPC_RMID

# Control characters but tab and newline, and those that turn the direction of writing.
_STEERING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@functools.cache  # one set for all runs: the random inputs of hidden tests depend on the tests
def canaries() -> dict[str, str]:
    """Make a canary for each secret; all begin alike, so that an attack can search for them."""
    return {place: f"canary-{secrets.token_hex(12)}" for place in CANARIES}


@dataclass(frozen=True, slots=True)
class Traps:
    """Listeners on this machine, of every kind that a process could reach."""

    tcp: socket.socket
    others: tuple[socket.socket, ...]
    path: str
    abstract: str

    @property
    def port(self) -> int:
        """The port, of TCP and UDP alike."""
        return int(self.tcp.getsockname()[1])

    def caught(self) -> list[str]:
        """Say what reached a listener."""
        found = []
        with contextlib.suppress(BlockingIOError):
            found.append(f"a connection from {self.tcp.accept()[1]}")
        for trap in self.others:
            with contextlib.suppress(BlockingIOError):
                found.append(f"a message {trap.recv(100)!r} to {trap.getsockname()!r}")
        return found


@contextlib.contextmanager
def traps(folder: Path) -> Iterator[Traps]:
    """Listen on TCP, UDP, a path and an abstract name."""
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(tcp.getsockname())
        path, abstract = str(folder / "socket"), f"trap-{secrets.token_hex(8)}"
        named, nameless = (
            stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) for _ in range(2)
        )
        named.bind(path)
        Path(path).chmod(0o777)
        nameless.bind(f"\0{abstract}")
        for trap in (tcp, udp, named, nameless):
            trap.setblocking(False)  # noqa: FBT003 - the standard library's own
        yield Traps(tcp, (udp, named, nameless), path, abstract)


def fingerprint(folder: Path, *, caches: bool = True) -> dict[str, str]:
    """Return what changes when something below the folder does, by path.

    Python writes its own caches into a package that is run: they can be left out.
    """
    paths = [path for path in folder.rglob("*") if caches or "__pycache__" not in path.parts]
    return {str(path): _state(path) for path in sorted(paths)}


def _state(path: Path) -> str:
    status = path.lstat()
    facts = f"{status.st_mode:o} {status.st_uid}"
    if path.is_symlink() or not path.is_file():
        return facts
    times = f"{status.st_nlink} {status.st_mtime_ns} {status.st_ctime_ns}"
    return f"{facts} {times} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return the paths that are not as they were."""
    paths = before.keys() | after.keys()
    return sorted(path for path in paths if before.get(path) != after.get(path))


def left_behind(mark: str, key: int, *folders: Path) -> list[str]:
    """Return what bears the mark in the folders, or where anybody may write.

    `key` is that of System V's shared memory, which outlives processes.
    """
    shared = {"/", "/tmp", "/var/tmp", "/dev/shm", "/run", tempfile.gettempdir()}  # noqa: S108
    places = [*map(Path, shared), Path.home(), Path.cwd(), *folders]
    found = {str(path) for place in places for path in place.glob(f"*{mark}*")}
    return sorted(found | ({"shared memory"} if _remove_shared_memory(key) else set()))


def _remove_shared_memory(key: int) -> bool:
    """Remove the segment under the key, and say whether there was one."""
    libc = ctypes.CDLL(None)
    segment = libc.shmget(key, 0, 0)
    return segment >= 0 and libc.shmctl(segment, _REMOVE, None) == 0


def running(word: str) -> list[str]:
    """Return the processes whose command line holds a word.

    A fork keeps its parent's command line, and that of both servers names the course.
    """
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (process / "cmdline").read_bytes().decode(errors="replace")
            if word in line and int(process.name) != os.getpid():
                found.append(f"{process.name}: {line[:200]!r}")
    return found


def steering(text: str) -> list[str]:
    """Return the characters of a text that could steer a terminal."""
    return sorted({repr(character) for character in _STEERING.findall(text)})


def formulas(folder: Path) -> list[str]:
    """Return the cells of all tables below a folder that a spreadsheet would work out."""
    found = []
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        found += [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    return found


def scripts(folder: Path) -> list[str]:
    """Return what would run, of all that submissions put into the pages below a folder."""
    found = []
    for path in folder.rglob("*.html"):
        reader = _Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        found += [f"{path.name}: {what}" for what in reader.found]
    return found


class _Reader(HTMLParser):
    """Looks for what only an attacker would put into a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look for handlers of events, and for addresses that are code."""
        self._in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the standard library's own
        """Leave a script."""
        self._in_script = False

    def handle_data(self, data: str) -> None:
        """Look for the scripts of the corpus."""
        if self._in_script and "alert(1)" in data:
            self.found.append(f"<script>{data[:100]}")
