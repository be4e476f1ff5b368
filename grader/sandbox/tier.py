"""How well a submission is confined: found out by trying, never by asking.

A child that has confined itself tries everything that must now fail and reports
the outcome, before it receives the submission. Trust: the report comes from our
own code in a process that has not yet seen a byte of a stranger's, so it is
believed; the same report at any later time would be a claim.

    full      whatever was tried is denied, and hidden files do not exist
    reduced   whatever was tried is denied; hidden files exist, but cannot be opened
    none      something succeeded: only limits of time and memory can be relied on

Hidden files do not exist when the zygote was started with `bubblewrap_prefix`:
in namespaces of its own, with only what it needs in sight. That is done once,
and costs a child nothing.
"""

import contextlib
import errno
import functools
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

_DENIED, _ALLOWED, _ABSENT = "denied", "allowed", "absent"
_HIDDEN = "open a hidden file"
_OLDEST_LANDLOCK_ABI = 3


class Tier(StrEnum):
    """A degree of isolation, from none up."""

    NONE = "none"
    REDUCED = "reduced"
    FULL = "full"

    def at_least(self, other: "Tier") -> bool:
        """Say whether this isolates as well as the other, or better."""
        order = list(Tier)
        return order.index(self) >= order.index(other)


def self_test(hidden: str) -> dict[str, str]:
    """Try what a confined process must not be able to do, and undo what succeeded.

    Parameters
    ----------
    hidden
        A file that exists outside and that no submission may read.

    Returns
    -------
    dict of str to str
        What was tried, and whether it was "denied" or "allowed", or the thing to
        try it on was "absent".
    """
    if not Path(hidden).is_absolute():
        raise ValueError(f"{hidden!r} would be absent whatever the tier")
    return {name: _outcome(attempt, hidden) for name, attempt in _ATTEMPTS.items()}


def tier_of(attestation: Mapping[str, object]) -> Tier:
    """Judge the report of a confined child: its "layers", and what it "tried"."""
    if _shortcomings(attestation):
        return Tier.NONE
    return Tier.REDUCED if _tried(attestation)[_HIDDEN] == _DENIED else Tier.FULL


def explain(attestation: Mapping[str, object]) -> str:
    """Say in one sentence why the tier is not better, and what would make it so."""
    if shortcomings := _shortcomings(attestation):
        return shortcomings[0]
    if _tried(attestation)[_HIDDEN] == _DENIED:
        return (
            "hidden files cannot be opened, but a submission can find out that they exist: "
            "install bubblewrap (bwrap), or allow it to make user namespaces, to hide them"
        )
    return "nothing is missing"


def _tried(attestation: Mapping[str, object]) -> dict[str, object]:
    tried = attestation.get("tried")
    return dict(tried) if isinstance(tried, Mapping) else {}


def _shortcomings(attestation: Mapping[str, object]) -> list[str]:
    """List why nobody should rely on this isolation; the most basic reason first."""
    layers, tried = attestation.get("layers"), _tried(attestation)
    if not isinstance(layers, Mapping) or set(tried) != set(_ATTEMPTS):
        return ["the worker did not report how it is isolated: this is a defect of the grader"]
    platform, abi = layers.get("platform"), layers.get("landlock_abi")
    found = []
    if platform != "linux":
        found.append(f"there is no sandbox for {platform}: grade on Linux, or in a Linux container")
    if not isinstance(abi, int) or abi < _OLDEST_LANDLOCK_ABI:
        found.append(
            f"files are not protected (Landlock {abi or 'is missing'}): use a kernel with "
            f"Landlock {_OLDEST_LANDLOCK_ABI} or newer, such as Linux 6.2, and enable it"
        )
    if layers.get("seccomp") is not True:
        found.append(
            "system calls are not filtered: use a kernel with seccomp, on x86_64 or aarch64"
        )
    if layers.get("capabilities") != 0:
        found.append("the worker kept privileges of root: start the grader as an ordinary user")
    succeeded = [name for name, outcome in tried.items() if outcome not in (_DENIED, _ABSENT)]
    if succeeded:
        found.append(f"a submission could {succeeded[0]}: this is a defect of the grader")
    return found


def _outcome(attempt: Callable[[str], object], hidden: str) -> str:
    try:
        attempt(hidden)
    except (FileNotFoundError, NotADirectoryError):
        return _ABSENT
    except OSError as error:
        # Any other failure, such as too many processes, is luck and no protection.
        return _DENIED if error.errno in (errno.EPERM, errno.EACCES, errno.EROFS) else _ALLOWED
    return _ALLOWED


def _open(path: str) -> None:
    os.close(os.open(path, os.O_RDONLY))


def _create(folder: str) -> None:
    path = Path(folder, f".grader-tried-this-{os.getpid()}")
    path.touch(0o600, exist_ok=False)
    path.unlink()


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _execute() -> None:
    # Nothing is there, so that a call which gets through fails all the same.
    with contextlib.suppress(FileNotFoundError):
        os.execv("/nothing/to/execute", ["nothing"])  # noqa: S606  trying it is the point


_ATTEMPTS: dict[str, Callable[[str], object]] = {
    "read /etc/passwd": lambda _: _open("/etc/passwd"),
    "read its environment": lambda _: _open("/proc/self/environ"),
    "list /": lambda _: list(Path("/").iterdir()),
    "write in /tmp": lambda _: _create("/tmp"),  # noqa: S108  trying it is the point
    "write in its folder": lambda _: _create("."),
    "make a socket": lambda _: socket.socket().close(),
    "fork": lambda _: _fork(),
    "execute a program": lambda _: _execute(),
    "signal its parent": lambda _: os.kill(os.getppid(), 0),
    _HIDDEN: _open,
}


def bubblewrap_prefix(readable: Sequence[str], devices: Sequence[str] = ()) -> list[str]:
    """Return the words to put before a command to start it with little in sight.

    Parameters
    ----------
    readable
        Files and folders that it will see; all else is absent. This must be
        enough to start Python, so pass the listable folders too.
    devices
        Device files that it can use.

    Returns
    -------
    list of str
        Empty where bubblewrap is not installed or not permitted. Descriptors
        that are inheritable are inherited.
    """
    return list(_bubblewrap_prefix(tuple(readable), tuple(devices)))


@functools.cache
def _bubblewrap_prefix(readable: tuple[str, ...], devices: tuple[str, ...]) -> tuple[str, ...]:
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return ()
    # Root needs no user namespace, and outside of one the worker can become nobody.
    become_nobody = (
        "--cap-add",
        "CAP_SETUID",
        "--cap-add",
        "CAP_SETGID",
        "--cap-add",
        "CAP_SETPCAP",
    )
    for identity in ((become_nobody,) if os.geteuid() == 0 else ()) + (("--unshare-user",),):
        shown = [*_binds(readable), *(word for d in devices for word in ("--dev-bind", d, d))]
        prefix = (bwrap, *_NAMESPACES, *identity, *_FOLDERS, *shown, *_LAST)
        if _starts_python(prefix):
            return prefix
    return ()


_NAMESPACES = (
    "--die-with-parent", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
    "--cap-drop", "ALL",
)  # fmt: skip
_FOLDERS = ("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108  one of its own
_LAST = ("--remount-ro", "/", "--chdir", "/", "--")


def _binds(readable: Sequence[str]) -> list[str]:
    """Show each path under its own name, read-only, unless a folder above it is shown."""
    shown: list[str] = []
    for path in sorted(readable):
        above = any(path == other or path.startswith(f"{other}/") for other in shown)
        if not above and not path.startswith(("/proc/", "/dev/")):
            shown.append(path)
    return [word for path in shown for word in ("--ro-bind", path, path)]


def _starts_python(prefix: Sequence[str]) -> bool:
    try:
        trial = subprocess.run(  # noqa: S603  our own words
            [*prefix, sys.executable, "-I", "-c", ""],
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0
