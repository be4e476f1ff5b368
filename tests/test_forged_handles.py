"""Handles that a submission forges: frames written by hand, past the codec, in a real worker."""

import contextlib
import sys
import time
from collections.abc import Iterator

import pytest

from grader import servers
from grader.crossing import MAX_HANDLE, MAX_TYPE_NAME
from grader.errors import UnusableError
from grader.raised import StudentError
from grader.remote import RemoteModules
from grader.results import Outcome
from grader.sandbox.tier import tier_of
from grader.sandbox.workers import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")

SOURCE = rb"""
import os, stat, struct, sys

def is_socket(descriptor):
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False

def connection():
    return next(filter(is_socket, range(3, 64)))

def write(header):
    token = sys._getframe(2).f_locals["request"].token
    raw = header.replace("TOKEN", token).encode()
    os.write(connection(), struct.pack("<4sIQ", b"DG\x01\n", len(raw), 0) + raw)

def forge(header, function=None):
    write(header)
    return "a second answer"

def forge_once(header):
    from grader.protocol import Channel
    send = Channel.send
    def send_nothing(*_):
        Channel.send = send
    Channel.send = send_nothing
    write(header)

def calm(x):
    return x

class Liar:
    def __init__(self, claim):
        self.claim = claim
        import builtins, grader.worker
        grader.worker.OPERATIONS.update(len=self.lie, iter=self.lie)
    def lie(self, _):
        return self.claim
"""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """Give what starts workers of the submission, one after the other."""
    hidden = tmp_path_factory.mktemp("hidden") / "answers.py"
    hidden.touch()
    server = servers.start_zygote(["numpy"], memory_bytes=2**30, cpu_seconds=60, hidden=hidden)
    with contextlib.closing(server):
        tier = tier_of(servers.attest(server))
        with contextlib.closing(Worker(server.control, {"tricks.py": SOURCE}, tier)) as worker:
            yield worker


@pytest.fixture
def student(connection: Worker) -> Iterator[RemoteModules]:
    """Give the submission at the start of a test."""
    modules = RemoteModules(connection, {"tricks.py": SOURCE})
    modules.begin(time.monotonic() + 30)
    yield modules
    connection.close()


HANDLE = '["h",5,"Net",false]'


def answer(value: str) -> str:
    """Return the header of a reply with that value."""
    return f'["d",["id","TOKEN"],["value",{value}]]'


FORGED = {
    "a negative number": '["h",-1,"Net",false]',
    "a number too large": f'["h",{MAX_HANDLE + 1},"Net",false]',
    "a huge number": f'["h",{10**300},"Net",false]',
    "a number that is true": '["h",true,"Net",false]',
    "a number that is a text": '["h","5","Net",false]',
    "a number that is nothing": '["h",null,"Net",false]',
    "a number that is a float": '["h",["f","5.0"],"Net",false]',
    "a number that is a handle": f'["h",{HANDLE},"Net",false]',
    "no name": '["h",5,false]',
    "a name that is a number": '["h",5,5,false]',
    "a name that is a handle": f'["h",5,{HANDLE},false]',
    "a long name": f'["h",5,"{"N" * (MAX_TYPE_NAME + 1)}",false]',
    "a lone surrogate": '["h",5,"\\ud800",false]',
    "callable by a number": '["h",5,"Net",1]',
    "one part too many": '["h",5,"Net",false,1]',
    "a key": f'["d",[{HANDLE},1]]',
    "a deep key": f'["l",["t",["d",["a",["d",[{HANDLE},1]]]]]]',
    "a length": f'["b",{HANDLE}]',
    "a dimension": f'["a","<f8","C",{HANDLE}]',
}


@pytest.mark.parametrize("value", FORGED.values(), ids=FORGED)
def test_a_handle_that_no_worker_writes_ends_the_worker(student, value):
    """A forged number, name or place is an interference like any other malformed frame."""
    with pytest.raises(UnusableError, match="forge interfered with the grader's conn"):
        student.tricks.forge(answer(value))
    assert student.tricks.calm(3) == 3


REPLIES = {
    "the whole reply": HANDLE,
    "the id": f'["d",["id",{HANDLE}],["value",1]]',
    "the key": f'["d",["id","TOKEN"],[{HANDLE},1]]',
    "which function is called back": f'["d",["id","TOKEN"],["callback",{HANDLE}],["args",["l"]]]',
    "the arguments of a call back": f'["d",["id","TOKEN"],["callback",1],["args",{HANDLE}]]',
    "what was raised": f'["d",["id","TOKEN"],["raised",{HANDLE}]]',
}


@pytest.mark.parametrize("header", REPLIES.values(), ids=REPLIES)
def test_a_handle_in_place_of_what_a_reply_is_made_of_is_no_answer(student, header):
    """Handles are accepted as values, and nowhere else."""
    with pytest.raises(UnusableError, match="interfered with the grader's connection"):
        student.tricks.forge(header, lambda x: x)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (f'["d",["id","TOKEN"],["unusable",{HANDLE}]]', "gave no reason"),
        (
            f'["d",["id","TOKEN"],["refused",{HANDLE}]]',
            "forge returned gave no reason; return numbers, arrays or lists of them",
        ),
        (
            f'["d",["id","TOKEN"],["raised",["d",["type",{HANDLE}],["message",{HANDLE}],'
            f'["builtin",{HANDLE}],["place",{HANDLE}]]]]',
            "forge raised gave no reason: gave no reason\n  at gave no reason",
        ),
    ],
)
def test_a_handle_in_place_of_a_text_says_nothing(student, header, sentence):
    """Nothing is asked of the object that should have been a text."""
    with pytest.raises((UnusableError, StudentError)) as raised:
        student.tricks.forge(header)
    assert student.explain(raised.value) == sentence


def test_a_handle_that_stands_for_nothing_harms_only_its_submission(student):
    """The number goes back as it came; the worker that made it up has no answer."""
    forged = student.tricks.forge_once(answer('["h",5,"Net\\u001b[2J",false]'))
    assert repr(forged) == "<nameless object of the submission>"
    with pytest.raises(UnusableError, match=r"nameless object\.value ended the whole process"):
        forged.value  # noqa: B018
    assert student.incident is Outcome.CRASHED


def test_a_repeated_number_is_the_same_object(student):
    """Whatever else is claimed of it the second time."""
    first = student.tricks.forge_once(answer(HANDLE))
    again = student.tricks.forge_once(answer('["h",5,"Graph",true]'))
    assert again is first


@pytest.mark.parametrize("claim", ["text", -1, True, None, 2.5, [1], {1: 2}])
def test_a_strange_length_or_strange_items_are_no_answer(student, claim):
    """What Python itself would stumble over is said to be what it is."""
    liar = student.tricks.Liar(claim)
    for ask in (len, *([] if claim == [1] else [iter])):
        with pytest.raises(UnusableError, match="interfered with the grader's connection"):
            ask(liar)
