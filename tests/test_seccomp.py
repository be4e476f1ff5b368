"""The filter of system calls, run here instructions by instruction for both machines.

Whether the kernel agrees is seen in test_policy.py; this sees every call, on the
machine that we do not have as well.
"""

import errno
import re
import struct
from itertools import combinations
from pathlib import Path

import pytest

from grader.sandbox import seccomp, syscalls

ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),  # the table that aarch64 uses
}
PID = 4321
ALLOW, KILL = "allow", "kill"


def verdict(
    machine: str,
    number: int,
    *arguments: int,
    arch: int = 0,
    writes: bool = True,
    threads: bool = True,
) -> object:
    """Run the filter as the kernel would: "allow", "kill", or the errno the call fails with."""
    code = list(
        struct.iter_unpack(
            "<HBBI", seccomp.program(machine, pid=PID, writes=writes, threads=threads)
        )
    )
    arguments += (0,) * (6 - len(arguments))
    data = struct.pack("<iIQ6Q", number, arch or ARCH[machine], 0, *(a % 2**64 for a in arguments))
    at = accumulator = 0
    while True:
        operation, then, otherwise, constant = code[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, constant)
            case 0x54:
                accumulator &= constant
            case 0x15:
                at += then if accumulator == constant else otherwise
            case 0x35:
                at += then if accumulator >= constant else otherwise
            case 0x06:
                answer, value = constant & 0xFFFF_0000, constant & 0xFFFF
                return {0x7FFF_0000: ALLOW, 0x8000_0000: KILL, 0x0005_0000: value}[answer]


def call(machine: str, name: str, *arguments: int, writes: bool = True) -> object:
    number = syscalls.number(name, machine)
    assert number is not None
    return verdict(machine, number, *arguments, writes=writes)


@pytest.fixture(params=ARCH)
def machine(request: pytest.FixtureRequest) -> str:
    return request.param


def test_numbers_agree_with_the_kernel(machine):
    """Every number in the table is the kernel's own, and none is missing."""
    if not HEADERS[machine].exists():
        pytest.skip(f"the kernel's headers for {machine} are not installed")
    defined = re.findall(r"#define\s+__NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text())
    kernel = {name: int(number) for name, number in defined}
    if machine == "aarch64":
        kernel["newfstatat"] = kernel.pop("fstatat")
        kernel.pop("arch_prctl", None)
    tables = syscalls.ALLOWED | syscalls.FILTERED | syscalls.KILLED | syscalls.OURS
    for name in tables:
        assert syscalls.number(name, machine) == kernel.get(name), name


def test_a_call_is_in_one_list_only():
    """No call is both allowed and killed."""
    lists = [syscalls.ALLOWED, syscalls.FILTERED, syscalls.KILLED]
    assert not [a.keys() & b.keys() for a, b in combinations(lists, 2) if a.keys() & b.keys()]


def test_every_filtered_call_has_a_rule():
    """The table and the rules name the same calls."""
    of_all = seccomp._rules(writes=True, threads=True, devices=False)
    assert of_all.keys() | seccomp._own_rules(PID).keys() == set(syscalls.FILTERED)


@pytest.mark.parametrize(("table", "expected"), [("ALLOWED", ALLOW), ("KILLED", KILL)])
def test_lists_are_kept(machine, table, expected):
    """Allowed calls pass and forbidden ones kill, whatever their arguments."""
    for name in getattr(syscalls, table):
        if syscalls.number(name, machine) is not None:
            assert call(machine, name, *[-1] * 6) == expected, name


def test_every_other_call_is_refused(machine):
    """A call that nobody listed, or that is not invented yet, fails with EPERM."""
    listed = syscalls.ALLOWED | syscalls.FILTERED | syscalls.KILLED
    known = {syscalls.number(name, machine) for name in listed}
    for number in set(range(600)) - known:
        assert verdict(machine, number) == errno.EPERM


@pytest.mark.parametrize(
    ("name", "refused"),
    [("execve", 59), ("fork", 57), ("sendmsg", 46), ("rt_sigqueueinfo", 129), ("chmod", 90)],
)
def test_known_attacks_are_refused(name, refused):
    """The calls that attacks need are on no list."""
    assert verdict("x86_64", refused) == errno.EPERM


def test_foreign_calls_kill():
    """Another machine's numbers mean other calls, so using them is the end."""
    i386 = 0x40000003
    assert verdict("x86_64", 1, arch=i386) == KILL
    assert verdict("x86_64", 1, arch=ARCH["aarch64"]) == KILL
    assert verdict("x86_64", 0x4000_0000 | 39) == KILL
    assert verdict("aarch64", 64, arch=ARCH["x86_64"]) == KILL


POINTER = 0x7FFF_0000_0000  # its low half is zero: both halves must be looked at
THREAD = 0x3D0F00  # what the C library passes to start one


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clone", (THREAD,), ALLOW),
        ("clone", (17,), errno.EPERM),  # fork
        ("clone", (0x4111,), errno.EPERM),  # vfork
        ("clone", (THREAD | 0x1000_0000,), errno.EPERM),  # in a new user namespace
        ("clone", (THREAD & ~0x1_0000,), errno.EPERM),
        ("clone3", (), errno.ENOSYS),
        ("socket", (1, 1, 0), errno.EACCES),
        ("connect", (3,), errno.EACCES),
        ("socketpair", (1, 1, 0), ALLOW),
        ("socketpair", (2, 1, 0), errno.EACCES),
        ("sendto", (3, 1, 1, 0, 0, 0), ALLOW),
        ("sendto", (3, 1, 1, 0, POINTER, 16), errno.EACCES),
        ("kill", (PID, 9), ALLOW),
        ("kill", (0, 9), errno.EPERM),
        ("kill", (-1, 9), errno.EPERM),
        ("kill", (-PID, 9), errno.EPERM),
        ("tgkill", (PID, PID, 9), ALLOW),
        ("tgkill", (1, PID, 9), errno.EPERM),
        ("prlimit64", (0, 7, 0, POINTER), ALLOW),
        ("prlimit64", (PID, 7, 0, POINTER), ALLOW),
        ("prlimit64", (0, 7, POINTER, 0), errno.EPERM),
        ("prlimit64", (1, 7, 0, POINTER), errno.EPERM),
        ("prctl", (15,), ALLOW),
        ("prctl", (4, 1), errno.EPERM),
        ("ioctl", (0, 0x541B), ALLOW),
        ("ioctl", (0, 0x5412), errno.EPERM),  # TIOCSTI types into the terminal
        ("fcntl", (3, 1030), ALLOW),
        ("fcntl", (3, 8, 1), errno.EPERM),  # SETOWN
        ("fcntl", (3, 10, 9), errno.EPERM),  # SETSIG
        ("getsockopt", (3, 1, 4), ALLOW),
        ("getsockopt", (3, 1, 77), errno.EPERM),  # PEERPIDFD
        ("getsockopt", (3, 6, 4), errno.EPERM),
    ],
)
def test_arguments_are_looked_at(machine, name, arguments, expected):
    """A call passes only with the arguments that honest programs use."""
    assert call(machine, name, *arguments) == expected


@pytest.mark.parametrize("flags", [0o1, 0o2, 0o100, 0o1000, 0o20200002])
def test_opening_to_change_needs_landlock(machine, flags):
    """A file may be opened to change it only where Landlock judges that."""
    assert call(machine, "openat", -100, 0, flags, writes=True) == ALLOW
    assert call(machine, "openat", -100, 0, flags, writes=False) == errno.EPERM
    assert call(machine, "openat", -100, 0, 0o2000000, writes=False) == ALLOW  # CLOEXEC


def test_a_filter_is_short(machine):
    """The filter stays well below the kernel's limit of 4096 instructions."""
    assert len(seccomp.program(machine, pid=PID, writes=True, threads=True)) // 8 < 500
