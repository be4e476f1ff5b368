"""Frames over a socket.

A frame is `magic | u32 header length | u64 body length | header | body`; what
header and body mean is the codec's affair.

Trust: frames from a worker are written by a student's process. Memory grows with
the bytes that arrive, never with a length that was merely announced; a deadline
is absolute, so a slow drip of bytes does not extend it.
"""

import select
import socket
import struct
import time
from collections.abc import Iterable
from typing import Any, Final

from grader.codec import decode, encode
from grader.crossing import Handles, NotDataError
from grader.errors import ClosedError, DeadlineError, ProtocolError

MAX_HEADER: Final = 256 * 1024
MAX_QUESTION: Final = 512 * 1024 * 1024  # towards a fork: the whole training set fits
MAX_ANSWER: Final = 64 * 1024 * 1024  # from a fork, which may be a stranger's

_PREFIX: Final = struct.Struct("<4sIQ")
_MAGIC: Final = b"DG\x01\n"
_CHUNK: Final = 1024 * 1024
_READ_AHEAD: Final = 64 * 1024  # so that a frame that fits costs one call of the system


class Channel:
    """One end of a conversation in frames.

    Parameters
    ----------
    sock : socket
        A connected stream socket.
    asks : bool
        Whether this is the end of the grader, which may send more than it accepts.

    Attributes
    ----------
    handles : Handles or None
        Who knows the objects that may cross as handles; while it is None, none may.
    """

    def __init__(self, sock: socket.socket, *, asks: bool = True) -> None:
        self._socket = sock
        self._asks = asks
        self._unread = bytearray()  # what came along with the frame before
        self.handles: Handles | None = None

    def send(self, value: object, deadline: float | None = None) -> None:
        """Send one frame, by the absolute `time.monotonic()` deadline.

        Raises
        ------
        NotDataError
            Before a byte is written, if `value` holds anything that may not cross.
        DeadlineError, ClosedError
            If the other end does not read, or is gone.
        """
        parts = _frame(value, MAX_QUESTION if self._asks else MAX_ANSWER, self.handles)
        for part in parts:
            unsent = memoryview(part)
            while unsent:
                unsent = unsent[self._send_some(unsent, deadline) :]

    def receive(self, deadline: float | None = None) -> Any:
        """Wait for one whole frame, until the absolute `time.monotonic()` deadline.

        Raises
        ------
        DeadlineError, ClosedError, ProtocolError
            If none came in time, the other end is gone, or it was malformed.
        """
        _demand_time(deadline)  # also for what has come along already
        frame = self._at_least(_PREFIX.size, self._unread, deadline)
        magic, header_size, body_size = _PREFIX.unpack_from(frame)
        most = MAX_ANSWER if self._asks else MAX_QUESTION
        if magic != _MAGIC or header_size > MAX_HEADER or body_size > most:
            raise ProtocolError("a malformed frame: wrong start")
        body = _PREFIX.size + header_size
        end = body + body_size
        frame = self._at_least(end, frame, deadline)
        self._unread = frame[end:]
        return decode(frame[_PREFIX.size : body], memoryview(frame)[body:end], self.handles)

    @property
    def ahead(self) -> bool:
        """Whether more has been received than was asked for, which polling would not tell."""
        return bool(self._unread)

    def fileno(self) -> int:
        """Return the descriptor, for polling."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _send_some(self, data: memoryview, deadline: float | None) -> int:
        """Send what the other end takes, waiting for it to take anything at all."""
        try:
            return self._socket.send(data, 0 if deadline is None else socket.MSG_DONTWAIT)
        except BlockingIOError:
            poller = select.poll()
            poller.register(self._socket, select.POLLOUT)
            if not poller.poll(_milliseconds(deadline)):
                raise DeadlineError("the other end does not read") from None
            return 0
        except OSError as error:
            raise ClosedError(str(error)) from None

    def _at_least(self, size: int, received: bytearray, deadline: float | None) -> bytearray:
        """Return what was received, with as much more as is needed, or comes along with it."""
        while len(received) < size:
            wanted = min(max(size - len(received), _READ_AHEAD), _CHUNK)
            received += self._receive_some(wanted, deadline)
        return received

    def _receive_some(self, most: int, deadline: float | None) -> bytes:
        """Return what has arrived, waiting for anything at all."""
        _demand_time(deadline)
        try:
            # Only if there is nothing yet is it worth asking the system to wait.
            part = self._socket.recv(most, 0 if deadline is None else socket.MSG_DONTWAIT)
        except BlockingIOError:
            wait_readable([self._socket], deadline)
            return b""
        except OSError as error:
            raise ClosedError(str(error)) from None
        if not part:
            raise ClosedError("the connection was closed")
        return part


def wait_readable(files: Iterable[Any], deadline: float | None) -> list[Any]:
    """Return the files that can be read; raise `DeadlineError` if none can in time."""
    poller = select.poll()
    by_descriptor = {file.fileno(): file for file in files}
    for descriptor in by_descriptor:
        poller.register(descriptor, select.POLLIN)
    return [by_descriptor[descriptor] for descriptor in wait(poller, deadline)]


def wait(poller: select.poll, deadline: float | None) -> list[int]:
    """Return the descriptors that a poller finds ready; raise `DeadlineError` if none is in time.

    After the deadline there is nothing to be read, whatever keeps coming in.
    """
    milliseconds = _milliseconds(deadline)
    ready = poller.poll(milliseconds) if milliseconds != 0 else []
    if not ready:
        raise DeadlineError("no answer in time")
    return [descriptor for descriptor, _ in ready]


def _demand_time(deadline: float | None) -> None:
    if deadline is not None and time.monotonic() >= deadline:
        raise DeadlineError("no answer in time")


def _milliseconds(deadline: float | None) -> float | None:
    """Return how long to poll at most."""
    return None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000


def _frame(value: object, most: int, handles: Handles | None) -> list[bytes | memoryview]:
    """Return a frame in parts; a large array is not copied."""
    header, buffers = encode(value, handles)
    size = sum(map(len, buffers))
    if len(header) > MAX_HEADER or size > most:
        raise NotDataError(f"a value of {len(header) + size:,} bytes, which is too large")
    start = _PREFIX.pack(_MAGIC, len(header), size) + header
    return [b"".join([start, *buffers])] if size <= _CHUNK else [start, *buffers]
