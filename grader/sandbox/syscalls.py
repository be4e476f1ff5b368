"""What a submission may ask of the kernel, and how we ask ourselves.

One table, in four parts: calls that are allowed whatever their arguments, calls
whose arguments are looked at, calls that no honest program makes and that end
the process, and the few that the sandbox itself makes. A call that is in none
of them is refused with EPERM. Each entry is a name and its numbers on x86_64
and on aarch64, which never had the older calls; tests compare both columns with
the kernel's own headers.

The lists were found by running NumPy and PyTorch: training, LSTMs,
transformers, asyncio, thread pools.
"""

import ctypes
import errno
import functools
import os
import platform
import sys

_MACHINES = ("x86_64", "aarch64")


def _table(text: str) -> dict[str, tuple[int | None, ...]]:
    """Read `name number number, ...`, where `-` means that a machine lacks the call."""
    lines = [line.partition("#")[0] for line in text.splitlines()]
    rows = [row.split() for row in "".join(lines).split(",") if row.strip()]
    return {name: tuple(None if n == "-" else int(n) for n in numbers) for name, *numbers in rows}


ALLOWED = _table("""
    # files and sockets that are open already
    read 0 63, write 1 64, pread64 17 67, pwrite64 18 68, readv 19 65, writev 20 66, lseek 8 62,
    close 3 57, dup 32 23, dup2 33 -, dup3 292 24, pipe2 293 59, eventfd2 290 19,
    ftruncate 77 46, fsync 74 82, fdatasync 75 83,
    recvfrom 45 207, recvmsg 47 212, getsockname 51 204,
    epoll_create 213 -, epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -,
    epoll_pwait 281 22, epoll_pwait2 441 441, poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72,
    # names: looked at, never changed (Landlock does not judge these)
    fstat 5 80, stat 4 -, lstat 6 -, newfstatat 262 79, statx 332 291, access 21 -,
    faccessat 269 48, faccessat2 439 439, readlink 89 -, readlinkat 267 78, getdents 78 -,
    getdents64 217 61, statfs 137 43, fstatfs 138 44, getcwd 79 17, chdir 80 49, umask 95 166,
    # memory; oneDNN generates code, so PROT_EXEC stays possible
    mmap 9 222, mprotect 10 226, munmap 11 215, mremap 25 216, brk 12 214, madvise 28 233,
    mincore 27 232, mbind 237 235, get_mempolicy 239 236, membarrier 324 283,
    # threads, and this process's own signals
    futex 202 98, rseq 334 293, set_robust_list 273 99, set_tid_address 218 96, exit 60 93,
    exit_group 231 94, restart_syscall 219 128, arch_prctl 158 -,
    rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136,
    rt_sigtimedwait 128 137, rt_sigsuspend 130 133, sigaltstack 131 132,
    sched_yield 24 124, sched_getaffinity 204 123, sched_getparam 143 121,
    sched_getscheduler 145 120, sched_getattr 315 275, sched_get_priority_max 146 125,
    sched_get_priority_min 147 126, sched_rr_get_interval 148 127, getpriority 140 141,
    # clocks
    clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115, nanosleep 35 101,
    gettimeofday 96 169, getitimer 36 102, setitimer 38 103, times 100 153,
    # who and where am I
    getpid 39 172, getppid 110 173, gettid 186 178, getpgid 121 155, getpgrp 111 -, getsid 124 156,
    getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getresuid 118 148,
    getresgid 120 150, getgroups 115 158, getrusage 98 165, getrlimit 97 163, sysinfo 99 179,
    uname 63 160, getrandom 318 278, getcpu 309 168,
""")

FILTERED = _table("""
    open 2 -, openat 257 56, fcntl 72 25, ioctl 16 29, clone 56 220, clone3 435 435, prctl 157 167,
    prlimit64 302 261, socket 41 198, connect 42 203, socketpair 53 199, sendto 44 206,
    getsockopt 55 209, kill 62 129, tgkill 234 131,
""")

KILLED = _table("""
    ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, pidfd_getfd 438 438,
    bpf 321 280, io_uring_setup 425 425, userfaultfd 323 282, perf_event_open 298 241,
    mount 165 40, setns 308 268, open_by_handle_at 304 265,
    keyctl 250 219, add_key 248 217, request_key 249 218,
    init_module 175 105, finit_module 313 273, delete_module 176 106,
    kexec_load 246 104, kexec_file_load 320 294,
""")

OURS = _table("""
    seccomp 317 277, capget 125 90, capset 126 91,
    landlock_create_ruleset 444 444, landlock_add_rule 445 445, landlock_restrict_self 446 446,
""")

_NUMBERS = ALLOWED | FILTERED | KILLED | OURS
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _LIBC is not None:
    _LIBC.syscall.restype = ctypes.c_long


@functools.cache
def machine() -> str:
    """Name the system-call table in use; empty where we have none."""
    name = platform.machine()
    known = sys.platform == "linux" and sys.maxsize > 2**32 and name in _MACHINES
    return name if known else ""


def number(name: str, on: str) -> int | None:
    """Return the number of a call on a machine, or None if that machine lacks it."""
    return _NUMBERS[name][_MACHINES.index(on)]


def syscall(name: str, *arguments: int | bytes | ctypes.Structure | None) -> int:
    """Make a system call; bytes and structures are passed by address.

    Raises
    ------
    OSError
        With the kernel's reason, or ENOSYS where we do not know the call.
    """
    here = machine()
    code = number(name, here) if here else None
    if _LIBC is None or code is None:
        raise OSError(errno.ENOSYS, f"{name} is not known on {sys.platform} {platform.machine()}")
    result: int = _LIBC.syscall(ctypes.c_long(code), *map(_word, arguments))
    if result < 0:
        reason = ctypes.get_errno()
        raise OSError(reason, os.strerror(reason))
    return result


def prctl(option: int, *arguments: int) -> int:
    """Call prctl(2); raises OSError like `syscall`."""
    return syscall("prctl", option, *arguments, *[0] * (4 - len(arguments)))


def _word(argument: int | bytes | ctypes.Structure | None) -> object:
    if isinstance(argument, int):
        return ctypes.c_long(argument)
    return ctypes.byref(argument) if isinstance(argument, ctypes.Structure) else argument
