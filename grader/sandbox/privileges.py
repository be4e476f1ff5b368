"""Give up whatever the grader was started with: groups, capabilities, being root.

Root is not one thing. *Capabilities* let a process pass over permissions; they
go, out of every set, and `no_new_privs` with `NOROOT` keeps a program that it
starts from getting them back. The *effective user* owns files. It becomes
`nobody`, unless nobody could not read the interpreter (a Python below /root):
then root stays, as an ordinary user that happens to own those files. The *real
user* is whom the limit on processes counts, and it never counts root: it always
becomes nobody. In a user namespace no other user may exist; only capabilities
go then. An ordinary user has none of this to give up.
"""

import ctypes
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from grader.sandbox.syscalls import prctl, syscall

NOBODY = 65534

_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECUREBITS = 4, 24, 28
_NOROOT_FOR_EVER = 0b11
_CAPABILITY_VERSION_3 = 0x2008_0522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    """Effective, permitted and inheritable: first the low 32 of each, then the high."""

    _fields_ = (("words", ctypes.c_uint32 * 6),)


def drop(needed: Sequence[str]) -> None:
    """Become as powerless as the system allows, keeping the folders `needed` readable."""
    if sys.platform == "win32":
        return
    if os.geteuid() == 0:
        with suppress(OSError):
            os.setgroups([])
        _drop_bounding_set()
        _become_nobody(needed)
    with suppress(OSError):
        syscall("capset", _Header(_CAPABILITY_VERSION_3), _Capabilities())


def effective_capabilities() -> int:
    """Return the capabilities in force as a mask, or -1 if the system will not say."""
    held = _Capabilities()
    try:
        syscall("capget", _Header(_CAPABILITY_VERSION_3), held)
    except OSError:
        return -1
    return int(held.words[0]) | int(held.words[3]) << 32


def _drop_bounding_set() -> None:
    with suppress(OSError):
        prctl(_PR_SET_SECUREBITS, _NOROOT_FOR_EVER)
        for capability in range(64):  # EINVAL after the last one ends the loop
            prctl(_PR_CAPBSET_DROP, capability)


def _become_nobody(needed: Sequence[str]) -> None:
    if sys.platform != "linux":
        return
    there = [path for path in needed if Path(path).exists()]
    with suppress(OSError):
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        enough = all(os.access(path, os.R_OK | os.X_OK, effective_ids=True) for path in there)
        os.seteuid(0)
        owner = NOBODY if enough else 0
        os.setresuid(NOBODY, owner, owner)


def refuse_inspection() -> None:
    """Keep processes of the same user from reading or tracing this one."""
    with suppress(OSError):
        prctl(_PR_SET_DUMPABLE, 0)
