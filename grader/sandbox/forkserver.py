"""Fork a warm process on request, and kill the fork when its client lets go.

Two processes of a grading run are fork servers: the examiner, which knows the
answers, and the worker zygote, which runs students' code. Both have paid for
their imports once; each request costs one fork.

Theory of operation. A client asks by sending one byte and three descriptors over
the control socket: the child's end of a conversation, the server's end of a
*lifeline*, and the pipe that becomes the child's output. The server forks, and
hands the child everything but the lifeline. When the client closes the lifeline
or dies, however it dies, the server kills the child; when the child ends, the
server writes its exit status into the lifeline. When the last client is gone,
the server kills what is left and ends. So no process outlives the grader, even
one that was killed with -9.

Trust: no child ever holds the control socket's serving end or a lifeline. All
that a child can do to its server is to end.
"""

import array
import contextlib
import gc
import io
import os
import select
import signal
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from grader.errors import ClosedError, DeadlineError
from grader.protocol import Channel, wait, wait_readable
from grader.sandbox.privileges import refuse_inspection

_ENDING: Final = struct.Struct("<id")
_FDS_PER_REQUEST: Final = 3
_FORK_TRIES: Final = 40
_FORK_PAUSE: Final = 0.05
_KEPT_OUTPUT: Final = 64 * 1024
_MAX_OUTPUT: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended, and what it had cost."""

    status: int  # the exit code, or minus the signal
    cpu_seconds: float


class FloodError(ClosedError):
    """A child printed without end; it counts as gone."""


class Child:
    """A client's hold on one forked process."""

    def __init__(self, channel: Channel, output: int, lifeline: socket.socket) -> None:
        self.channel = channel
        self._output: io.FileIO | None = io.FileIO(output)  # the child's stdout and stderr
        self._lifeline = lifeline
        self._poller = select.poll()
        self._poller.register(channel, select.POLLIN)
        self._poller.register(output, select.POLLIN)
        self._printed = bytearray()
        self._printed_size = 0

    def receive(self, deadline: float) -> Any:
        """Wait for the child's next frame, reading what it prints meanwhile.

        Raises
        ------
        DeadlineError, ClosedError, ProtocolError
            As `Channel.receive`; a child that prints without end counts as gone.
        """
        while not self.channel.ahead:
            ready = wait(self._poller, deadline)
            if self._output is not None and self._output.fileno() in ready:
                self._read_output(self._output)
            if self.channel.fileno() in ready:
                break
        return self.channel.receive(deadline)

    def take_output(self) -> str:
        """Return what the child has printed since the last call, at most 64 KiB of it."""
        if self._output is not None:
            with contextlib.suppress(ClosedError):
                self._read_output(self._output)
        printed = self._printed.decode("utf-8", "replace")
        self._printed.clear()
        return printed

    def stop(self, deadline: float) -> "Ending | None":
        """Have the child killed, and wait for its end."""
        with contextlib.suppress(OSError):
            self._lifeline.shutdown(socket.SHUT_WR)
        return self.ending(deadline)

    def ending(self, deadline: float) -> "Ending | None":
        """Wait for the child's end; None if nothing is known of it."""
        try:
            wait_readable([self._lifeline], deadline)
            report = self._lifeline.recv(_ENDING.size)
        except (DeadlineError, OSError, ValueError):  # too late, or let go of already
            return None
        return Ending(*_ENDING.unpack(report)) if len(report) == _ENDING.size else None

    def close(self) -> None:
        """Let go: the server kills the child if it still runs."""
        self._lifeline.close()
        self.channel.close()
        if self._output is not None:
            self._output.close()
            self._output = None

    def _read_output(self, output: io.FileIO) -> None:
        while part := output.read(_KEPT_OUTPUT):  # None: nothing more now; b"": closed
            self._printed_size += len(part)
            self._printed += part[: _KEPT_OUTPUT - len(self._printed)]
            if self._printed_size > _MAX_OUTPUT:
                raise FloodError(f"it printed more than {_MAX_OUTPUT // 2**20} MiB")
        if part == b"":
            self._poller.unregister(output)
            output.close()
            self._output = None


def request_child(control: socket.socket) -> Child:
    """Ask the server at the other end of `control` for a fork.

    Raises
    ------
    ClosedError
        If the server is gone.
    """
    ours, theirs = socket.socketpair()
    lifeline, server_lifeline = socket.socketpair()
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    child = Child(Channel(ours), reader, lifeline)
    try:
        handed_over = array.array("i", [theirs.fileno(), server_lifeline.fileno(), writer])
        control.sendmsg([b"."], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handed_over)])
    except OSError as error:
        child.close()
        raise ClosedError(f"the fork server is gone ({error})") from None
    finally:
        theirs.close()
        server_lifeline.close()
        os.close(writer)
    return child


def serve(control: socket.socket, keep: Sequence[int] = ()) -> Channel | None:
    """Answer requests until every client is gone.

    Returns the channel to the client in each child, which holds no other
    descriptors than that, 0 (empty), 1 and 2 (the client's pipe) and `keep`;
    returns None in the server when it is done. Neither can be looked into by other
    processes of the same user.
    """
    refuse_inspection()
    gc.collect()
    gc.freeze()  # the collector would otherwise write to every page the children share
    return _Server(control, keep).run()


class _Server:
    def __init__(self, control: socket.socket, keep: Sequence[int]) -> None:
        self._control = control
        self._keep = keep
        self._lifelines: dict[int, socket.socket] = {}  # by the child's pid
        self._killed: set[int] = set()  # whose lifelines have nothing more to say

    def run(self) -> Channel | None:
        wake_reader, wake_writer = os.pipe()
        for end in (wake_reader, wake_writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            ready = self._wait(wake_reader)
            if wake_reader in ready:
                os.read(wake_reader, 4096)
                self._reap()
            self._kill_abandoned(ready)
            if self._control.fileno() in ready:
                descriptors = self._receive()
                if not descriptors:
                    self._kill_all()
                    return None
                channel = self._fork(*descriptors)
                if channel is not None:
                    return channel

    def _wait(self, wake_reader: int) -> set[int]:
        poller = select.poll()
        poller.register(wake_reader, select.POLLIN)
        poller.register(self._control, select.POLLIN)
        for pid, lifeline in self._lifelines.items():
            if pid not in self._killed:
                poller.register(lifeline, select.POLLIN)
        return {descriptor for descriptor, _ in poller.poll()}

    def _receive(self) -> list[int]:
        """Read one request; empty when no client is left."""
        size = socket.CMSG_SPACE(_FDS_PER_REQUEST * array.array("i").itemsize)
        _, ancillary, _, _ = self._control.recvmsg(1, size)
        descriptors = array.array("i")
        for _level, _kind, data in ancillary:
            descriptors.frombytes(data)
        return list(descriptors)

    def _fork(self, channel: int, lifeline: int, output: int) -> Channel | None:
        pid = _fork_patiently()
        if pid is None:  # the client finds its connection closed
            for descriptor in (channel, lifeline, output):
                os.close(descriptor)
            return None
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _keep_only(channel, output, self._keep)
            return Channel(socket.socket(fileno=channel), asks=False)
        os.close(channel)
        os.close(output)
        self._lifelines[pid] = socket.socket(fileno=lifeline)
        return None

    def _reap(self) -> None:
        for pid in list(self._lifelines):
            done, status, usage = os.wait4(pid, os.WNOHANG)
            if done:
                seconds = usage.ru_utime + usage.ru_stime
                lifeline = self._lifelines.pop(pid)
                self._killed.discard(pid)
                with contextlib.suppress(OSError):  # the client may have let go already
                    lifeline.send(_ENDING.pack(os.waitstatus_to_exitcode(status), seconds))
                lifeline.close()

    def _kill_abandoned(self, ready: set[int]) -> None:
        for pid, lifeline in self._lifelines.items():
            if lifeline.fileno() in ready:  # clients never write: readable means closed
                os.kill(pid, signal.SIGKILL)
                self._killed.add(pid)

    def _kill_all(self) -> None:
        for pid in self._lifelines:
            os.kill(pid, signal.SIGKILL)
        for pid in self._lifelines:
            os.waitpid(pid, 0)


def _fork_patiently() -> int | None:
    """Fork; where the system has no room for a process at the moment, wait for it a while."""
    for _ in range(_FORK_TRIES):
        try:
            return os.fork()
        except OSError:
            time.sleep(_FORK_PAUSE)
    return None


def _keep_only(channel: int, output: int, keep: Sequence[int]) -> None:
    """Close every descriptor but the standard streams, `channel` and `keep`."""
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    first = 3
    for descriptor in sorted({channel, *keep}):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))
