"""Frames over a socket: whole, bounded, and by an absolute deadline."""

import contextlib
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from grader import protocol
from grader.crossing import NotDataError
from grader.errors import ClosedError, DeadlineError, ProtocolError
from grader.protocol import MAX_ANSWER, MAX_HEADER, MAX_QUESTION, Channel, wait_readable

MAGIC = b"DG\x01\n"


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """Give a channel, and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def prefix(header: int, body: int, magic: bytes = MAGIC) -> bytes:
    return struct.pack("<4sIQ", magic, header, body)


def soon() -> float:
    return time.monotonic() + 0.1


def later() -> float:
    return time.monotonic() + 30


def test_frames_arrive_in_the_order_in_which_they_were_sent(ends):
    """Each receive takes one frame, however many have arrived."""
    channel, theirs = ends
    other = Channel(theirs)
    for value in (1, ["two", np.arange(3.0)], {"three": b"3"}):
        other.send(value)
    assert channel.receive(later()) == 1
    word, array = channel.receive(later())
    assert (word, array.tolist()) == ("two", [0.0, 1.0, 2.0])
    assert channel.ahead
    assert channel.receive(later()) == {"three": b"3"}
    assert not channel.ahead


def test_a_frame_larger_than_the_socket_holds_arrives_whole(ends):
    """Sending and receiving go on until every byte has crossed."""
    channel, theirs = ends
    array = np.random.default_rng(1).integers(0, 256, 3 * 2**20, np.uint8)
    sender = threading.Thread(target=Channel(theirs).send, args=(array, later()))
    sender.start()
    arrived = channel.receive(later())
    sender.join()
    assert np.array_equal(arrived, array)


def test_a_receive_without_a_deadline_waits(ends):
    """No deadline means to wait, even after a send that had one."""
    channel, theirs = ends
    channel.send("question", soon())
    answer = threading.Timer(0.2, Channel(theirs).send, args=("answer",))
    answer.start()
    assert channel.receive() == "answer"
    answer.join()


@pytest.mark.parametrize("sent", [b"", MAGIC, prefix(5, 0), prefix(1, 8) + b"1"])
def test_an_incomplete_frame_ends_at_the_deadline(ends, sent):
    """Wherever a frame stops, waiting for the rest of it stops at the deadline."""
    channel, theirs = ends
    theirs.sendall(sent)
    with pytest.raises(DeadlineError, match="no answer in time"):
        channel.receive(soon())


def test_a_slow_drip_does_not_extend_the_deadline(ends):
    """A frame that comes byte by byte is as late as one that never comes."""
    channel, theirs = ends
    frame = prefix(202, 0) + b'"' + b"x" * 200 + b'"'
    stop = threading.Event()

    def drip() -> None:
        for byte in frame:
            theirs.send(bytes([byte]))
            if stop.wait(0.01):
                return

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        with pytest.raises(DeadlineError):
            channel.receive(soon())
    finally:
        stop.set()
        dripping.join()


def test_a_frame_that_came_along_is_late_after_the_deadline(ends):
    """What lies there already is read as little as what still comes."""
    channel, theirs = ends
    theirs.sendall(2 * (prefix(1, 0) + b"1"))
    assert channel.receive(later()) == 1
    assert channel.ahead
    with pytest.raises(DeadlineError):
        channel.receive(time.monotonic())


def test_memory_grows_with_what_arrives_not_with_what_was_announced(ends):
    """A body that never comes takes no memory."""
    channel, theirs = ends
    theirs.sendall(prefix(1, MAX_ANSWER) + b"1" + b"the body's first bytes")
    tracemalloc.start()
    try:
        with pytest.raises(DeadlineError):
            channel.receive(soon())
        assert tracemalloc.get_traced_memory()[1] < MAX_ANSWER / 8
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "sent",
    [
        prefix(1, 0, magic=b"GET "),
        prefix(1, 0, magic=b"DG\x02\n"),
        prefix(MAX_HEADER + 1, 0),
        prefix(1, MAX_ANSWER + 1),
        prefix(2**32 - 1, 2**64 - 1),
        prefix(1, 0) + b"{",
        prefix(1, 1) + b"1x",
        prefix(0, 0),
    ],
    ids=["magic", "version", "header", "body", "both", "json", "left-over", "empty"],
)
def test_a_malformed_frame_is_refused_at_once(ends, sent):
    """A wrong start is refused without waiting for the rest."""
    channel, theirs = ends
    theirs.sendall(sent)
    with pytest.raises(ProtocolError, match="a malformed frame"):
        channel.receive(later())


def test_a_body_that_does_not_fit_the_header_is_refused(ends):
    """The values of a header must use up exactly the body that was sent with it."""
    channel, theirs = ends
    theirs.sendall(prefix(7, 2) + b'["b",3]' + b"ab")
    with pytest.raises(ProtocolError, match="not there"):
        channel.receive(later())


@pytest.mark.parametrize("sent", [b"", b"DG", prefix(5, 0) + b"[", prefix(7, 3) + b'["b",3]a'])
def test_a_peer_that_leaves_is_noticed(ends, sent):
    """The other end's close ends a receive, also in the middle of a frame."""
    channel, theirs = ends
    theirs.sendall(sent)
    theirs.close()
    with pytest.raises(ClosedError):
        channel.receive(later())


def test_a_peer_that_resets_the_connection_is_closed(ends):
    """A peer that leaves what it was sent unread is gone like any other."""
    channel, theirs = ends
    channel.send("never read")
    theirs.close()
    with pytest.raises(ClosedError):
        channel.receive(later())


@pytest.mark.parametrize("value", ["short", np.zeros(10**6)], ids=["short", "long"])
def test_sending_to_nobody_is_an_error(ends, value):
    """A peer that is gone cannot be sent anything."""
    channel, theirs = ends
    theirs.close()
    with pytest.raises(ClosedError):
        channel.send(value, later())


def test_a_peer_that_does_not_read_ends_a_send_at_the_deadline(ends):
    """A value larger than the socket holds is not waited for beyond the deadline."""
    channel, _ = ends
    with pytest.raises(DeadlineError, match="does not read"):
        channel.send(np.zeros(10**6), soon())


def test_a_peer_that_reads_slowly_does_not_extend_a_send(ends):
    """The deadline of a send is absolute too."""
    channel, theirs = ends
    stop = threading.Event()

    def sip() -> None:
        while not stop.wait(0.01):
            theirs.recv(4096)

    sipping = threading.Thread(target=sip)
    sipping.start()
    try:
        with pytest.raises(DeadlineError):
            channel.send(np.zeros(10**6), soon())
    finally:
        stop.set()
        sipping.join()


def test_nothing_is_sent_of_what_is_no_data(ends):
    """A value that cannot cross is refused before a byte is written."""
    channel, theirs = ends
    with pytest.raises(NotDataError):
        channel.send(["fine", object()])
    with pytest.raises(BlockingIOError):
        theirs.recv(1, socket.MSG_DONTWAIT)


@pytest.mark.parametrize(
    "value",
    [b"x" * 1001, [b"x" * 501, b"x" * 500], list(range(1000))],
    ids=["one", "sum", "header"],
)
def test_nothing_is_sent_of_what_is_too_large(ends, monkeypatch, value):
    """Header and body are measured before a byte is written."""
    channel, theirs = ends
    monkeypatch.setattr(protocol, "MAX_QUESTION", 1000)
    monkeypatch.setattr(protocol, "MAX_HEADER", 1000)
    with pytest.raises(NotDataError, match="bytes, which is too large"):
        channel.send(value)
    with pytest.raises(BlockingIOError):
        theirs.recv(1, socket.MSG_DONTWAIT)


def test_the_largest_frame_is_still_sent(ends, monkeypatch):
    """A body of exactly the largest size is not too large."""
    channel, theirs = ends
    monkeypatch.setattr(protocol, "MAX_QUESTION", 1000)
    channel.send(b"x" * 1000)
    assert Channel(theirs).receive(later()) == b"x" * 1000


def test_closing_a_channel_is_seen_at_the_other_end(ends):
    """A closed channel ends the conversation."""
    channel, theirs = ends
    channel.close()
    assert theirs.recv(1) == b""


def test_only_what_can_be_read_is_returned():
    """Of several files, those with something to read are named."""
    with contextlib.ExitStack() as stack:
        pairs = [socket.socketpair() for _ in range(3)]
        for end in (end for pair in pairs for end in pair):
            stack.enter_context(end)
        pairs[1][1].sendall(b"x")
        pairs[2][1].close()
        readers = [pair[0] for pair in pairs]
        assert wait_readable(readers, later()) == readers[1:]
        with pytest.raises(DeadlineError):
            wait_readable(readers[:1], 0.0)


def test_a_fork_refuses_a_question_beyond_the_largest(ends):
    """The fork's end has a bound too."""
    channel, theirs = ends
    channel._socket.sendall(prefix(1, MAX_QUESTION + 1))
    with pytest.raises(ProtocolError, match="wrong start"):
        Channel(theirs, asks=False).receive(later())


def test_a_drip_that_never_pauses_is_cut_off_at_the_deadline(ends):
    """After the deadline nothing is read any more, however much is waiting to be."""
    channel, theirs = ends
    theirs.sendall(b"x" * 1000)
    with pytest.raises(DeadlineError):
        channel.receive(time.monotonic() - 1)


def test_a_fork_accepts_more_than_it_may_send(ends, monkeypatch):
    """The grader's questions may be larger than a stranger's answers."""
    channel, theirs = ends
    fork = Channel(theirs, asks=False)
    monkeypatch.setattr(protocol, "MAX_ANSWER", 1000)
    channel.send(b"x" * 5000)
    assert fork.receive(later()) == b"x" * 5000
    with pytest.raises(NotDataError, match="too large"):
        fork.send(b"x" * 1001)
