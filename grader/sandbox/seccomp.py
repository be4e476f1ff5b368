"""Decide which system calls this process can make: seccomp, as a tiny assembler.

A filter is a program that the kernel runs before each system call. It sees the
machine, the number and the six arguments (as numbers; it cannot follow an
address), and answers allow, fail with this errno, or kill. Ours is a chain of
blocks, each of which either answers or falls through to the next:

    another machine's calls, or x32's   kill: its numbers mean other calls
    each allowed call                   allow
    each call that we look at           allow if its arguments pass, else fail
    each call no honest program makes   kill
    end of the chain                    EPERM

The kernel remembers which calls are allowed whatever their arguments, and does
not even run the filter for those. Blocks jump only within themselves, so every
jump is short and a block can be read alone.
"""

import ctypes
import errno
import functools
import os
import struct
from dataclasses import dataclass

from grader.sandbox import syscalls
from grader.sandbox.syscalls import syscall

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x4000_0000

# Instructions of the kernel's filter machine, and where its input (seccomp_data) holds what.
_LOAD, _AND, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_SIZE = 8  # bytes of an instruction

_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_SET_MODE_FILTER, _FLAG_TSYNC = 1, 1

_OPEN_TO_CHANGE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CLONE_THREAD = 0x100 | 0x800 | 0x1_0000  # VM | SIGHAND | THREAD
_CLONE_NAMESPACES = 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x7000_0000
_IOCTLS = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS FIONREAD FIONBIO FIONCLEX FIOCLEX
_PRCTLS = (15, 16, 0x5356_4D41)  # SET_NAME GET_NAME SET_VMA
# DUPFD GETFD SETFD GETFL SETFL DUPFD_CLOEXEC. Not SETOWN and SETSIG: together they have the
# kernel send any signal, to any process of the same user, when a socket becomes readable.
_FCNTLS = (0, 1, 2, 3, 4, 1030)
_AF_UNIX, _SOL_SOCKET = 1, 1
_SOCKET_OPTIONS = (3, 4, 38, 39)  # TYPE ERROR PROTOCOL DOMAIN; not PEERPIDFD


@dataclass(frozen=True, slots=True)
class Check:
    """The low (or high) 32 bits of an argument, masked, must be one of `values`."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFF_FFFF
    high: bool = False


_Rules = dict[str, tuple[int, tuple[Check, ...]]]
_NEVER = (Check(0, ()),)


def _null(argument: int) -> tuple[Check, Check]:
    return Check(argument, (0,)), Check(argument, (0,), high=True)


def _rules(*, writes: bool, threads: bool, devices: bool) -> _Rules:
    """Give each filtered call the errno it fails with, and the checks that let it pass."""

    def open_flags(argument: int) -> tuple[Check, ...]:
        return () if writes else (Check(argument, (0,), mask=_OPEN_TO_CHANGE),)

    return {
        "open": (errno.EPERM, open_flags(1)),
        "openat": (errno.EPERM, open_flags(2)),
        "fcntl": (errno.EPERM, (Check(1, _FCNTLS),)),
        # A driver has requests of its own; which files there are to ask, Landlock says.
        "ioctl": (errno.EPERM, () if devices else (Check(1, _IOCTLS),)),
        "clone": (
            errno.EPERM,
            (Check(0, (_CLONE_THREAD,), mask=_CLONE_THREAD | _CLONE_NAMESPACES),)
            if threads
            else _NEVER,
        ),
        "clone3": (errno.ENOSYS, _NEVER),  # its flags lie in memory; the C library uses clone then
        "prctl": (errno.EPERM, (Check(0, _PRCTLS),)),
        "socket": (errno.EACCES, _NEVER),
        "connect": (errno.EACCES, _NEVER),
        "socketpair": (errno.EACCES, (Check(0, (_AF_UNIX,)),)),
        "sendto": (errno.EACCES, _null(4)),
        "getsockopt": (errno.EPERM, (Check(1, (_SOL_SOCKET,)), Check(2, _SOCKET_OPTIONS))),
    }


def _own_rules(pid: int) -> _Rules:
    """Give the same for the calls that a process may make about itself."""
    return {
        "prlimit64": (errno.EPERM, (Check(0, (0, pid)), *_null(2))),
        "kill": (errno.EPERM, (Check(0, (pid,)),)),
        "tgkill": (errno.EPERM, (Check(0, (pid,)),)),
    }


def program(
    machine: str, *, pid: int, writes: bool, threads: bool = False, devices: bool = False
) -> bytes:
    """Assemble the filter for one process.

    Parameters
    ----------
    machine
        "x86_64" or "aarch64".
    pid
        The process that will run under the filter: the only one it may signal.
    writes
        Whether files may be opened to change them, because Landlock judges that.
    threads
        Whether it may start threads.
    devices
        Whether it may control a device, such as a GPU.
    """
    blocks = [
        _alike(machine, writes=writes, threads=threads, devices=devices),
        _on_calls(machine, _own_rules(pid)),
        _op(_RETURN, _ERRNO | errno.EPERM),
    ]
    return b"".join(blocks)


@functools.cache  # what is put together before the first fork need not be afterwards
def _alike(machine: str, *, writes: bool, threads: bool, devices: bool) -> bytes:
    """Assemble what is the same for all processes."""
    blocks = [
        _load(_ARCH),
        _op(_JUMP_EQUAL, _AUDIT_ARCH[machine], then=1),
        _op(_RETURN, _KILL_PROCESS),
        _load(_NUMBER),
        _op(_JUMP_AT_LEAST, _X32_BIT, otherwise=1),
        _op(_RETURN, _KILL_PROCESS),
        *(_on_call(machine, name, _op(_RETURN, _ALLOW)) for name in syscalls.ALLOWED),
        _on_calls(machine, _rules(writes=writes, threads=threads, devices=devices)),
        *(_on_call(machine, name, _op(_RETURN, _KILL_PROCESS)) for name in syscalls.KILLED),
    ]
    return b"".join(blocks)


def _on_calls(machine: str, rules: _Rules) -> bytes:
    return b"".join(
        _on_call(machine, name, _filtered(failure, checks))
        for name, (failure, checks) in rules.items()
    )


def _op(code: int, constant: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    """Encode one instruction; jumps count the instructions to pass over."""
    return struct.pack("<HBBI", code, then, otherwise, constant)


def _load(offset: int) -> bytes:
    return _op(_LOAD, offset)


def _on_call(machine: str, name: str, block: bytes) -> bytes:
    """Run the block, which always answers, if this is the call; empty if there is no such call."""
    number = syscalls.number(name, machine)
    if number is None:
        return b""
    return _op(_JUMP_EQUAL, number, otherwise=len(block) // _SIZE) + block


def _filtered(failure: int, checks: tuple[Check, ...]) -> bytes:
    return b"".join(_check(check, failure) for check in checks) + _op(_RETURN, _ALLOW)


def _check(check: Check, failure: int) -> bytes:
    """Fall through if the check holds, else fail the call."""
    left = len(check.values)
    return b"".join(
        (
            _load(_ARGUMENTS + 8 * check.argument + 4 * check.high),
            _op(_AND, check.mask),
            *(_op(_JUMP_EQUAL, value, then=left - i) for i, value in enumerate(check.values)),
            _op(_RETURN, _ERRNO | failure),
        )
    )


class _Program(ctypes.Structure):
    """The kernel's sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install(code: bytes) -> bool:
    """Put the process (TSYNC: all of its threads) under a filter, for ever.

    Returns
    -------
    bool
        False where the kernel has no such filters, or will not have this one.
    """
    try:
        holder = _Program(len(code) // _SIZE, code)
        return syscall("seccomp", _SET_MODE_FILTER, _FLAG_TSYNC, holder) == 0
    except OSError:
        return False
