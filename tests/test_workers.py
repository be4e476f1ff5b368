"""The trusted side of the sandbox, against submissions that want to get past it."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from grader import servers
from grader.alarm import TimeUp
from grader.crossing import NotDataError
from grader.errors import DeadlineError
from grader.protocol import wait_readable
from grader.remote import RemoteModules
from grader.sandbox import workers
from grader.sandbox.forkserver import Child
from grader.sandbox.tier import Tier, tier_of
from grader.sandbox.workers import SandboxError, Worker, WorkerEndedError
from grader.servers import Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

SOURCE = b"""
import os, signal, socket, stat, struct, sys, threading, time
import numpy as np
from grader import codec

MEMORY = []

def calm(x=1):
    return x

def remember():
    MEMORY.append(1)
    return len(MEMORY)

def named(x, *, factor):
    return x * factor

def fails():
    raise ValueError("no")

def attempt(code):
    scope = {}
    exec(code, scope)
    return scope.get("found")

# Ends.

def exit_zero():
    os._exit(0)

def exit_seven():
    os._exit(7)

def kill_itself():
    os.kill(os.getpid(), signal.SIGKILL)

def forbidden_call():
    import ctypes
    ctypes.CDLL(None).ptrace(0, 0, 0, 0)

# The connection, which is the only socket there is.

def connection():
    return next(d for d in range(3, 64) if is_socket(d))

def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True

def is_socket(descriptor):
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False

def token():
    return sys._getframe(2).f_locals["request"].token

def send(value):
    header, buffers = codec.encode(value)
    body = b"".join(buffers)
    start = struct.pack("<4sIQ", b"DG\\x01\\n", len(header), len(body))
    os.write(connection(), start + header + body)

def forge():
    send({"id": "0" * 16, "value": 42})

def call_back_without_end(function):
    while True:
        function()

def ask_ahead(function):
    question = {"id": token(), "callback": 0, "args": [1.0]}
    answer = {"id": question["id"], "value": 42}
    frames = []
    for value in [*[question] * 100, answer]:
        header, _ = codec.encode(value)
        frames.append(struct.pack("<4sIQ", b"DG\\x01\\n", len(header), 0) + header)
    os.write(connection(), b"".join(frames))
    time.sleep(1000)

def forge_a_callback(function, request):
    send({"id": token()} | request)
    time.sleep(1000)

def forge_an_array():
    send({"id": np.zeros(0), "value": 42})

def forge_two_arrays():
    send({"id": np.zeros(2), "value": 42})

def forge_a_list():
    send([1, 2])

def answer_without_id():
    send({"value": 42})

def write_nonsense():
    os.write(connection(), b"GET / HTTP/1.1" + bytes(40))

def announce_too_much():
    os.write(connection(), struct.pack("<4sIQ", b"DG\\x01\\n", 1, 2**63))

def send_a_pickle():
    header = b'["p","cos\\\\nsystem"]'
    os.write(connection(), struct.pack("<4sIQ", b"DG\\x01\\n", len(header), 0) + header)

def hang_up():
    os.close(connection())
    time.sleep(1000)

def hang_up_and_return():
    os.close(connection())

def print_without_end():
    while True:
        os.write(1, b"x" * 4096)

def print_in_python_without_end():
    while True:
        print("x" * 4096)

def announce_and_wait():
    os.write(connection(), struct.pack("<4sIQ", b"DG\\x01\\n", 5, 0) + b"[")
    time.sleep(1000)

def answer_twice():
    send({"id": token(), "value": "first"})
    return "second"

def speak_later():
    threading.Timer(0.05, send, args=({"id": "0" * 16, "value": 42},)).start()

def leave_later():
    threading.Timer(0.05, os._exit, args=(5,)).start()

# Never ends.

def loop():
    while True:
        pass

def sleep():
    time.sleep(1000)

def loop_in_c():
    sum(iter(int, 1))

def stop_itself():
    os.kill(os.getpid(), signal.SIGSTOP)

def ignore_signals():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass

def leave_threads():
    for _ in range(3):
        threading.Thread(target=loop).start()
    return "done"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zygote:
    """A server of workers, what they attest, and the file they may not read."""

    server: Server
    tier: Tier
    hidden: Path

    def worker(
        self, sources: Mapping[str, bytes] = MappingProxyType({"tricks.py": SOURCE})
    ) -> Worker:
        """Return what starts a worker, by default for the submission full of tricks."""
        return Worker(self.server.control, sources, self.tier)


@contextlib.contextmanager
def serving(hidden: Path, *, cpu_seconds: int) -> Iterator[Zygote]:
    hidden.write_text("42\n")
    hidden.chmod(0o644)  # so that only the sandbox protects it
    server = servers.start_zygote(
        ["numpy"], memory_bytes=2**30, cpu_seconds=cpu_seconds, hidden=hidden, threads=True
    )
    with contextlib.closing(server):
        yield Zygote(server=server, tier=tier_of(servers.attest(server)), hidden=hidden)


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """Give a server that many tests share."""
    with serving(tmp_path_factory.mktemp("hidden") / "answers.py", cpu_seconds=20) as zygote:
        yield zygote


@pytest.fixture
def worker(zygote: Zygote) -> Iterator[Worker]:
    """Give a worker to one test."""
    with contextlib.closing(zygote.worker()) as worker:
        yield worker


def later() -> float:
    return time.monotonic() + 30


def soon() -> float:
    return time.monotonic() + 0.3


def call(
    worker: Worker, function: str, *args: Any, deadline: float | None = None, **names: Any
) -> dict[str, Any]:
    """Return the reply to a call, without its token."""
    reply = worker.call(
        "tricks", function, args, names, observe=False, deadline=deadline or later()
    )
    return {key: value for key, value in reply.items() if key != "id"}


def assert_a_fresh_worker_answers(worker: Worker) -> None:
    """See that the next call is answered by a process that remembers nothing."""
    assert call(worker, "remember") == {"value": 1}
    assert call(worker, "calm", [1, "two"]) == {"value": [1, "two"]}


def test_calls_are_answered_by_one_process(worker):
    """A worker is started once and answers question after question."""
    assert [call(worker, "remember") for _ in range(3)] == [{"value": n} for n in (1, 2, 3)]
    assert call(worker, "named", 2, factor=4) == {"value": 8}
    assert call(worker, "fails")["raised"]["message"] == "no"
    assert call(worker, "missing") == {"unusable": "tricks.py has no function 'missing'"}


def test_an_observed_call_brings_its_arguments_back(worker):
    """What was asked for with `observe` comes back beside the value."""
    reply = worker.call("tricks", "calm", [np.ones(2)], {}, observe=True, deadline=later())
    assert reply["arguments"][0].tolist() == [1.0, 1.0]
    assert reply["shares_memory"] is True


def test_arguments_that_are_no_data_are_the_tests_fault(worker):
    """A test that hands over an object learns so, and the next call is answered."""
    call(worker, "remember")
    with pytest.raises(NotDataError):
        call(worker, "calm", object())
    assert call(worker, "remember") == {"value": 1}


CALLS_BACK = b"""
import numpy as np

def apply(f, x, times=1):
    for _ in range(times):
        x = f(x)
    return x

def double(x):
    return 2 * x

def count(n):
    yield from range(n)

def draw(rng):
    return rng.random()

def draws_wrongly(f):
    return f()
"""


@pytest.fixture
def student(zygote: Zygote) -> Iterator[Any]:
    """Give a submission whose functions call what they are given."""
    with contextlib.closing(zygote.worker({"calls.py": CALLS_BACK})) as worker:
        modules = RemoteModules(worker, {"calls.py": CALLS_BACK})
        modules.begin(later())
        yield modules.calls


def test_a_function_of_the_test_is_called_on_the_tests_side(student):
    """A function cannot cross; its calls do, and what it is given there is data."""
    seen = []

    def add_one(x):
        seen.append(x)
        return x + 1

    assert student.apply(add_one, 5, times=3) == 8
    assert seen == [5, 6, 7]
    assert student.apply(f=add_one, x=1) == 2


def test_a_submissions_function_can_be_handed_back_to_it(student):
    """Calls nest: the test's function calls the submission while the submission waits for it."""
    assert student.apply(student.double, 3) == 6
    assert student.apply(lambda x: student.apply(student.double, x) + 1, 3, times=2) == 15


def test_an_error_in_the_tests_function_reaches_the_test(student):
    """As it would in one process; the next call is answered by a fresh worker."""
    with pytest.raises(ZeroDivisionError):
        student.apply(lambda x: x / 0, 1)
    with pytest.raises(TypeError):
        student.draws_wrongly(lambda x: x)
    assert student.double(4) == 8


def test_a_generator_crosses_as_a_list(student):
    """Up to ten thousand items; one without an end is refused."""
    assert student.count(4) == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="a generator of more than 10,000 items"):
        student.count(10_001)


def test_random_numbers_cross_as_a_generator_in_the_same_state(student):
    """The copy draws what the original would have drawn, and the original is not advanced."""
    rng = np.random.default_rng(7)
    rng.random(3)
    drawn = student.draw(rng)
    assert drawn == rng.random()


@pytest.mark.parametrize(
    "forged", [{"callback": 1}, {"callback": 0.0}, {"callback": [0]}, {"callback": 0, "args": 5}]
)
def test_a_function_that_was_not_given_cannot_be_called(worker, forged):
    """A call back to no function of the test, or without arguments, ends the worker."""
    with pytest.raises(WorkerEndedError, match="interfered"):
        call(worker, "forge_a_callback", lambda: 1, {"args": [], **forged})
    assert_a_fresh_worker_answers(worker)


def test_calling_back_without_end_does_not_extend_the_deadline(worker):
    """A submission that keeps calling the test's function is late all the same."""
    with pytest.raises(DeadlineError):
        call(worker, "call_back_without_end", lambda: None, deadline=soon())
    assert_a_fresh_worker_answers(worker)


ENDS = {
    "exit_zero": "ended the whole process (exit status 0)",
    "exit_seven": "ended the whole process (exit status 7)",
    "kill_itself": "ended the whole process (SIGKILL)",
    "forbidden_call": "ended the whole process (SIGSYS)",
    "print_without_end": "was stopped: it printed more than 4 MiB",
    "print_in_python_without_end": "was stopped: it printed more than 4 MiB",
    **dict.fromkeys(
        [
            "forge", "forge_an_array", "forge_two_arrays", "forge_a_list", "answer_without_id",
            "write_nonsense", "announce_too_much", "send_a_pickle",
        ],
        "interfered with the grader's connection",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("trick", "sentence"), ENDS.items())
def test_a_trick_ends_the_worker_and_not_the_next(worker, trick, sentence):
    """What a submission does to its process or its connection costs it this call, and only this."""
    call(worker, "remember")
    with pytest.raises(WorkerEndedError) as ended:
        call(worker, trick)
    assert str(ended.value) == sentence
    assert_a_fresh_worker_answers(worker)


@pytest.mark.parametrize("trick", ["hang_up", "hang_up_and_return"])
def test_a_submission_that_hangs_up_is_not_waited_for(worker, monkeypatch, trick):
    """A closed connection ends the worker, whether the process still runs or not."""
    monkeypatch.setattr(workers, "_END_SECONDS", 0.1)
    with pytest.raises(WorkerEndedError, match=r"closed its connection|ended the whole process"):
        call(worker, trick)
    assert_a_fresh_worker_answers(worker)


@pytest.mark.parametrize(
    "trick", ["loop", "sleep", "loop_in_c", "stop_itself", "ignore_signals", "announce_and_wait"]
)
def test_a_call_without_end_ends_at_its_deadline(worker, trick):
    """Whatever keeps a worker busy or asleep, it is replaced when its time is up."""
    call(worker, "remember")
    with pytest.raises(DeadlineError):
        call(worker, trick, deadline=soon())
    assert_a_fresh_worker_answers(worker)


def test_what_came_along_in_time_is_not_read_after_it(worker):
    """Questions and an answer, sent in one piece, do not outlive the deadline together."""
    asked = []

    def slow(x: float) -> float:
        asked.append(x)
        time.sleep(0.02)
        return x

    with pytest.raises(DeadlineError):
        call(worker, "ask_ahead", slow, deadline=soon())
    assert 0 < len(asked) < 50
    assert_a_fresh_worker_answers(worker)


def test_a_late_worker_is_let_go_whatever_comes_in_between(worker, monkeypatch):
    """A test that is stopped while its worker is stopped leaves no worker to the next one."""

    def interrupted(*_: object) -> None:
        raise TimeUp

    with monkeypatch.context() as patched:
        patched.setattr(Child, "stop", interrupted)
        with pytest.raises(TimeUp):
            call(worker, "sleep", deadline=soon())
    assert_a_fresh_worker_answers(worker)


def test_an_answer_too_many_is_noticed_by_the_next_call(worker):
    """Of two answers the first counts, and the worker that gave the second is replaced."""
    assert call(worker, "answer_twice") == {"value": "first"}
    with pytest.raises(WorkerEndedError, match="interfered"):
        call(worker, "calm")
    assert_a_fresh_worker_answers(worker)


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = later()
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


@pytest.mark.parametrize(
    ("trick", "sentence"),
    [
        ("speak_later", "interfered with the grader's connection"),
        ("leave_later", "ended the whole process (exit status 5)"),
    ],
)
def test_what_happens_between_two_calls_is_no_answer(worker, trick, sentence):
    """A frame that nobody asked for is never taken for the answer to the next question."""
    call(worker, trick)
    assert wait_readable([worker._child.channel], later())
    with pytest.raises(WorkerEndedError) as ended:
        call(worker, "calm")
    assert str(ended.value) == sentence
    assert_a_fresh_worker_answers(worker)


def test_a_worker_with_busy_threads_still_answers(worker):
    """Threads that a submission leaves behind slow it down, no more."""
    assert call(worker, "leave_threads") == {"value": "done"}
    assert call(worker, "calm", 5) == {"value": 5}


def descendants(pid: int) -> set[int]:
    """Return the processes that a process started, with all that these started."""
    children: dict[int, set[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, set()).add(int(folder.name))
    found, waiting = set(), [pid]
    while waiting:
        new = children.get(waiting.pop(), set())
        found |= new
        waiting += new
    return found


def test_nothing_is_left_running_after_a_close(zygote):
    """Threads, loops and sleepers all go when the submission is done with."""
    server = zygote.server._process.pid
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(contextlib.closing(zygote.worker())) for _ in "123"]
        before = descendants(server)
        for worker in held:
            call(worker, "leave_threads")
        started = descendants(server) - before
        assert len(started) == 3
    assert wait_until(lambda: not started & descendants(server))


def test_a_submission_that_burns_its_processor_time_is_ended(tmp_path):
    """The kernel counts too: beyond its seconds of processor time, a worker is killed."""
    with (
        serving(tmp_path / "answers.py", cpu_seconds=1) as zygote,
        contextlib.closing(zygote.worker()) as worker,
    ):
        with pytest.raises(WorkerEndedError, match=r"SIGXCPU|SIGKILL"):
            call(worker, "loop")
        assert_a_fresh_worker_answers(worker)


def test_too_little_isolation_is_our_fault(zygote):
    """A worker that attests another tier than was promised gets no submission."""
    (other, *_) = set(Tier) - {zygote.tier}
    with contextlib.closing(Worker(zygote.server.control, {"tricks.py": SOURCE}, other)) as worker:
        with pytest.raises(SandboxError) as refused:
            call(worker, "calm")
        assert str(refused.value) == f"a worker attested {zygote.tier}, not {other}"
        assert worker._child is None


def test_a_zygote_that_is_gone_is_our_fault():
    """Where no worker can be started, no student is to blame."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(SandboxError, match="no worker could be started"):
        call(Worker(ours, {}, Tier.FULL), "calm")


def test_what_was_printed_is_taken_once(worker):
    """Output belongs to the calls since the last look; before the first call there is none."""
    assert worker.take_output() == ""
    call(worker, "attempt", "print('hello')")
    assert worker.take_output() == "hello\n"
    assert worker.take_output() == ""


def test_closing_twice_does_no_harm(worker):
    """A worker that is closed can be closed, and used again."""
    call(worker, "remember")
    worker.close()
    worker.close()
    assert worker.take_output() == ""
    assert_a_fresh_worker_answers(worker)


# What must fail inside, and would succeed outside. {hidden} is a file that exists.
FORBIDDEN = {
    "read a hidden file": "open({hidden!r}).close()",
    "write to a hidden file": "open({hidden!r}, 'a').close()",
    "read the list of users": "open('/etc/passwd').close()",
    "read an environment": "open('/proc/self/environ').close()",
    "list the root folder": "import os; os.listdir('/')",
    "write in a temporary folder": "import tempfile; tempfile.TemporaryFile().close()",
    "fork": "import os; pid = os.fork(); pid or os._exit(0); os.waitpid(pid, 0)",
    "run a program": "import subprocess, sys; subprocess.check_call([sys.executable, '-V'])",
    "become a program": "import os, sys; os.execv(sys.executable, ['python', '-V'])",
    "connect by TCP": "import socket; socket.socket().close()",
    "send by UDP": "import socket; socket.socket(type=socket.SOCK_DGRAM).close()",
    "connect on this machine": "import socket; socket.socket(socket.AF_UNIX).close()",
    "signal its parent": "import os; os.kill(os.getppid(), 0)",
    "signal its group": "import os; os.killpg(os.getpgrp(), 0)",
    "make a file in memory": "import os; os.close(os.memfd_create('x'))",
}

TRY = """
import json, os, sys
for what, code in json.loads(sys.argv[1]).items():
    pid = os.fork()
    if pid == 0:
        exec(code, {})
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        print("failed:", what)
"""


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_submission_cannot(zygote, worker, what):
    """What a submission must not do is an ordinary error inside."""
    reply = call(worker, "attempt", FORBIDDEN[what].format(hidden=str(zygote.hidden)))
    assert reply["raised"]["builtin"] in ("PermissionError", "FileNotFoundError")
    assert call(worker, "calm") == {"value": 1}


def test_what_is_forbidden_is_possible_outside(zygote):
    """Each attempt above is a real one: where there is no sandbox, it succeeds."""
    codes = {what: code.format(hidden=str(zygote.hidden)) for what, code in FORBIDDEN.items()}
    done = subprocess.run(
        [sys.executable, "-c", TRY, json.dumps(codes)], capture_output=True, text=True, check=True
    )
    assert "failed" not in done.stdout, done.stderr


def test_a_submission_learns_nothing_from_its_environment(worker):
    """The grader's environment does not reach a worker."""
    found = call(worker, "attempt", "import os; found = dict(os.environ)")["value"]
    assert "PYTEST_CURRENT_TEST" in os.environ
    assert set(found) <= {*servers._bare_environment(), "LC_CTYPE", "PWD"}


def test_a_submission_finds_none_of_the_graders_sockets(worker):
    """Beside its streams, a worker holds its own connection and nothing else."""
    code = "import os, tricks; found = [d for d in range(1024) if tricks.is_open(d)]"
    assert len(call(worker, "attempt", code)["value"]) == 4
