"""Bound how much this process may use: time, memory, threads, sizes.

Limits are counted by the kernel and end in a signal or a failed call. Memory is
counted twice, because each count alone has a hole: RLIMIT_DATA misses memory
that is mapped as shared, RLIMIT_AS would by itself have to leave room for every
library. The zygote's own share is not the submission's and is added to both.

RLIMIT_NPROC counts threads, but all those of a user, so a fixed number would
punish whoever runs beside a busy neighbour. We allow as many as the whole
machine runs at this moment and a few more: never too few for an honest program,
and a thread bomb ends early.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import resource

_THREADS = 64


def apply(
    *,
    memory_bytes: int | None,
    cpu_seconds: int,
    file_bytes: int,
    stack_bytes: int,
    open_files: int,
) -> tuple[str, ...]:
    """Set every limit that this system has and return their names; memory may have none."""
    mapped, data = _memory_in_use()
    memory = {}
    if memory_bytes is not None:
        memory["RLIMIT_AS"] = mapped + memory_bytes
        memory["RLIMIT_DATA"] = data + memory_bytes
    limits = {
        "RLIMIT_CPU": cpu_seconds,
        **memory,
        "RLIMIT_STACK": stack_bytes,
        "RLIMIT_NPROC": _threads_on_this_machine() + _THREADS,
        "RLIMIT_NOFILE": open_files,
        "RLIMIT_FSIZE": file_bytes,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_NICE": 0,
        "RLIMIT_RTPRIO": 0,
    }
    return tuple(name for name, value in limits.items() if _set(name, value))


def _set(name: str, value: int) -> bool:
    if sys.platform == "win32" or not hasattr(resource, name):
        return False
    which = getattr(resource, name)
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    # A program can handle the signal of the first CPU second too many, but not of the next.
    grace = 1 if name == "RLIMIT_CPU" and value != hard else 0
    with suppress(OSError, ValueError):
        resource.setrlimit(which, (value, value + grace))
        return True
    return False


def _memory_in_use() -> tuple[int, int]:
    """Return the bytes mapped, and of these the private data with the stack."""
    with suppress(OSError):
        pages = [int(n) for n in Path("/proc/self/statm").read_text().split()]
        size = os.sysconf("SC_PAGE_SIZE")
        return pages[0] * size, pages[5] * size
    return 0, 0


def _threads_on_this_machine() -> int:
    with suppress(OSError):
        running_of_all = Path("/proc/loadavg").read_text().split()[3]
        return int(running_of_all.partition("/")[2])
    return 4096
