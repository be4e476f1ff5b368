"""The `student` object: the same words for the same mistakes, here and in the sandbox."""

import contextlib
import functools
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import servers
from grader.alarm import TimeUp
from grader.crossing import Handles
from grader.errors import DeadlineError, GraderError, UnusableError
from grader.raised import StudentError, clean
from grader.remote import RemoteModules
from grader.results import Outcome
from grader.sandbox.tier import tier_of
from grader.sandbox.workers import SandboxError, Worker, WorkerEndedError
from grader.student import LocalModules, Reference, Student, observe, own_files

SOURCES = {
    "losses.py": """import numpy as np
import layers

class ShapeError(ValueError): ...
class OwnError(Exception): ...
class StopAllError(BaseException): ...

constant = 5

def double(x, *, plus=0):
    return 2 * x + plus

def raises(expression):
    raise eval(expression)

def in_layers(x):
    return layers.apply(x)

def divide(x):
    return x / 0

def loops():
    while True:
        pass

def prints():
    print("hello \\x1b[2J")

def zero(x, y):
    x[0] = 0
    return y[1:]

def new(x):
    return [x.copy()]

def draws(rng):
    return [float(rng.random()), float(rng.random())]

def counts(n):
    yield from range(n)
""",
    "layers.py": "def apply(x):\n    return x.missing\n",
    "broken.py": "import losses\nraise losses.OwnError('at import')\n",
    "syntax.py": "def f(:\n",
    "endless.py": "while True: pass\n",
}
FILES = (*SOURCES, "absent.py")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
Start = Callable[[str], RemoteModules | LocalModules]


def later() -> float:
    return time.monotonic() + 30


def soon() -> float:
    return time.monotonic() + 0.3


@pytest.fixture
def imports() -> Iterator[None]:
    """Undo what a local import does to this process."""
    finders, modules = list(sys.meta_path), dict(sys.modules)
    yield
    sys.meta_path[:] = finders
    for file in SOURCES:
        sys.modules.pop(file.removesuffix(".py"), None)
    sys.modules.update(modules)


@pytest.fixture(scope="module")
def make_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Worker]]:
    """Give a function that makes a real worker of the submission."""
    hidden = tmp_path_factory.mktemp("hidden") / "answers.py"
    hidden.touch()
    server = servers.start_zygote(["numpy"], memory_bytes=2**30, cpu_seconds=20, hidden=hidden)
    with contextlib.closing(server):
        tier = tier_of(servers.attest(server))
        sources = {name: text.encode() for name, text in SOURCES.items()}
        yield functools.partial(Worker, server.control, sources, tier)


def write(folder: Path) -> Path:
    for name, text in SOURCES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def local(tmp_path: Path, imports: None) -> LocalModules:
    """Give the submission as a student's own run has it."""
    return LocalModules(tmp_path, own_files(write(tmp_path), FILES))


@pytest.fixture
def remote(make_worker: Callable[[], Worker]) -> Iterator[RemoteModules]:
    """Give the submission as a grade has it."""
    sources = {name: text.encode() for name, text in SOURCES.items()}
    with contextlib.closing(make_worker()) as worker:
        yield RemoteModules(worker, sources)


@pytest.fixture(params=["local", pytest.param("remote", marks=needs_linux)])
def student(request: pytest.FixtureRequest) -> Student:
    """Give the submission both ways, at the start of a test."""
    modules: Student = request.getfixturevalue(request.param)
    modules.begin(later())
    return modules


def caught(student: Student, module: str, function: str, *args: Any) -> BaseException:
    """Return what a call raises in the test."""
    with pytest.raises(BaseException) as info, student.interrupted():  # noqa: PT011
        getattr(getattr(student, module), function)(*args)
    return info.value


def test_a_call_gives_the_value(student):
    """Arguments by position and by name go in, and the value comes out."""
    assert student.losses.double(2) == 4
    assert student.losses.double(np.arange(3.0), plus=1).tolist() == [1.0, 3.0, 5.0]
    assert student.losses.double.__name__ == "double"
    assert student.incident is None


def test_the_source_of_a_file_is_at_hand(student):
    """A file's bytes can be read, and a missing file is None."""
    assert student.source("layers.py") == SOURCES["layers.py"].encode()
    assert student.source("absent.py") is None


def at(file: str, statement: str) -> str:
    """Say where a statement stands in the submission, as a sentence does."""
    lines = [line.strip() for line in SOURCES[file].splitlines()]
    return f"\n  at {file}, line {lines.index(statement) + 1}: {statement}"


RAISED_HERE = at("losses.py", "raise eval(expression)")
MISTAKES = [
    (
        "losses", "divide", (1,),
        "divide raised ZeroDivisionError: division by zero" + at("losses.py", "return x / 0"),
    ),
    (
        "losses", "in_layers", (1,),
        "in_layers raised AttributeError: 'int' object has no attribute 'missing'"
        + at("layers.py", "return x.missing"),
    ),
    (
        "losses", "raises", ("OwnError('my own')",),
        "raises raised OwnError: my own" + RAISED_HERE,
    ),
    ("losses", "raises", ("KeyError('k')",), "raises raised KeyError: 'k'" + RAISED_HERE),
    (
        "losses", "raises", ("NotImplementedError",),
        "raises raised NotImplementedError: " + RAISED_HERE,
    ),
    ("losses", "raises", ("SystemExit(0)",), "raises raised SystemExit: 0" + RAISED_HERE),
    (
        "losses", "raises", ("StopAllError('now')",),
        "raises raised StopAllError: now" + RAISED_HERE,
    ),
    (
        "losses", "raises", ("ExceptionGroup('two', [ValueError(), KeyError()])",),
        "raises raised ExceptionGroup: two (2 sub-exceptions)" + RAISED_HERE,
    ),
    ("losses", "nothing", (), "losses.py has no function 'nothing'"),
    ("losses", "constant", (1,), "losses.py: 'constant' is no function"),
    ("absent", "f", (), "absent.py is missing from the submission"),
    (
        "syntax", "f", (),
        "syntax.py cannot be imported: SyntaxError: invalid syntax (syntax.py, line 1)",
    ),
    (
        "broken", "f", (),
        "broken.py cannot be imported: OwnError: at import"
        + at("broken.py", "raise losses.OwnError('at import')"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("module", "function", "args", "sentence"), MISTAKES)
def test_a_mistake_is_explained_in_the_same_words(student, module, function, args, sentence):
    """A student reads the same sentence at home and in a grade."""
    error = caught(student, module, function, *args)
    assert student.explain(error) == sentence
    assert student.incident is None


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "double() missing 1 required positional argument: 'x'"),
        ((1, 2, 3), "double() takes 1 positional argument but 3 were given"),
    ],
)
def test_a_call_that_does_not_fit_is_explained_in_the_same_words(student, args, message):
    """A wrong signature is a student's mistake, although no line of theirs was reached."""
    error = caught(student, "losses", "double", *args)
    assert isinstance(error, TypeError)
    assert student.explain(error) == f"double raised TypeError: {message}"


def test_a_type_error_of_the_test_itself_is_not_explained(student):
    """Only a function of the submission can have been called wrongly."""
    error = TypeError("unknown() missing 1 required positional argument: 'x'")
    assert student.explain(error) == ""


@pytest.mark.parametrize(
    ("expression", "builtin", "text"),
    [
        ("ValueError('plain')", ValueError, "plain"),
        ("ShapeError('a subclass')", ValueError, "a subclass"),
        ("IndexError", IndexError, ""),
        ("KeyError('k')", KeyError, "'k'"),
        ("FileNotFoundError(2, 'no such file')", FileNotFoundError, "[Errno 2] no such file"),
        ("RecursionError('deep')", RuntimeError, "deep"),
        ("NotImplementedError('double')", NotImplementedError, "double"),
        ("AssertionError('no')", AssertionError, "no"),
    ],
)
def test_a_builtin_exception_stays_one(student, expression, builtin, text):
    """`pytest.raises(ValueError)` means the same in both settings, also for a subclass."""
    error = caught(student, "losses", "raises", expression)
    assert isinstance(error, builtin)
    assert str(error) == text


@pytest.mark.parametrize(
    "expression",
    ["OwnError()", "IndexError()", "ExceptionGroup('one', [ValueError()])", "SystemExit()"],
)
def test_an_exception_is_not_what_it_is_not(student, expression):
    """A test that expects a ValueError is not satisfied by another exception."""
    error = caught(student, "losses", "raises", expression)
    assert not isinstance(error, ValueError)


def test_an_error_of_the_test_itself_is_not_explained(student):
    """What the test's own lines raise is not the submission's mistake."""
    value = student.losses.double(2)
    with pytest.raises(AttributeError) as info:
        value.missing()
    assert student.explain(info.value) == ""
    assert student.explain(None) == ""


def test_a_call_without_end_is_a_timeout(student):
    """At the deadline a call ends, the test has an incident, and a sentence says so."""
    student.begin(soon())
    error = caught(student, "losses", "loops")
    assert student.incident is Outcome.TIMEOUT
    assert student.explain(error).startswith("loops was still running when its time was up")


def test_an_import_without_end_is_a_timeout(student):
    """A file whose top level never ends is late, not broken."""
    student.begin(soon())
    error = caught(student, "endless", "f")
    assert student.incident is Outcome.TIMEOUT
    assert "was still running when its time was up" in student.explain(error)


def test_a_new_test_has_no_incident(student):
    """What happened in one test is not held against the next."""
    student.begin(soon())
    caught(student, "losses", "loops")
    student.begin(later())
    assert student.incident is None
    assert student.losses.double(1) == 2


def test_an_observed_call_shows_what_became_of_the_arguments(student):
    """The copies that the call got are looked at; the test's own arrays stay as they were."""
    x, y = np.arange(1.0, 4.0), np.arange(3.0)
    seen = observe(student.losses.zero, x, y)
    assert seen.value.tolist() == [1.0, 2.0]
    assert [argument.tolist() for argument in seen.arguments] == [[0.0, 2.0, 3.0], [0.0, 1.0, 2.0]]
    assert seen.shares_memory
    assert x[0] == 1.0


def test_what_a_call_does_to_its_arguments_stays_there(student):
    """Tests share their inputs; a generator is as fresh after the call as before it."""
    x, rng = np.ones(3), np.random.default_rng(1)
    student.losses.zero(x, [x, x])
    assert student.losses.draws(rng) == student.losses.draws(rng=rng)
    assert x.tolist() == [1, 1, 1]
    assert student.losses.counts(3) == [0, 1, 2]  # a generator's items


def test_a_value_of_its_own_is_observed_as_one(student):
    """A copy shares no memory, also inside a list."""
    seen = observe(student.losses.new, np.arange(3.0))
    assert seen.value[0].tolist() == [0.0, 1.0, 2.0]
    assert not seen.shares_memory


def test_an_observed_call_takes_names_and_raises(student):
    """Observing changes nothing else about a call."""
    assert observe(student.losses.double, 2, plus=3).value == 7
    with pytest.raises(ZeroDivisionError):
        observe(student.losses.divide, 1)


@pytest.mark.parametrize("name", ["__wrapped__", "__len__", "__array__"])
def test_a_module_has_no_special_names(student, name):
    """Python's and NumPy's own questions to an object are no calls into the submission."""
    assert not hasattr(student.losses, name)


# The student's own run.


def test_an_interruption_points_at_the_loop(local):
    """Here the line that was running is known."""
    local.begin(soon())
    error = caught(local, "losses", "loops")
    assert isinstance(error, TimeUp)
    sentence = "loops was still running when its time was up"
    places = [at("losses.py", "while True:"), at("losses.py", "pass")]
    assert local.explain(error) in [sentence + place for place in places]


def test_a_test_of_ones_own_that_loops_is_not_blamed_on_a_function(local):
    """Where the time was spent outside the submission, no function is named."""
    assert local.explain(TimeUp()).startswith("the test was still running")


def test_pytest_shows_what_a_local_run_prints(local, capsys):
    """Locally there is nothing to collect."""
    local.losses.prints()
    assert local.printed() == ""
    assert capsys.readouterr().out == "hello \x1b[2J\n"


def test_a_reference_that_is_incomplete_is_our_fault(tmp_path, imports):
    """What is wrong with the reference is a GraderError, on loading or on use."""
    reference = Reference(tmp_path, own_files(write(tmp_path), FILES))
    assert reference.losses.double(4) == 8
    with pytest.raises(GraderError, match=r"the reference is at fault: losses\.py has no function"):
        reference.losses.nothing()
    with pytest.raises(GraderError, match=r"the reference is at fault: broken\.py cannot be"):
        Reference(tmp_path, own_files(tmp_path, ("losses.py", "layers.py", "broken.py"))).load()


# A grade.


@needs_linux
def test_what_a_submission_prints_is_cleaned_and_belongs_to_its_test(remote):
    """Printed text is shown once, without what could rewrite a terminal."""
    remote.begin(later())
    remote.losses.prints()
    assert remote.printed() == "hello \N{REPLACEMENT CHARACTER}[2J\n"
    remote.losses.prints()
    remote.begin(later())
    assert remote.printed() == ""


class FakeWorker:
    """A worker that says, raises and prints what a test wants."""

    def __init__(self, reply: Any, printed: str = "") -> None:
        self.reply = reply
        self.printed = printed
        self.calls: list[tuple[Any, ...]] = []
        self.cpu_seconds = 0.0
        self.life = object()

    def call(
        self,
        owner: str,
        name: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        observe: bool,
        deadline: float,
        **_: Handles,
    ) -> Any:
        """Note the question; give the answer."""
        self.calls.append((owner, name, args, kwargs, observe, deadline))
        if isinstance(self.reply, Exception):
            raise self.reply
        return {"id": "token", **self.reply}

    def forget(self) -> None:
        """Let go of objects, of which there are none."""

    def take_output(self) -> str:
        """Give what was printed."""
        printed, self.printed = self.printed, ""
        return printed


def claiming(reply: Any, printed: str = "") -> RemoteModules:
    """Return a submission whose worker gives that reply to every call."""
    worker: Any = FakeWorker(reply, printed)
    modules = RemoteModules(worker, {})
    modules.begin(later())
    return modules


def test_a_call_asks_the_worker_exactly_that():
    """Names, arguments, deadline and whether to observe are handed on."""
    worker: Any = FakeWorker({"value": 1, "arguments": [2]})
    modules = RemoteModules(worker, {})
    modules.begin(12.5)
    modules.losses.double(2, plus=3)
    observe(modules.losses.double, 2)
    assert worker.calls == [
        ("losses", "double", (2,), {"plus": 3}, False, 12.5),
        ("losses", "double", (2,), {}, True, 12.5),
    ]


@pytest.mark.parametrize("value", [None, 0, [], "raised"])
def test_any_value_is_a_value(value):
    """An answer that looks like nothing is an answer, whatever else the reply claims."""
    modules = claiming({"value": value, "raised": {"type": "ValueError"}, "unusable": "no"})
    assert modules.losses.f() == value


INTERFERED = "the submission interfered with the grader's connection"
CLAIMS = [
    ({}, UnusableError, "gave no reason"),
    ({"values": 1}, UnusableError, "gave no reason"),
    ({"unusable": None}, UnusableError, "gave no reason"),
    ({"unusable": ["a"]}, UnusableError, "gave no reason"),
    ({"unusable": "f gave\x1b[2J \u202e"}, UnusableError, "f gave\ufffd[2J \ufffd"),
    ({"unusable": "x" * 5000}, UnusableError, "x" * 4000),
    ({"raised": None}, UnusableError, INTERFERED),
    ({"raised": "ValueError"}, UnusableError, INTERFERED),
    ({"raised": []}, UnusableError, INTERFERED),
    ({"raised": {}}, StudentError, "f raised gave no reason: gave no reason"),
    (
        {"raised": {"type": 1, "message": b"m", "builtin": 2, "place": 3}},
        StudentError,
        "f raised gave no reason: gave no reason\n  at gave no reason",
    ),
    (
        {"raised": {"type": "E\0", "message": "a\r\nb", "builtin": "ValueError", "place": "\b"}},
        StudentError,
        "f raised E\ufffd: a\ufffd\nb\n  at \ufffd",
    ),
    (
        {"raised": {"type": "E" * 5000, "message": "m" * 5000, "place": ""}},
        StudentError,
        f"f raised {'E' * 4000}: {'m' * 4000}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("reply", "kind", "sentence"), CLAIMS)
def test_a_strange_reply_becomes_one_clean_sentence(reply, kind, sentence):
    """Whatever a reply holds, the student's report gets a bounded text without control codes."""
    modules = claiming(reply)
    error = caught(modules, "losses", "f")
    assert isinstance(error, kind)
    assert modules.explain(error) == sentence


@pytest.mark.parametrize(
    "builtin",
    [
        "SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException",  # would end more
        "UnicodeDecodeError", "ExceptionGroup", "BaseExceptionGroup",  # want other arguments
        "print", "object", "type", "__name__", "Missing", "", "\0", None, 5, [],
    ],
)  # fmt: skip
def test_a_claim_makes_no_other_exception_than_an_ordinary_one(builtin):
    """A worker cannot make the grader raise what would stop it, or count as something else."""
    raised = {"type": "E", "message": "m", "builtin": builtin}
    error = caught(claiming({"raised": raised}), "losses", "f")
    assert type(error) is StudentError
    assert str(error) == "m"


@pytest.mark.parametrize(
    "reply",
    [
        {"value": 1},
        {"value": 1, "arguments": None},
        {"value": 1, "arguments": (1,)},
        {"value": 1, "arguments": []},
        {"value": 1, "arguments": [1, 2]},
    ],
)
def test_an_observation_without_its_arguments_is_no_answer(reply):
    """An observed call must tell of every argument."""
    with pytest.raises(UnusableError, match=INTERFERED):
        observe(claiming(reply).losses.f, 1)


@pytest.mark.parametrize(
    ("claim", "shares"),
    [({}, True), ({"shares_memory": 0}, True), ({"shares_memory": False}, False)],
)
def test_a_value_shares_memory_unless_it_is_said_not_to(claim, shares):
    """The benefit of the doubt is not given."""
    seen = observe(claiming({"value": 1, "arguments": [1], **claim}).losses.f, 1)
    assert seen.shares_memory is shares


@pytest.mark.parametrize(
    ("fate", "incident", "sentence"),
    [
        (DeadlineError(), Outcome.TIMEOUT, "f was still running when its time was up"),
        (WorkerEndedError("did x"), Outcome.CRASHED, "f did x"),
    ],
)
def test_a_worker_that_is_lost_is_an_incident(fate, incident, sentence):
    """A test in which the worker was lost cannot pass, even if it caught the error."""
    modules = claiming(fate)
    error = caught(modules, "losses", "f")
    assert isinstance(error, UnusableError)
    assert modules.explain(error) == sentence
    assert modules.incident is incident
    modules.begin(later())
    assert modules.incident is None


def test_a_sandbox_that_fails_is_not_explained_as_the_students():
    """Our own failure passes through as what it is."""
    modules = claiming(SandboxError("no tier"))
    error = caught(modules, "losses", "f")
    assert isinstance(error, SandboxError)
    assert modules.explain(error) == ""
    assert modules.incident is None


def test_a_new_test_forgets_what_was_printed_before():
    """Output between two tests belongs to neither."""
    modules = claiming({}, printed="before")
    assert modules.printed() == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é\n\ttab", "plain é\n\ttab"),
        ("\x1b[31m", "\ufffd[31m"),
        ("a\rb\bc\x7f\x9b", "a\ufffdb\ufffdc\ufffd\ufffd"),
        ("\u202e\u2066\u200b\u2028\ufeff", "\ufffd" * 5),
    ],
)
def test_control_characters_are_replaced(text, shown):
    """What could rewrite a terminal or turn a line around is shown as a replacement."""
    assert clean(text) == shown


@needs_linux
def test_a_stop_iteration_cannot_end_a_tests_loop(remote):
    """A `for` in a test must not take what a submission raised for "no more items"."""
    remote.begin(later())
    error = caught(remote, "losses", "raises", "StopIteration(5)")
    assert isinstance(error, StudentError)
    assert not isinstance(error, StopIteration)
    assert remote.explain(error).startswith("raises raised StopIteration: 5")
