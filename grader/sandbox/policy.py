"""Confine this process, for ever: what it may touch, and how much it may use.

Theory of operation. The worker zygote has NumPy loaded, makes a `Cage`, and forks
one child for each submission. The child calls `confine` before it has seen a byte
of that submission. Every layer only takes away, none can be undone, and each covers
what another cannot:

    session      the child dies with its parent, and leaves its terminal and group
    privileges   not root, no capabilities, and no program can bring them back
    limits       time, memory, threads, sizes
    landlock     which files can be opened, by name
    seccomp      which system calls can be made, so also no fork, exec, socket, chmod

The order matters. Changing the user clears the signal of the parent's death, so
that comes after. Landlock needs file descriptors and seccomp forbids what the
others use, so they come last. Landlock covers only the calling thread, so there
must be no other.

A layer that this system lacks is not an error here: `Layers` says so, and the
trusted side decides what that is worth (see tier.py). The caller has replaced
stdin, stdout and stderr and closed every other descriptor already, but the cage's.
"""

import importlib.util
import os
import platform
import re
import signal
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from grader.sandbox import landlock, limits, privileges, seccomp, syscalls
from grader.sandbox.syscalls import prctl

_LAYERS = frozenset({"privileges", "limits", "landlock", "seccomp"})
_NULL = "/dev/null"  # the only file a submission can write to
_ABI_THAT_JUDGES_WRITES = 3  # 1 and 2 cannot refuse to truncate
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38

# What the C library, NumPy and the standard library look at while they run. System libraries are
# granted as whole folders: there are thousands of them, and nothing hidden may live there.
_SYSTEM = (
    "/lib64",
    "/usr/lib64",
    f"/lib/ld-linux-{platform.machine()}.so.1",  # where aarch64 keeps its loader
    f"/lib/{platform.machine()}-linux-gnu",
    f"/usr/lib/{platform.machine()}-linux-gnu",
    "/etc/ld.so.cache",
    "/usr/share/zoneinfo",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu",
    _NULL,
)


# What CUDA's driver looks at besides.
_OF_DRIVERS = (
    "/proc/driver/nvidia",
    "/proc/devices",
    "/proc/modules",
    "/proc/self/maps",
    "/sys/bus/pci/devices",
    "/sys/devices",
    "/sys/module/nvidia",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one child may touch and use."""

    readable: Sequence[str]  # files, or folders with everything below them
    listable: Sequence[str]  # folders whose names may be listed, all the way down
    memory_bytes: int  # beyond what the zygote has already
    cpu_seconds: int
    file_bytes: int = 16 << 20
    stack_bytes: int = 16 << 20
    open_files: int = 64
    devices: Sequence[str] = ()  # files through which a GPU is used
    threads: bool = False  # they count against a limit that all workers share, and slow the others

    # For tests of the sandbox itself: each layer must be missed when it is gone.
    without: Collection[str] = ()
    newest_landlock_abi: int = sys.maxsize

    def __post_init__(self) -> None:
        if unknown := set(self.without) - _LAYERS:
            raise ValueError(f"no layer {sorted(unknown)}; there are {sorted(_LAYERS)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What was achieved, as plain data that can cross to the trusted side."""

    platform: str  # sys.platform
    landlock_abi: int  # 0: files are not restricted
    seccomp: bool
    uid: int  # the effective user
    capabilities: int  # a mask of those in force; 0 is none, -1 unknown
    limits: tuple[str, ...]  # RLIMIT_… names

    def to_dict(self) -> dict[str, str | int | bool | list[str]]:
        """Return these as strings, numbers and lists."""
        return asdict(self) | {"limits": list(self.limits)}


class Cage:
    """The layers of a policy, ready to be put around a child.

    What is the same for all children is made here, before they are forked: the list of
    files, and most of the filter of system calls.

    Attributes
    ----------
    descriptors : list of int
        What a child must keep open until it is confined.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        # The list that a GPU's driver needs names /proc/self, which must be the child's own.
        self._abi, self.descriptors = (0, []) if policy.devices else _list_files(policy)
        _filter(policy, writes=True)  # puts together, and keeps, what does not name the child

    def confine(self) -> Layers:
        """Put every layer that this system has around the calling process.

        Raises
        ------
        RuntimeError
            If the process has a second thread, which would stay outside.
        """
        policy, parent = self._policy, os.getppid()
        _require_one_thread()
        with suppress(PermissionError):  # raised if it leads a session already
            os.setsid()
        if "privileges" not in policy.without:
            privileges.drop(policy.listable)
        _tie_to(parent)
        limited = _limit(policy)
        capabilities = privileges.effective_capabilities()  # asked while one still can
        abi = self._restrict_files()
        return Layers(
            platform=sys.platform,
            landlock_abi=abi,
            seccomp=_filter_calls(policy, writes=abi >= _ABI_THAT_JUDGES_WRITES),
            uid=os.geteuid(),
            capabilities=capabilities,
            limits=limited,
        )

    def _restrict_files(self) -> int:
        """Return the Landlock version in force, 0 if there is none."""
        if self._policy.devices:
            self._abi, self.descriptors = _list_files(self._policy)
        for ruleset in self.descriptors:
            try:
                landlock.restrict(ruleset)
            except OSError:
                return 0
            finally:
                os.close(ruleset)
        return self._abi


def _require_one_thread() -> None:
    with suppress(FileNotFoundError):  # a system that does not tell
        if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - half the time of a Path
            raise RuntimeError("a process with several threads cannot be confined")


def _tie_to(parent: int) -> None:
    """Die with the parent, show /proc/self to nobody, gain nothing from a program started."""
    with suppress(OSError):
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        prctl(_PR_SET_DUMPABLE, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(1)


def _limit(policy: Policy) -> tuple[str, ...]:
    if "limits" in policy.without:
        return ()
    return limits.apply(
        # CUDA maps far more addresses than it ever uses.
        memory_bytes=None if policy.devices else policy.memory_bytes,
        cpu_seconds=policy.cpu_seconds,
        file_bytes=policy.file_bytes,
        stack_bytes=policy.stack_bytes,
        open_files=policy.open_files,
    )


def _list_files(policy: Policy) -> tuple[int, list[int]]:
    """Return the Landlock version and the ruleset; 0 and none if there is none."""
    abi = min(landlock.supported_abi(), policy.newest_landlock_abi)
    if abi < 1 or "landlock" in policy.without:
        return 0, []
    try:
        ruleset = landlock.make_ruleset(
            readable=[*policy.readable, *(_OF_DRIVERS if policy.devices else ())],
            listable=policy.listable,
            writable=(_NULL,),
            devices=policy.devices,
            abi=abi,
        )
    except OSError:
        return 0, []
    return abi, [ruleset]


def _filter_calls(policy: Policy, *, writes: bool) -> bool:
    code = _filter(policy, writes=writes)
    return bool(code) and seccomp.install(code)


def _filter(policy: Policy, *, writes: bool) -> bytes:
    """Return the filter for this process; empty if there is none."""
    machine = syscalls.machine()
    if not machine or "seccomp" in policy.without:
        return b""
    return seccomp.program(
        machine,
        pid=os.getpid(),
        writes=writes,
        threads=policy.threads,
        devices=bool(policy.devices),
    )


def interpreter_paths(packages: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Find what this interpreter and some packages need to read.

    Parameters
    ----------
    packages
        Names as in `import`; what their distributions require is included.

    Returns
    -------
    readable : tuple of str
        Files and folders. Of site-packages only the entries that belong to the
        packages, so that a submission cannot import any other.
    listable : tuple of str
        The folders that the import system must be able to list.
    """
    library = Path(os.__file__).parent
    entries = [entry for package in packages for entry in _package_entries(package)]
    readable = [
        *map(Path, _SYSTEM),
        *_interpreter_files(),
        *(entry for entry in library.iterdir() if not entry.name.endswith("-packages")),
        *entries,
    ]
    listable = [library, *(e.parent for e in entries if e.parent.name != "__pycache__")]
    return (
        tuple(dict.fromkeys(str(path) for path in readable if path.exists())),
        tuple(dict.fromkeys(map(str, listable))),
    )


def _interpreter_files() -> Iterator[Path]:
    """Yield what a fresh interpreter reads before it finds its library (see tier.py)."""
    executable = Path(sys.executable)
    yield from (executable, executable.resolve(), Path(sys.prefix, "pyvenv.cfg"))
    if sys.base_prefix != "/usr":  # whose libraries are the system's
        yield from Path(sys.base_prefix, "lib").glob("lib*.so*")


def _package_entries(package: str) -> Iterator[Path]:
    """Yield the entries of site-packages that make up a package and all it requires."""
    found = _distributions(package)
    for distribution in found:
        for file in distribution.files or ():
            if file.parts[0] != "..":  # not a command in bin
                depth = 2 if file.parts[0] == "__pycache__" else 1
                yield Path(str(distribution.locate_file("/".join(file.parts[:depth]))))
    spec = importlib.util.find_spec(package) if not found else None
    if spec is not None:  # installed by other means, such as a system's package manager
        yield from map(Path, spec.submodule_search_locations or filter(None, [spec.origin]))


def _distributions(package: str) -> list[metadata.Distribution]:
    """Return the distributions behind an import name, with all that they require."""
    waiting = [package]
    if not any(metadata.distributions(name=package)):  # `sklearn` comes from `scikit-learn`
        waiting = list(metadata.packages_distributions().get(package, ()))
    found: dict[str, metadata.Distribution] = {}
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()  # as the index compares names
        for distribution in metadata.distributions(name=name):
            if name not in found:
                found[name] = distribution
                waiting += _requirements(distribution)
    return list(found.values())


def _requirements(distribution: metadata.Distribution) -> Iterator[str]:
    for requirement in distribution.requires or ():
        name = re.match(r"[\w.-]+", requirement)
        if name and not re.search(
            r"extra\s*==", requirement
        ):  # no optional ones; absent ones do no harm
            yield name[0]
