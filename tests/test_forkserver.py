"""The fork server: a child for each request, and no child without its client."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from grader.errors import ClosedError, DeadlineError
from grader.sandbox.forkserver import Child, request_child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is the sandbox's, on Linux")

SERVER = """
import os, socket, sys, time
from grader.errors import ClosedError
from grader.sandbox import forkserver

def is_open(descriptor):
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True

control, *keep = map(int, sys.argv[1:])
channel = forkserver.serve(socket.socket(fileno=control), keep)
if channel is not None:
    memory = {}
    try:
        while True:
            channel.send(eval(channel.receive()))
    except ClosedError:
        os._exit(0)
"""
CLIENT = """
import socket, sys, time
from grader.sandbox import forkserver

control = socket.socket(fileno=int(sys.argv[1]))
child = forkserver.request_child(control)
child.channel.send("os.getpid()")
print(child.receive(time.monotonic() + 30), flush=True)
child.channel.send("time.sleep(1000)")
time.sleep(1000)
"""


def soon() -> float:
    return time.monotonic() + 0.1


def later() -> float:
    return time.monotonic() + 30


def python(code: str, *descriptors: int, **options: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, *map(str, descriptors)]
    return subprocess.Popen(command, pass_fds=descriptors, text=True, **options)


@contextlib.contextmanager
def serving(*keep: int) -> Iterator[tuple[socket.socket, "subprocess.Popen[str]"]]:
    """Run a server whose children evaluate what they are sent."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = python(SERVER, theirs.fileno(), *keep)
        try:
            yield ours, process
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def control() -> Iterator[socket.socket]:
    """Give the control socket of a server that many tests share."""
    with serving() as (control, _):
        yield control


@pytest.fixture
def child(control: socket.socket) -> Iterator[Child]:
    """Give a child of the shared server."""
    with contextlib.closing(request_child(control)) as child:
        yield child


def ask(child: Child, expression: str) -> Any:
    child.channel.send(expression)
    return child.receive(later())


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def ends(pid: int) -> bool:
    """Whether a process that is no child of ours is gone and reaped before long."""
    deadline = later()
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


def test_each_request_gets_a_process_of_its_own(control, child):
    """What one child does to its memory, no other child sees."""
    with contextlib.closing(request_child(control)) as other:
        assert ask(child, "memory.update(secret=1)") is None
        assert ask(other, "memory") == {}
        assert ask(child, "memory") == {"secret": 1}
        assert ask(child, "os.getpid()") != ask(other, "os.getpid()")
        assert ask(child, "os.getppid()") == ask(other, "os.getppid()")


def test_a_child_holds_only_its_own_descriptors(control, child):
    """A child has three streams and its channel: no control socket and nobody's lifeline."""
    ask(child, "1")  # so that it is there when the next one is forked
    with contextlib.closing(request_child(control)) as second:
        held = ask(second, "[d for d in range(1024) if is_open(d)]")
        assert held == [0, 1, 2, ask(second, "channel.fileno()")]
        assert ask(second, "os.read(0, 10)") == b""


def test_a_child_keeps_the_descriptors_that_it_is_to_keep():
    """What the server is told to hand on stays open, and nothing beside it."""
    reader, writer = os.pipe()
    try:
        with serving(writer) as (control, _), contextlib.closing(request_child(control)) as child:
            held = ask(child, "[d for d in range(1024) if is_open(d)]")
            assert held == sorted([0, 1, 2, writer, ask(child, "channel.fileno()")])
            assert ask(child, f"os.write({writer}, b'x')") == 1
            assert os.read(reader, 10) == b"x"
    finally:
        os.close(reader)
        os.close(writer)


def test_a_child_handles_its_own_children_again(child):
    """The server's signal handling is not its children's."""
    assert ask(child, "__import__('signal').set_wakeup_fd(-1)") == -1
    assert ask(child, "__import__('signal').getsignal(17) == 0") is True


def test_letting_go_kills_a_busy_child(control):
    """A child that never looks at its channel ends all the same when its client lets go."""
    child = request_child(control)
    pid = ask(child, "os.getpid()")
    child.channel.send("[0 for _ in iter(int, 1)]")
    assert is_running(pid)
    child.close()
    assert ends(pid)


def test_letting_go_of_one_child_leaves_the_others(control, child):
    """Only the child whose lifeline was closed is killed."""
    pid = ask(child, "os.getpid()")
    abandoned = request_child(control)
    abandoned_pid = ask(abandoned, "os.getpid()")
    abandoned.close()
    assert ends(abandoned_pid)
    assert ask(child, "os.getpid()") == pid


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("os._exit(0)", 0),
        ("os._exit(7)", 7),
        ("1 / 0", 1),
        ("os.kill(os.getpid(), 9)", -signal.SIGKILL),
        ("os.abort()", -signal.SIGABRT),
    ],
)
def test_the_exit_status_is_reported(child, end, status):
    """Exit code or signal, the client learns how its child ended."""
    child.channel.send(end)
    with pytest.raises(ClosedError):
        child.receive(later())
    assert child.ending(later()).status == status


def test_a_stopped_child_says_what_it_has_cost(child):
    """Whoever stops a child learns how much processor time it had: next to none if it slept."""
    child.channel.send("__import__('time').sleep(1000)")
    ending = child.stop(later())
    assert ending.status == -signal.SIGKILL
    assert 0 < ending.cpu_seconds < 30


def test_a_child_that_lives_has_no_exit_status(child):
    """Waiting for an end that does not come stops at the deadline."""
    ask(child, "1")
    assert child.ending(soon()) is None


def test_children_that_end_together_are_all_reported(control):
    """One signal may stand for several dead children: each is reaped."""
    with contextlib.ExitStack() as stack:
        children = [stack.enter_context(contextlib.closing(request_child(control))) for _ in "1234"]
        for code, child in enumerate(children):
            child.channel.send(f"os._exit({code})")
        assert [child.ending(later()).status for child in children] == [0, 1, 2, 3]


def test_no_child_outlives_a_client_that_is_killed():
    """When the only client dies by SIGKILL, its child is killed and the server ends."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server = python(SERVER, theirs.fileno())
        client = python(CLIENT, ours.fileno(), stdout=subprocess.PIPE)
    with server, client:
        pid = int(client.stdout.readline())
        assert is_running(pid)
        client.kill()
        assert server.wait(30) == 0
        assert ends(pid)


def test_the_server_ends_with_its_last_client():
    """A control socket that is closed ends the server, and a child that is still held."""
    with serving() as (control, server), contextlib.closing(request_child(control)) as child:
        pid = ask(child, "os.getpid()")
        child.channel.send("time.sleep(1000)")
        control.close()
        assert server.wait(30) == 0
        assert ends(pid)
        with pytest.raises(ClosedError):
            child.receive(later())


def test_a_server_that_is_gone_is_an_error():
    """A request that nobody can answer does not wait."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours, pytest.raises(ClosedError, match="the fork server is gone"):
        request_child(ours)


def test_what_a_child_prints_is_collected_once(child):
    """Both streams arrive in order, whatever bytes they hold, and are taken only once."""
    ask(child, "[os.write(1, b'out '), os.write(2, b'err '), os.write(1, b'\\xff')]")
    assert child.take_output() == "out err \N{REPLACEMENT CHARACTER}"
    assert child.take_output() == ""


def test_a_child_may_print_more_than_the_pipe_holds(child):
    """Output is read while an answer is waited for, and 64 KiB of it are kept."""
    assert ask(child, "[os.write(1, b'%09d ' % n) for n in range(20_000)][0]") == 10
    kept = child.take_output()
    assert len(kept) == 64 * 1024
    assert kept.startswith("000000000 000000001 ")


def test_output_is_kept_anew_after_it_was_taken(child):
    """What was cut off before does not count against what is printed later."""
    ask(child, "os.write(1, b'x' * 60_000)")
    child.take_output()
    ask(child, "os.write(1, b'y' * 60_000)")
    assert child.take_output() == "y" * 60_000


def test_a_child_that_prints_without_end_counts_as_gone(child):
    """Beyond 4 MiB nobody reads on."""
    child.channel.send("[os.write(1, b'x' * 4096) for _ in iter(int, 1)]")
    with pytest.raises(ClosedError, match="it printed more than 4 MiB"):
        child.receive(later())
    assert len(child.take_output()) == 64 * 1024


def test_four_mebibytes_are_not_yet_too_much(child):
    """The largest amount that may be printed may be printed."""
    assert ask(child, "[os.write(1, b'x' * 4096) for _ in range(1024)][0]") == 4096


def test_a_child_may_close_its_own_output(child):
    """An output that ends is no reason to wait, nor to spin."""
    assert ask(child, "[os.write(1, b'bye'), os.close(1), os.close(2)][0]") == 3
    assert ask(child, "1 + 1") == 2
    assert child.take_output() == "bye"
    with pytest.raises(DeadlineError):
        child.receive(soon())


def test_printing_does_not_extend_a_deadline(child):
    """A child that prints now and then, and never answers, is late."""
    child.channel.send("[(time.sleep(0.01), os.write(1, b'x')) for _ in iter(int, 1)]")
    with pytest.raises(DeadlineError):
        child.receive(soon())


def test_several_clients_ask_at_once(control):
    """Requests that arrive together get a child each, and nobody gets another's answer."""
    answers: dict[int, list[int]] = {}

    def client(number: int) -> None:
        answers[number] = []
        for _ in range(5):
            with contextlib.closing(request_child(control)) as child:
                answers[number].append(ask(child, f"{number} * 10"))

    clients = [threading.Thread(target=client, args=(number,)) for number in range(6)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    assert answers == {number: [number * 10] * 5 for number in range(6)}
