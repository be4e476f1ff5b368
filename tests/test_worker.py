"""A confined worker, spoken to in bare frames: what it answers to which question."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader import servers
from grader.crossing import MAX_DEPTH, MAX_TYPE_NAME, Handle, NotDataError, Request
from grader.errors import ClosedError, DeadlineError, ProtocolError
from grader.protocol import MAX_ANSWER
from grader.sandbox.forkserver import Child
from grader.sandbox.workers import start_worker
from grader.servers import Server
from grader.worker import MAX_OBJECTS, Objects, shares

linux = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

SOURCE = b"""
import sys
import numpy as np
import helpers

calls = 0

class OwnError(ValueError):
    pass

class OddError(BaseException):
    pass

class HostileError(Exception):
    def __str__(self):
        sys.exit(0)

def double(x, *, plus=0):
    return 2 * x + plus

def whole(x):
    return x

def count():
    global calls
    calls += 1
    return calls

def zero(x):
    x[0] = 0
    return x[1:]

def copies(x):
    return [(x.copy(),)]

def keyword(*, x):
    x[0] = 0
    return x

def put_strings(values):
    values.append(np.array(["a"]))

def own():
    raise OwnError("my own")

def odd():
    raise OddError("odd")

def hostile():
    raise HostileError

def leave():
    sys.exit(3)

def surrogate():
    raise ValueError("lone \\ud800")

def in_helper():
    return helpers.fail()

def endless():
    return endless()

def hog():
    kept = []
    while True:
        kept.append(np.zeros(2**22))

def hog_at_once():
    return np.zeros(2**37)

def give_object():
    return object()

def give_half_of_it():
    yield 1
    raise OwnError("half-way")

def give_matrix():
    return np.zeros((1, 1)).view(np.matrix)

def give_class():
    return OwnError

def give_closure():
    return lambda: 1

def give_set():
    return {1}

def give_long_name():
    return type("N" * 1000, (), {})()

def give_strings():
    return np.array(["a"])

def give_much():
    return np.zeros(%d, np.uint8)

def give_deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return value

def give_itself():
    value = []
    value.append(value)
    return value

def say():
    print("out")
    print("err", file=sys.stderr)

def exit_when_asked_to_end():
    import atexit, os, threading, time
    atexit.register(os._exit, 3)
    threading.Thread(target=time.sleep, args=(1000,)).start()
""" % (MAX_ANSWER + 1)
HELPERS = b"def fail():\n    raise IndexError('no such row')\n"
SOURCES = {"losses.py": SOURCE, "helpers.py": HELPERS, "broken.py": b"1 / 0\n"}


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server that forks confined workers."""
    hidden = tmp_path_factory.mktemp("hidden") / "answers.py"
    hidden.write_text("42\n")
    server = servers.start_zygote(
        ["numpy"], memory_bytes=2**30, cpu_seconds=20, hidden=hidden, threads=True
    )
    with contextlib.closing(server):
        servers.attest(server)
        yield server


@pytest.fixture
def worker(zygote: Server) -> Iterator[Child]:
    """Give a worker that has the sources and waits for questions."""
    child, _ = start_worker(zygote.control)
    with contextlib.closing(child):
        child.channel.send(SOURCES)
        yield child


def later() -> float:
    return time.monotonic() + 30


def place_of(statement: str) -> str:
    """Say where the statement stands in losses.py."""
    lines = [line.strip() for line in SOURCE.decode().splitlines()]
    return f"losses.py, line {lines.index(statement) + 1}: {statement}"


def ask(
    worker: Child,
    function: str,
    *args: Any,
    module: str = "losses",
    observe: bool = False,
    forget: bool = False,
    **names: Any,
) -> dict[str, Any]:
    """Return the reply to a call, without its id, which must be the question's."""
    question = Request("token", module, function, list(args), names, [], observe, forget)
    worker.channel.send(tuple(question))
    reply = worker.receive(later())
    assert reply.pop("id") == "token"
    return reply


@linux
def test_a_call_is_answered_with_its_value(worker):
    """Arguments by position and by name reach the function, and its value comes back."""
    assert ask(worker, "double", 4) == {"value": 8}
    assert ask(worker, "double", 4, plus=1) == {"value": 9}
    array = ask(worker, "double", np.arange(3.0))["value"]
    assert array.tolist() == [0.0, 2.0, 4.0]


@linux
def test_a_module_is_imported_once(worker):
    """What a submission keeps between calls is still there in the next one."""
    assert [ask(worker, "count")["value"] for _ in range(3)] == [1, 2, 3]


@linux
def test_each_worker_starts_afresh(zygote):
    """What one worker's submission did, the next worker has not seen."""
    for _ in range(2):
        child, _ = start_worker(zygote.control)
        with contextlib.closing(child):
            child.channel.send(SOURCES)
            assert ask(child, "count") == {"value": 1}


@linux
def test_an_observed_call_tells_what_became_of_its_arguments(worker):
    """A changed argument and a view of one are seen across the boundary."""
    reply = ask(worker, "zero", np.arange(1.0, 4.0), observe=True)
    assert reply["value"].tolist() == [2.0, 3.0]
    assert [argument.tolist() for argument in reply["arguments"]] == [[0.0, 2.0, 3.0]]
    assert reply["shares_memory"] is True


@linux
def test_a_copy_is_observed_as_a_copy(worker):
    """A value of its own memory shares none, and the argument is as it was."""
    reply = ask(worker, "copies", np.arange(3.0), observe=True)
    assert reply["shares_memory"] is False
    assert reply["arguments"][0].tolist() == [0.0, 1.0, 2.0]


@linux
def test_a_call_that_is_not_observed_tells_only_its_value(worker):
    """Arguments are not sent back unless they were asked for."""
    assert set(ask(worker, "zero", np.arange(3.0))) == {"value"}


@linux
@pytest.mark.parametrize(
    ("function", "raised", "builtin", "message", "statement"),
    [
        ("own", "OwnError", "ValueError", "my own", 'raise OwnError("my own")'),
        ("odd", "OddError", "BaseException", "odd", 'raise OddError("odd")'),
        ("leave", "SystemExit", "SystemExit", "3", "sys.exit(3)"),
        (
            "hostile", "HostileError", "Exception", "(its message cannot be shown)",
            "raise HostileError",
        ),
        ("surrogate", "ValueError", "ValueError", "lone ?", r'raise ValueError("lone \ud800")'),
    ],
)  # fmt: skip
def test_an_exception_is_described(worker, function, raised, builtin, message, statement):
    """Its type, the built-in type that it is one of, its message and its line come back as text."""
    assert ask(worker, function) == {
        "raised": {
            "type": raised,
            "builtin": builtin,
            "message": message,
            "place": place_of(statement),
        }
    }
    assert ask(worker, "double", 1) == {"value": 2}


@linux
def test_an_exception_is_placed_in_the_file_where_it_was_raised(worker):
    """The innermost line of the submission is named, in whichever of its files it is."""
    raised = ask(worker, "in_helper")["raised"]
    assert raised["place"] == "helpers.py, line 2: raise IndexError('no such row')"


@linux
def test_a_call_with_the_wrong_arguments_is_an_exception_without_a_line(worker):
    """No line of the submission was reached."""
    raised = ask(worker, "double")["raised"]
    assert raised["message"] == "double() missing 1 required positional argument: 'x'"
    assert raised["place"] == ""


@linux
@pytest.mark.parametrize("function", ["hog", "hog_at_once"])
def test_too_much_memory_is_an_ordinary_error(worker, function):
    """A submission that wants more memory than there is for it is told so, and lives on."""
    raised = ask(worker, function)["raised"]
    assert raised["builtin"] == "MemoryError"
    assert "losses.py, line" in raised["place"]
    assert ask(worker, "count") == {"value": 1}


@linux
def test_endless_recursion_is_an_ordinary_error(worker):
    """A function that only calls itself is told so, and lives on."""
    raised = ask(worker, "endless")["raised"]
    assert raised["type"] == "RecursionError"
    assert raised["place"] == place_of("return endless()")
    assert ask(worker, "count") == {"value": 1}


@linux
@pytest.mark.parametrize(
    ("module", "function", "sentence"),
    [
        ("missing", "f", "missing.py is missing from the submission"),
        ("os", "getpid", "os.py is missing from the submission"),
        ("losses", "missing", "losses.py has no function 'missing'"),
        (
            "broken", "f",
            "broken.py cannot be imported: ZeroDivisionError: division by zero\n"
            "  at broken.py, line 1: 1 / 0",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_called_is_unusable(worker, module, function, sentence):
    """A file, a function or an import that is missing is explained in a sentence."""
    assert ask(worker, function, module=module) == {"unusable": sentence}


@linux
@pytest.mark.parametrize("observe", [False, True], ids=["plain", "observed"])
@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("give_strings", "an array of dtype <U1"),
        ("give_deep", "a value nested too deeply"),
        ("give_itself", "a value nested too deeply"),
    ],
)
def test_a_value_that_cannot_cross_is_refused(worker, function, reason, observe):
    """A value that is neither data nor an object becomes a reason, not the worker's end."""
    assert ask(worker, function, observe=observe) == {"refused": reason}
    assert ask(worker, "double", 1) == {"value": 2}


@linux
def test_an_error_inside_a_generator_is_the_submissions(worker):
    """A generator that fails half-way is explained like a function that fails."""
    raised = ask(worker, "give_half_of_it")["raised"]
    assert raised["place"] == place_of('raise OwnError("half-way")')


@linux
def test_a_value_that_is_too_large_is_refused(worker):
    """A value beyond the largest frame becomes a reason too."""
    reason = ask(worker, "give_much")["refused"]
    assert reason.startswith("a value of 67,1")
    assert reason.endswith("which is too large")


@linux
def test_an_argument_that_cannot_cross_any_more_is_refused(worker):
    """What a function puts into its argument must be able to come back, if it is asked for."""
    assert ask(worker, "put_strings", [1], observe=True) == {"refused": "an array of dtype <U1"}
    assert ask(worker, "put_strings", [1]) == {"value": None}


class Numbers:
    """The grader's end of the handles, which takes a handle for what it stands for."""

    def hand_out(self, value: object) -> Handle:
        """Send back what came."""
        assert isinstance(value, Handle)
        return value

    def resolve(self, handle: Handle) -> Handle:
        """Keep what came."""
        return handle


@linux
def test_an_object_stays_and_a_handle_of_it_crosses(worker):
    """One object has one number; sent back, it stands for that object, also deep in a value."""
    worker.channel.handles = Numbers()
    first = ask(worker, "give_object")["value"]
    second = ask(worker, "give_object")["value"]
    assert first == Handle(first.number, "object", is_callable=False)
    assert second.number != first.number
    assert ask(worker, "whole", {"a": [(first,)]}) == {"value": {"a": [(first,)]}}
    assert ask(worker, "whole", first, observe=True)["arguments"] == [first]


@linux
@pytest.mark.parametrize(
    ("function", "handle"),
    [
        ("give_matrix", ("matrix", False)),
        ("give_class", ("type", True)),
        ("give_closure", ("function", True)),
        ("give_set", ("set", False)),
        ("give_long_name", ("N" * MAX_TYPE_NAME, False)),
    ],
)
def test_what_is_no_data_is_an_object(worker, function, handle):
    """A handle says the type's name, cut short, and whether the object can be called."""
    worker.channel.handles = Numbers()
    value = ask(worker, function)["value"]
    assert (value.type_name, value.is_callable) == handle


@linux
def test_objects_are_forgotten_when_a_test_begins(worker):
    """Their numbers are not used again; who sends one all the same ends the worker."""
    worker.channel.handles = Numbers()
    old = ask(worker, "give_object")["value"]
    new = ask(worker, "give_object", forget=True)["value"]
    assert new.number > old.number
    assert ask(worker, "whole", new) == {"value": new}
    with pytest.raises(ClosedError):
        ask(worker, "whole", old)
    assert worker.ending(later()).status == 1


def test_a_test_may_hold_many_objects_but_not_without_end():
    """The limit is a sentence, and each test has it anew."""
    objects = Objects()
    kept = [object() for _ in range(MAX_OBJECTS)]
    handles = [objects.hand_out(each) for each in kept]
    assert objects.hand_out(kept[0]) == handles[0]
    with pytest.raises(NotDataError, match="one object more than the 100,000 that a test may"):
        objects.hand_out(object())
    objects.forget()
    assert objects.hand_out(kept[0]).number == MAX_OBJECTS
    with pytest.raises(ProtocolError, match="stands for no object"):
        objects.resolve(handles[1])


@linux
def test_what_is_printed_arrives_with_the_answer(worker):
    """A submission's prints are there once its call is over, without a flush."""
    ask(worker, "say")
    assert worker.take_output() == "out\nerr\n"


@linux
def test_a_worker_ends_when_its_channel_is_closed(worker):
    """The end of the conversation is the worker's orderly end, whatever is still registered."""
    ask(worker, "exit_when_asked_to_end")
    worker.channel.close()
    assert worker.ending(later()).status == 0


@linux
def test_a_worker_says_nothing_before_it_is_asked(worker):
    """A worker that has its sources waits."""
    with pytest.raises(DeadlineError):
        worker.receive(time.monotonic() + 0.2)


@linux
def test_a_malformed_question_ends_a_worker(worker):
    """A worker that cannot understand its grader stops rather than guesses."""
    worker.channel.send({"id": "token"})
    with pytest.raises(ClosedError):
        worker.receive(later())
    assert worker.ending(later()).status == 1


def deep(array: np.ndarray, depth: int) -> Any:
    value: Any = array
    for _ in range(depth):
        value = [value]
    return value


def test_a_view_is_found_wherever_a_value_may_hold_it():
    """Lists and tuples are searched as deep as a value may be nested, and no deeper."""
    x = np.arange(6.0)
    assert shares(x, [x])
    assert shares((1, [x[::2]]), ["a", x])
    assert shares(deep(x, MAX_DEPTH), [x])
    assert not shares(deep(x, MAX_DEPTH + 1), [x])


def test_values_of_their_own_memory_share_none():
    """Copies, numbers and texts are no views, nor is an argument that is no array."""
    x = np.arange(6.0)
    assert not shares(x.copy(), [x])
    assert not shares([x], [[x], "x", 1])
    assert not shares((1, "a", None, 2.5), [x])
