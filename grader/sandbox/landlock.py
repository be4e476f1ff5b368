"""Decide which files this process can open: Landlock, in two functions.

Landlock is a list of grants. Whatever is not granted is refused, for this
thread, its children and for ever. Its limits shape the rest of the sandbox:

* It cannot refuse something below a folder that was granted. So nothing hidden
  may live below one, and a folder that holds more than it should (site-packages)
  is granted entry by entry.
* It judges opening. Names can still be looked up with stat(2), and files that
  are open already stay open.
* It does not know chmod, utime, sockets of most kinds, or fork: the filter of
  system calls does.

Each version of its interface (the ABI) can refuse more. A kernel must be told
only what it knows, hence the tables by version below.
"""

import os
import stat
import struct
from collections.abc import Iterable

from grader.sandbox.syscalls import syscall

# The accesses that we grant; all others are only ever refused.
_WRITE_FILE, _READ_FILE, _READ_DIR, _IOCTL_DEVICE = 1 << 1, 1 << 2, 1 << 3, 1 << 15

# How many accesses a version knows: execute ... make_sym, + refer, + truncate, + ioctl on devices.
_FILE_ACCESSES = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_BIND_AND_CONNECT_TCP = 0b11  # from version 4 on
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from version 6 on
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1


def supported_abi() -> int:
    """Ask the kernel (not its version string) what it supports; 0 is nothing."""
    try:
        return syscall("landlock_create_ruleset", None, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def make_ruleset(
    *,
    readable: Iterable[str],
    listable: Iterable[str],
    writable: Iterable[str],
    devices: Iterable[str] = (),
    abi: int,
) -> int:
    """Return a descriptor of what `restrict` leaves: access to these files, and to no others.

    Parameters
    ----------
    readable, listable, writable, devices
        Files, or folders with everything below them. A device can also be controlled.
        A path that does not exist or that we could not open anyway is passed over.
    abi
        The version to use, at least 1 and at most `supported_abi()`.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    handled = (
        (1 << _FILE_ACCESSES[min(abi, 5)]) - 1,
        _BIND_AND_CONNECT_TCP if abi >= 4 else 0,
        _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0,
    )
    attributes = struct.pack("<3Q", *handled)
    ruleset = syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path in readable:
            _grant(ruleset, path, _READ_FILE | _READ_DIR)
        for path in listable:
            _grant(ruleset, path, _READ_DIR)
        for path in writable:
            _grant(ruleset, path, _READ_FILE | _WRITE_FILE)
        for path in devices:
            _grant(ruleset, path, (_READ_FILE | _WRITE_FILE | _IOCTL_DEVICE) & handled[0])
    except OSError:
        os.close(ruleset)
        raise
    return ruleset


def restrict(ruleset: int) -> None:
    """Refuse every other access to files, from now on.

    Raises
    ------
    OSError
        If the kernel refuses; `no_new_privs` must be set.
    """
    syscall("landlock_restrict_self", ruleset, 0)


def _grant(ruleset: int, path: str, access: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            access &= ~_READ_DIR  # the kernel takes it for folders only
        rule = struct.pack("<Qi", access, beneath)
        syscall("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(beneath)
