"""What a confined process can and cannot do, found out by letting it try.

Every snippet runs in its own fork of a process that has NumPy loaded, after
`confine`. It is an attack if it must fail, and honest if it must not. Each
attack is also run with the layers that stop it switched off: there it must
succeed, or the test above it would prove nothing.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import landlock
from grader.sandbox.policy import Policy, interpreter_paths

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

ROOT = Path(__file__).parents[1]
NOBODY = 65534
USERS = ["me", "nobody"]

# Reads {"snippets", "policy", "scratch"}, prints {snippet: how it ended}.
DRIVER = """
import ctypes, json, os, resource, select, signal, socket, sys, threading, time
import numpy as np
from grader.sandbox import policy, syscalls

job = json.load(sys.stdin)
readable, listable = policy.interpreter_paths(["numpy"])
limits = {"memory_bytes": 1 << 30, "cpu_seconds": 5}
rules = policy.Policy(
    **{"readable": readable, "listable": listable, "threads": True, **limits, **job["policy"]}
)
libc = ctypes.CDLL(None, use_errno=True)

def call(number, *arguments):
    number = syscalls.number(number, syscalls.machine()) if isinstance(number, str) else number
    result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result

def run(snippet, writer):
    try:
        layers = policy.Cage(rules).confine()
        exec(snippet, globals() | {"scratch": job["scratch"], "layers": layers.to_dict()})
        ending = "succeeded"
    except BaseException as error:
        ending = f"{type(error).__name__}: {error}"
    os.write(writer, ending.encode()[:1000])
    os._exit(0)

endings = {}
for name, snippet in job["snippets"].items():
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        run(snippet, writer)
    os.close(writer)
    ending = b"".join(iter(lambda: os.read(reader, 4096), b"")).decode()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    endings[name] = ending if status == 0 else signal.Signals(-status).name
    os.close(reader)
print(json.dumps(endings))
"""

HONEST = {
    "linear algebra": "a = np.eye(200) + 1; np.linalg.inv(a); np.linalg.svd(a); a @ a",
    "random numbers and fft": "np.fft.fft2(np.random.default_rng().normal(size=(64, 64)))",
    "library imported late": (
        "import asyncio, bz2, csv, ctypes.util, dataclasses, decimal, email, hashlib, inspect\n"
        "import concurrent.futures, logging.config, lzma, multiprocessing.pool, pdb, sqlite3\n"
        "import ssl, statistics, tempfile, unicodedata, unittest.mock, uuid, xml.etree.ElementTree"
    ),
    "numpy imported late": "import numpy.testing, numpy.polynomial, numpy.ma, numpy.ctypeslib",
    "time zones": "from zoneinfo import ZoneInfo; ZoneInfo('Europe/Berlin')",
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool: assert sum(pool.map(abs, range(-9, 9))) == 81"
    ),
    "asyncio": "import asyncio; asyncio.run(asyncio.sleep(0.01))",
    "write to /dev/null": "open('/dev/null', 'w').write('nothing')",
    "socket pair": (
        "a, b = socket.socketpair(); a.sendall(b'x' * 9); assert b.recv_into(bytearray(9)) == 9\n"
        "assert select.select([], [b], [], 1)[1]; a.settimeout(1); b.send(b'y'); a.recv(1)"
    ),
    "descriptors": (
        "r, w = os.pipe(); os.write(os.dup(w), b'x'); os.read(r, 1); os.set_blocking(r, False)"
    ),
    "signal to itself": (
        "seen = []; signal.signal(signal.SIGUSR1, lambda *_: seen.append(1))\n"
        "os.kill(os.getpid(), signal.SIGUSR1); signal.raise_signal(signal.SIGUSR1)\n"
        "assert seen == [1, 1]"
    ),
    "a timer": "signal.signal(signal.SIGALRM, lambda *_: 0); signal.setitimer(0, 0.01)",
    "questions": "resource.getrlimit(resource.RLIMIT_AS); os.cpu_count(); os.getcwd(); os.uname()",
    "much memory": "np.ones(64 << 20, np.uint8).sum()",
    "deep recursion": "sys.setrecursionlimit(9000); f = lambda n: n and f(n - 1); f(8000)",
}  # fmt: skip

FILES = {
    "read /etc/passwd": "open('/etc/passwd').read()",
    "read a hidden file": "open(scratch + '/hidden').read()",
    "list a hidden folder": "os.listdir(scratch)",
}
FILES_OF_OTHERS = {"read the parent's environment": "open(f'/proc/{os.getppid()}/environ').read()"}
WRITES = {
    "create a file": "open(scratch + '/new', 'w')",
    "create a file without a name": "os.open(scratch, os.O_TMPFILE | os.O_RDWR)",
    "truncate a file": "os.close(os.open(scratch + '/hidden2', os.O_RDONLY | os.O_TRUNC))",
    "append to a file": "open(scratch + '/hidden2', 'a').write('x')",
    "share memory by name": "import _posixshmem; _posixshmem.shm_open(f'/x{os.getpid()}', 66, 384)",
    "make a symbolic link": "os.symlink('/', scratch + f'/link{os.getpid()}')",
    "make a folder": "os.mkdir(scratch + f'/folder{os.getpid()}')",
    "rename a file": "os.rename(scratch + '/hidden3', scratch + f'/hidden{os.getpid()}')",
}
CALLS = {
    "change a file's times": "os.utime(scratch + '/hidden')",
    "internet socket": "socket.socket().close()",
    "datagram socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()",
    "netlink socket": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()",
    "unix socket": "socket.socket(socket.AF_UNIX).close()",
    "fork": "os.fork() or os._exit(0); os.wait()",
    "clone without a thread": "call('clone', 17, 0, 0, 0, 0) or os._exit(0)",
    "execute": "try: os.execv('/nothing', ['nothing'])\nexcept FileNotFoundError: pass",
    "anonymous file": "os.memfd_create('x')",
    "own signals elsewhere": (
        "import fcntl; a, b = socket.socketpair(); fcntl.fcntl(a, fcntl.F_SETOWN, os.getpid())"
    ),
    "ask who is at the other end": (
        "a, b = socket.socketpair(); a.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)"
    ),
    "lower a limit": (
        "try: resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))\n"
        "except ValueError: raise PermissionError  # what the module makes of EPERM"
    ),
    "become dumpable": "syscalls.prctl(4, 1)",
    "be somebody else": "os.setresuid(*os.getresuid())",
    "extended attribute": (
        "try: os.getxattr(scratch, 'user.x')\n"
        "except OSError as error:\n    if error.errno in (1, 13): raise"
    ),
    "watch files": "import ctypes; libc.inotify_init1(0) >= 0 or call('kill', -1, 99)",
}
KILLED = {
    "trace a process": "call('ptrace', 16, os.getppid(), 0, 0)",
    "read another's memory": "call('process_vm_readv', os.getppid(), 0, 0, 0, 0, 0)",
    "take another's descriptor": "call('pidfd_getfd', 0, 0, 0)",
    "bpf": "call('bpf', 0, 0, 0)",
    "io_uring": "call('io_uring_setup', 1, 0)",
    "mount": "call('mount', 0, 0, 0, 0, 0)",
    "keyring": "call('keyctl', 0, 0, 0, 0, 0)",
}
RESOURCES = {
    "endless loop": (
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile time.process_time() < 2.5: pass"
    ),
    "much private memory": "np.empty(2 << 30, np.uint8)",
    "much shared memory": "import mmap; mmap.mmap(-1, 2 << 30)",
    "many descriptors": "[os.dup(0) for _ in range(99)]",
    "thread bomb": (
        "threading.stack_size(32768); stop = threading.Event()\n"
        "try:\n    for _ in range(1500): threading.Thread(target=stop.wait, daemon=True).start()\n"
        "finally: stop.set()"
    ),
}
ATTACKS = FILES | FILES_OF_OTHERS | WRITES | CALLS


def interpreter_for(user: str) -> tuple[list[str], dict[str, object]]:
    """Find a Python that the user can run and that can import NumPy; skip if there is none."""
    if user == "me":
        return [sys.executable], {}
    if os.geteuid() != 0:
        pytest.skip("only root can become nobody")
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    names = (f"python3.{sys.version_info.minor}", "python3")
    for python in filter(
        None, [sys.executable, *(shutil.which(n, path=os.defpath) for n in names)]
    ):
        try:
            trial = subprocess.run(
                [python, "-c", "import numpy, grader.sandbox.policy"],
                env=environment(), capture_output=True, check=False, **identity,
            )  # fmt: skip
        except OSError:
            continue
        if trial.returncode == 0:
            return [python], identity
    pytest.skip("nobody has no Python with NumPy: every one here is private to root")


def environment() -> dict[str, str]:
    packages = Path(np.__file__).parents[1]
    return {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{packages}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def endings(snippets: dict[str, str], user: str = "me", **policy: object) -> dict[str, str]:
    """Run each snippet in a confined process of its own; say how each ended."""
    python, identity = interpreter_for(user)
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o777)
        for name in ("hidden", "hidden2", "hidden3"):
            Path(scratch, name).write_text("the answers")
            Path(scratch, name).chmod(0o666)
        done = subprocess.run(
            [*python, "-c", DRIVER],
            input=json.dumps({"snippets": snippets, "policy": policy, "scratch": scratch}),
            env=environment(), cwd=scratch, capture_output=True, text=True, check=False, **identity,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@functools.cache
def all_layers(user: str) -> dict[str, str]:
    return endings(HONEST | ATTACKS | KILLED, user)


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    return request.param


def succeeded(ended: dict[str, str]) -> set[str]:
    return {name for name, ending in ended.items() if ending == "succeeded"}


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_goes_on(user, name):
    """What an honest submission does works under every layer."""
    assert all_layers(user)[name] == "succeeded"


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_an_ordinary_error(user, name):
    """What a submission must not do fails with an error it can see."""
    assert all_layers(user)[name].startswith("PermissionError")


@pytest.mark.parametrize("name", KILLED)
def test_what_no_honest_program_does_ends_the_process(user, name):
    """System calls that only an attack makes end the process."""
    assert all_layers(user)[name] == "SIGSYS"


@pytest.mark.parametrize("abi", [1, 2, 4])
def test_older_landlock_still_refuses(user, abi):
    """With an older Landlock every attack fails, and only /dev/null may be lost."""
    ended = endings(HONEST | ATTACKS, user, newest_landlock_abi=abi)
    assert not succeeded(ended) & set(ATTACKS)
    lost = {"write to /dev/null"} if abi < 3 else set()
    assert set(HONEST) - succeeded(ended) == lost


def test_without_landlock_files_are_open(user):
    """Without Landlock every file can be read, though still none be written."""
    ended = endings(ATTACKS, user, without=["landlock"])
    assert succeeded(ended) - set(FILES_OF_OTHERS) == set(FILES)


def test_without_seccomp_system_calls_are_open(user):
    """Without the filter every call is possible, though Landlock still judges files."""
    ended = endings(ATTACKS, user, without=["seccomp"])
    assert succeeded(ended) == set(CALLS)


def test_without_both_everything_is_open(user):
    """Without either layer every attack succeeds, so the attacks are real."""
    ended = endings(ATTACKS, user, without=["seccomp", "landlock", "privileges"])
    assert succeeded(ended) | set(FILES_OF_OTHERS) == set(ATTACKS)


def test_signalling_the_parent_takes_two_layers_to_allow(user):
    """The parent is out of reach for the filter's reasons, and for Landlock's."""
    attack = {"signal": "os.kill(os.getppid(), 0)"}
    without = ["seccomp", "privileges"]
    assert not succeeded(endings(attack, user))
    assert succeeded(endings(attack, user, without=without, newest_landlock_abi=4))
    if landlock.supported_abi() >= 6:
        assert not succeeded(endings(attack, user, without=without))


def test_threads_have_to_be_allowed(user):
    """By default there is one: threads count against a limit that all workers share."""
    ended = endings(HONEST, user, threads=False)
    assert set(HONEST) - succeeded(ended) == {"threads"}
    assert ended["threads"].startswith("RuntimeError: can't start new thread")


LIMITS = {"memory_bytes": 1 << 30, "cpu_seconds": 1}


def test_limits_bind(user):
    """Time, memory, descriptors and threads run out."""
    ended = endings(RESOURCES, user, **LIMITS)
    assert ended.pop("endless loop") == "SIGKILL"
    assert ended.pop("many descriptors").startswith("OSError: [Errno 24]")
    assert ended.pop("thread bomb").startswith("RuntimeError: can't start new thread")
    assert not succeeded(ended), ended


def test_without_limits_nothing_runs_out(user):
    """Without limits the same programs go on."""
    ended = endings(RESOURCES, user, **LIMITS, without=["limits"])
    assert succeeded(ended) == set(RESOURCES), ended


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86_64 has x32")
def test_x32_calls_end_the_process(user):
    """The second table of system calls that x86_64 has is no way around the filter."""
    assert endings({"x32": "call(0x4000_0000 + 39)"}, user) == {"x32": "SIGSYS"}


def test_other_packages_cannot_be_imported(user):
    """A package that was not granted is out of reach, though it is installed."""
    ended = endings({"import": "import pytest"}, user)
    assert ended["import"].startswith(("PermissionError", "ModuleNotFoundError"))
    assert endings({"import": "import pytest"}, user, without=["landlock"]) == {
        "import": "succeeded"
    }


def test_root_gives_up_everything():
    """Started as root, the child is nobody to the kernel's counts, and has no capability."""
    if os.geteuid() != 0:
        pytest.skip("only root has something to give up")
    look = (
        "assert os.getresuid()[0] == 65534 and os.getresgid() == (65534,) * 3\n"
        "assert not os.getgroups()\n"
        "status = open('/proc/self/status').read()\n"
        "assert layers['capabilities'] == 0 and 'CapBnd:\\t0000000000000000' in status"
    )
    assert endings({"look": look}, without=["landlock"]) == {"look": "succeeded"}
    kept = "assert layers['capabilities'] != 0 and os.getresuid() == (0, 0, 0)"
    assert endings({"look": kept}, without=["privileges"]) == {"look": "succeeded"}


def test_a_child_dies_with_its_parent():
    """The signal of the parent's death survives the change of user."""
    look = "b = ctypes.c_int(); libc.prctl(2, ctypes.byref(b)); assert b.value == 9, b.value"
    assert endings({"look": look}, without=["seccomp"]) == {"look": "succeeded"}


def test_a_second_thread_is_refused():
    """A process with two threads is not confined by half."""
    code = (
        "import threading; from grader.sandbox.policy import *\n"
        "threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "Cage(Policy(readable=(), listable=(), memory_bytes=1 << 30, cpu_seconds=1)).confine()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False
    )
    assert "RuntimeError: a process with several threads cannot be confined" in done.stderr


def test_a_layer_that_does_not_exist_cannot_be_left_out():
    """A misspelt layer is an error, not a sandbox that is whole by mistake."""
    with pytest.raises(ValueError, match="no layer"):
        Policy(readable=(), listable=(), memory_bytes=1, cpu_seconds=1, without=["landlocks"])


def test_paths_name_the_package_and_no_other():
    """Of site-packages, only what belongs to the package is readable."""
    readable, listable = interpreter_paths(["numpy"])
    packages = Path(np.__file__).parents[1]
    inside = {Path(p).name for p in readable if Path(p).parent == packages}
    assert "numpy" in inside
    assert all(name.startswith("numpy") for name in inside)
    assert str(packages) in listable
    assert str(packages) not in readable


def test_paths_include_what_a_package_requires():
    """A package brings the packages that it requires."""
    names = {Path(p).name for p in interpreter_paths(["matplotlib"])[0]}
    assert {"matplotlib", "numpy", "kiwisolver", "pyparsing"} <= names


def test_an_import_name_need_not_be_the_distributions():
    """`PIL` comes from pillow, `dateutil` from python-dateutil."""
    names = {Path(p).name for p in interpreter_paths(["PIL", "dateutil"])[0]}
    assert {"PIL", "dateutil"} <= names
