"""Objects of a submission: the same code for a test here and with the objects in a worker."""

import contextlib
import copy
import math
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import servers
from grader.checks import assert_allclose, assert_raises, assert_unchanged
from grader.errors import GraderError, UnusableError
from grader.proxies import RemoteObject
from grader.raised import StudentError
from grader.remote import RemoteModules
from grader.results import Outcome
from grader.sandbox.tier import tier_of
from grader.sandbox.workers import Worker
from grader.student import LocalModules, Student, observe, own_files

GRAPH = """
import numpy as np

def node(x):
    return x if isinstance(x, Node) else Node(x)

class Node:
    __array_ufunc__ = None

    def __init__(self, value, parents=()):
        self.value = np.array(value, dtype=np.float64)
        self.gradient = np.zeros_like(self.value)
        self.parents = parents
        self.local = []

    def __add__(self, other): return Node(self.value + node(other).value, (self, other))
    def __radd__(self, other): return Node(node(other).value + self.value, (other, self))
    def __sub__(self, other): return Node(self.value - node(other).value)
    def __rsub__(self, other): return Node(node(other).value - self.value)
    def __mul__(self, other): return Node(self.value * node(other).value)
    def __rmul__(self, other): return Node(node(other).value * self.value)
    def __truediv__(self, other): return Node(self.value / node(other).value)
    def __rtruediv__(self, other): return Node(node(other).value / self.value)
    def __pow__(self, other): return Node(self.value ** node(other).value)
    def __rpow__(self, other): return Node(node(other).value ** self.value)
    def __matmul__(self, other): return Node(self.value @ node(other).value)
    def __rmatmul__(self, other): return Node(node(other).value @ self.value)
    def __neg__(self): return Node(-self.value)
    def __abs__(self): return Node(np.abs(self.value))
    def __getitem__(self, key): return Node(self.value[key])
    def __len__(self): return len(self.value)

    def __eq__(self, other): return True
    def __hash__(self): raise TypeError("asked")
    def __bool__(self): raise TypeError("asked")
    def __repr__(self): raise TypeError("asked")
    def __float__(self): raise TypeError("asked")

    def exp(self): return Node(np.exp(self.value), (self,))

def pair(value):
    return Node(value), {"deep": [Node(value + 1), value]}

def total(nodes, *, scale):
    return scale["by"] * sum(each.value for each in nodes)

def depth(node):
    found = 0
    while node.parents:
        found, node = found + 1, node.parents[0]
    return found
"""
NETWORK = """
import numpy as np

class Base:
    limit = 3

    def inherited(self):
        raise ValueError("inherited")

class Net(Base):
    def __init__(self, hidden, *, rng, activation="tanh"):
        if activation not in ("tanh", "relu"):
            raise ValueError(f"no activation {activation}")
        self.weights = [rng.standard_normal((3, hidden)), np.ones((hidden, 2))]
        self.seen = 0

    def forward(self, X, *, scale=1.0):
        self.seen += 1
        return scale * np.tanh(X @ self.weights[0]) @ self.weights[1]

    def zero(self, X):
        X[0] = 0
        return X

    def fails(self):
        raise ValueError("no")

    @property
    def broken(self):
        return self.nothing

    def batches(self, n):
        yield from range(n)

    def itself(self):
        return self

def train(net, X, *, steps):
    for _ in range(steps):
        net.weights = [w + 1 for w in net.weights]
    return [net.forward(X).sum() for _ in range(steps)]

def add_to(net, X):
    X += 1
    net.seen += 10

def make_scaler(factor):
    def scale(x):
        if x is None:
            raise ValueError("nothing to scale")
        return factor * x
    return scale

class Doubler:
    def __init__(self):
        self.inner = make_scaler(3)
    def __call__(self, x):
        return 2 * x

class Layers:
    def __init__(self):
        self.layers = [Doubler(), Doubler()]
    def __iter__(self):
        return iter(self.layers)

def give_class():
    return Doubler

def build(cls):
    return cls()

def apply(f, x):
    return f(x)

def keep(f):
    doubler = Doubler()
    doubler.inner = f
    return doubler

def call_inner(doubler, x):
    return doubler.inner(x)

def leave():
    import os
    os._exit(3)
"""
SOURCES = {"graph.py": GRAPH, "network.py": NETWORK}
FILES = tuple(SOURCES)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")


def later() -> float:
    return time.monotonic() + 60


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalModules]:
    """Give the submission as a student's own run has it."""
    finders, modules = list(sys.meta_path), dict(sys.modules)
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text)
    yield LocalModules(tmp_path, own_files(tmp_path, FILES))
    sys.meta_path[:] = finders
    for name in SOURCES:
        sys.modules.pop(name.removesuffix(".py"), None)
    sys.modules.update(modules)


@pytest.fixture(scope="module")
def make_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Worker]]:
    """Give a function that makes a real worker of the submission."""
    hidden = tmp_path_factory.mktemp("hidden") / "answers.py"
    hidden.touch()
    server = servers.start_zygote(["numpy"], memory_bytes=2**30, cpu_seconds=60, hidden=hidden)
    with contextlib.closing(server):
        tier = tier_of(servers.attest(server))
        sources = {name: text.encode() for name, text in SOURCES.items()}
        yield lambda: Worker(server.control, sources, tier)


class Counting(RemoteModules):
    """A submission that counts what it is asked."""

    asked = 0

    def do(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Count, and ask."""
        self.asked += 1
        return super().do(*args, **kwargs)


@pytest.fixture
def remote(make_worker: Callable[[], Worker]) -> Iterator[Counting]:
    """Give the submission as a grade has it, at the start of a test."""
    sources = {name: text.encode() for name, text in SOURCES.items()}
    with contextlib.closing(make_worker()) as worker:
        modules = Counting(worker, sources)
        modules.begin(later())
        yield modules


@pytest.fixture(params=["local", pytest.param("remote", marks=linux)])
def student(request: pytest.FixtureRequest) -> Student:
    """Give the submission both ways, at the start of a test."""
    modules: Student = request.getfixturevalue(request.param)
    modules.begin(later())
    return modules


@pytest.fixture
def net(student: Student) -> Any:
    """Give a network of the submission's."""
    return student.network.Net(hidden=4, rng=np.random.default_rng(0))


X = np.arange(6.0).reshape(2, 3)


def caught(function: Callable[..., Any], *args: Any) -> BaseException:
    """Return what a call raises in the test."""
    with pytest.raises(BaseException) as info:  # noqa: PT011
        function(*args)
    return info.value


# Deeds, in both settings.


def test_an_object_is_made_read_set_and_called(net):
    """What a test of a network does: weights in and out, methods by position and by name."""
    assert [w.shape for w in net.weights] == [(3, 4), (4, 2)]
    w1, w2 = net.weights
    assert_allclose(net.forward(X), np.tanh(X @ w1) @ w2)
    net.weights = [np.zeros((3, 4)), w2]
    assert_allclose(net.forward(X, scale=2.0), np.zeros((2, 2)))
    assert net.seen == 2
    assert net.limit == 3
    net.seen = 7
    assert net.seen == 7
    net.brand_new = "a"
    assert net.brand_new == "a"


def test_a_method_is_a_value(net):
    """It can be kept, and handed to a check or back to the submission."""
    forward = net.forward
    assert_allclose(forward(X), net.forward(X))
    assert net.seen == 2


def test_an_object_is_an_argument(student, net):
    """The submission gets the object itself back, and what it does to it stays done."""
    before = net.weights[1]
    losses = student.network.train(net, X, steps=2)
    assert len(losses) == 2
    assert net.seen == 2
    assert_allclose(net.weights[1], before + 2)


def test_a_generator_method_can_be_run_through(net):
    """Its items come one after the other."""
    assert list(net.batches(3)) == [0, 1, 2]


ROW, MATRIX = np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]])
OPERATORS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "a + a": (lambda a: a + a, 2 * ROW),
    "a + 1": (lambda a: a + 1, ROW + 1),
    "1 + a": (lambda a: 1 + a, ROW + 1),
    "a - 1.5": (lambda a: a - 1.5, ROW - 1.5),
    "1.5 - a": (lambda a: 1.5 - a, 1.5 - ROW),
    "a * 3": (lambda a: a * 3, ROW * 3),
    "3 * a": (lambda a: 3 * a, ROW * 3),
    "a / 2": (lambda a: a / 2, ROW / 2),
    "2 / a": (lambda a: 2 / a, 2 / ROW),
    "a ** 2": (lambda a: a**2, ROW**2),
    "2 ** a": (lambda a: 2**a, 2**ROW),
    "a @ matrix": (lambda a: a @ MATRIX, ROW @ MATRIX),
    "matrix @ a": (lambda a: MATRIX @ a, MATRIX @ ROW),
    "array + a": (lambda a: ROW + a, 2 * ROW),
    "array - a": (lambda a: np.array([5.0, 7.0]) - a, np.array([4.0, 5.0])),
    "array * a": (lambda a: MATRIX * a, MATRIX * ROW),
    "array / a": (lambda a: MATRIX / a, MATRIX / ROW),
    "array ** a": (lambda a: MATRIX**a, MATRIX**ROW),
    "a * array": (lambda a: a * MATRIX, MATRIX * ROW),
    "scalar * a": (lambda a: np.float64(3) * a, 3 * ROW),
    "a - scalar": (lambda a: a - np.float32(1), ROW - 1),
    "-a": (lambda a: -a, -ROW),
    "abs(-a)": (lambda a: abs(-a), ROW),
    "sum": (lambda a: sum([a, a, a]), 3 * ROW),
    "a += 1": (lambda a: a.__iadd__(1) if hasattr(a, "__iadd__") else a + 1, ROW + 1),
    "a[1]": (lambda a: a[1], np.array(2.0)),
    "a[-1] * a": (lambda a: a[-1] * a, 2 * ROW),
}


@pytest.mark.parametrize(("operate", "expected"), OPERATORS.values(), ids=OPERATORS)
def test_operators_take_objects_numbers_and_arrays_on_either_side(student, operate, expected):
    """The object's own method answers, on the left or on the right."""
    assert_allclose(operate(student.graph.Node(ROW)).value, expected)


def test_an_object_has_a_length_and_items(student):
    """As far as its class gives it some."""
    a = student.graph.Node(ROW)
    assert len(a) == 2
    assert [each.value.tolist() for each in a] == [1.0, 2.0]
    first, second = student.network.Layers()
    assert (first(4), second(5)) == (8, 10)


def test_objects_lie_inside_tuples_lists_and_dicts(student):
    """A value that holds objects comes as it is, and goes back as it is."""
    first, rest = student.graph.pair(1.0)
    second, plain = rest["deep"]
    assert (first.value, second.value, plain) == (1.0, 2.0, 1.0)
    assert student.graph.total([first, second], scale={"by": 2}) == 6.0
    assert student.graph.total((first,), scale={"by": first}).value == 1.0


def test_an_object_is_itself(student):
    """What is read again is the same object, and another one is not."""
    a = student.graph.Node(1.0)
    b = a + 1
    assert b.parents[0] is a
    assert b.parents == (a, 1)
    assert student.network.build(lambda: a) is a
    net = student.network.Net(2, rng=np.random.default_rng(0))
    assert net.itself() is net
    assert net is not student.network.Net(2, rng=np.random.default_rng(0))


def test_functions_and_classes_are_objects_too(student):
    """A closure, a class and an object with `__call__` can be called, kept and handed over."""
    scale = student.network.make_scaler(5)
    assert (scale(2), student.network.apply(scale, 3)) == (10, 15)
    cls = student.network.give_class()
    doubler = cls()
    assert (doubler(4), doubler.inner(4)) == (8, 12)
    assert student.network.build(cls)(1) == 2
    assert student.network.build(student.network.Doubler)(1) == 2
    assert callable(scale)
    assert callable(cls)
    assert callable(doubler)
    assert not callable(student.graph.Node(1.0))


def test_a_function_of_the_test_is_given_objects_and_gives_some(student):
    """Calls back carry objects like all others."""
    a = student.graph.Node(2.0)
    seen = []

    def twice(node: Any) -> Any:
        seen.append(node)
        return node + node

    assert student.network.apply(twice, a).value == 4.0
    assert student.network.apply(lambda _: [a.exp()], a)[0].value == math.exp(2)
    assert seen == [a]
    assert seen[0] is a


def test_a_chain_of_ten_thousand_nodes(student):
    """Many small requests, and an object that is deeper than any recursion goes."""
    b = student.graph.Node(1.0)
    for _ in range(10_000):
        b = b + 1.0
    assert b.value == 10_001.0
    assert student.graph.depth(b) == 10_000


def test_an_object_is_observed_as_itself(student, net):
    """Data is copied before an observed call; an object is not, and comes back as what it was."""
    seen = observe(student.network.add_to, net, X)
    assert seen.arguments[0] is net
    assert_allclose(seen.arguments[1], X + 1)
    assert net.seen == 10
    nested = observe(student.graph.total, [student.graph.Node(1.0), 2.0][:1], scale={"by": 1})
    assert nested.arguments[0][0].value == 1.0


def test_methods_and_callable_objects_are_observed(student, net):
    """A view and a changed argument are seen wherever the function lies."""
    seen = observe(net.zero, X)
    assert seen.shares_memory
    assert_allclose(seen.arguments[0][0], np.zeros(3))
    assert not observe(net.forward, X).shares_memory
    seen = observe(student.network.give_class()(), X)
    assert_allclose(seen.value, 2 * X)
    assert len(seen.arguments) == 1
    assert not seen.shares_memory


# Mistakes, in the same words in both settings.


def at(statement: str) -> str:
    """Say where a statement of network.py stands."""
    lines = [line.strip() for line in NETWORK.splitlines()]
    return f"\n  at network.py, line {lines.index(statement) + 1}: {statement}"


MISTAKES: dict[str, tuple[Callable[..., Any], type[Exception], str]] = {
    "missing": (
        lambda net, **_: net.missing, AttributeError, "Net has no attribute 'missing'",
    ),
    "missing method": (
        lambda net, **_: net.backward(X), AttributeError, "Net has no attribute 'backward'",
    ),
    "property": (
        lambda net, **_: net.broken, AttributeError,
        "Net.broken raised AttributeError: 'Net' object has no attribute 'nothing'"
        + at("return self.nothing"),
    ),
    "method": (
        lambda net, **_: net.fails(), ValueError,
        "Net.fails raised ValueError: no" + at('raise ValueError("no")'),
    ),
    "constructor": (
        lambda network, **_: network.Net(1, rng=np.random.default_rng(), activation="x"),
        ValueError,
        "Net raised ValueError: no activation x"
        + at('raise ValueError(f"no activation {activation}")'),
    ),
    "argument": (
        lambda net, **_: net.forward(), TypeError,
        "Net.forward raised TypeError: Net.forward() missing 1 required positional argument: 'X'",
    ),
    "constructor's argument": (
        lambda network, **_: network.Net(2), TypeError,
        "Net raised TypeError: Net.__init__() missing 1 required keyword-only argument: 'rng'",
    ),
    "no class": (
        lambda network, **_: network.Other(2), UnusableError, "network.py has no class 'Other'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("do", "kind", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_explained_in_the_same_words(student, net, do, kind, sentence):
    """A student reads the same sentence at home and in a grade."""
    error = caught(lambda: do(network=student.network, net=net))
    assert isinstance(error, kind)
    assert student.explain(error) == sentence
    assert student.incident is None


def test_a_missing_attribute_can_be_asked_for(net):
    """`hasattr` and a default mean what they always mean."""
    assert hasattr(net, "seen")
    assert not hasattr(net, "missing")
    assert getattr(net, "missing", 5) == 5


def test_an_attribute_of_the_tests_own_that_is_missing_is_not_explained(student):
    """Only an object of the submission can lack one of its attributes."""
    assert student.explain(caught(lambda: X.missing)) == ""
    assert student.explain(caught(lambda: Outcome.PASSED.missing)) == ""


def test_checks_call_methods_and_classes_by_the_same_names(student, net):
    """`assert_raises` and `assert_unchanged` take what they take of functions."""
    assert_raises(ValueError, student.network.Net, 2, rng=np.random.default_rng(), activation="x")
    assert_allclose(assert_unchanged(net.forward, X, names=["X"]), net.forward(X))
    for check, message in [
        (lambda: assert_unchanged(net.zero, X, names=["X"]), "X was changed by the call"),
        (lambda: assert_raises(ValueError, net.forward, X), "Net.forward returned an array"),
        (
            lambda: assert_raises(ValueError, student.network.Net, 2, rng=np.random.default_rng()),
            "Net returned a Net, expected a ValueError",
        ),
        (lambda: assert_raises(TypeError, net.fails), "Net.fails raised ValueError: no, expected"),
    ]:
        assert str(caught(check)).startswith(message)


# Proxies, which answer for themselves.


@pytest.fixture
def node(remote: Counting) -> Any:
    """Give a proxy of an object whose methods must not be called; nothing is asked so far."""
    node = remote.graph.Node(ROW)
    remote.asked = 0
    return node


@linux
def test_comparing_hashing_and_printing_ask_nothing(remote, node):
    """They are about the proxy; the object's own methods are not called."""
    other = remote.graph.Node(ROW)
    remote.asked = 0
    assert node == node  # noqa: PLR0124
    assert node != other
    assert node != 5
    assert len({node, other, node}) == 2
    assert bool(node)
    assert repr(node) == f"{node}" == "<Node of the submission>"
    assert not isinstance(node, np.ndarray)
    assert remote.asked == 0


@linux
@pytest.mark.parametrize(
    "name", ["__dict__", "__array__x", "__len__x", "__wrapped__", "__float__", "__name__", "__x"]
)
def test_no_special_name_is_looked_up_in_the_worker(remote, node, name):
    """Python's and NumPy's own questions to an object never reach the submission."""
    assert not hasattr(node, name)
    with pytest.raises(AttributeError):
        setattr(node, name, 5)
    assert remote.asked == 0


@linux
def test_the_class_of_a_proxy_is_its_own(remote, node):
    """It cannot be exchanged, nor can what the proxy keeps."""
    assert node.__class__ is RemoteObject
    for name in ("__class__", "__handle__", "__submission__", "__array_ufunc__"):
        with pytest.raises(AttributeError, match=f"cannot use {name}"):
            setattr(node, name, None)
    with pytest.raises(AttributeError, match="cannot delete 'value'"):
        del node.value
    assert remote.asked == 0


@linux
@pytest.mark.parametrize("copying", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_proxy_cannot_be_copied(remote, node, copying):
    """Two proxies of one object would be no copy of it."""
    with pytest.raises(GraderError, match="cannot be copied or pickled by a test"):
        copying(node)
    assert remote.asked == 0


@linux
def test_an_object_is_no_array(remote, node):
    """NumPy does not try to make one of it by asking for its items."""
    with pytest.raises(TypeError, match="<Node of the submission> is no array"):
        np.asarray(node)
    with pytest.raises(TypeError):
        np.exp(node)
    assert remote.asked == 0


# How long objects live.


@linux
def test_an_object_of_an_earlier_test_is_gone(remote, node):
    """Using it is an error of the test's author, and no object of this test answers for it."""
    method = node.exp
    uses: list[Callable[[Any], Any]] = [
        lambda _: node.value,
        lambda _: method(),
        lambda _: node + 1,
        lambda fresh: fresh + node,
        lambda _: remote.graph.total([{"a": node}], scale=1),
    ]
    for use in uses:
        remote.begin(later())
        error = caught(use, remote.graph.Node(5.0))
        assert isinstance(error, GraderError)
        assert str(error).startswith("<Node of the submission> is gone: objects end with the test")
        assert remote.explain(error) == ""


@linux
def test_an_object_ends_with_its_process(remote, node):
    """The process that follows has other objects, even if they have the same numbers."""
    with pytest.raises(UnusableError):
        remote.network.leave()
    assert remote.incident is Outcome.CRASHED
    other = remote.graph.Node(5.0)
    assert other.__handle__.number == node.__handle__.number
    with pytest.raises(GraderError, match="is gone"):
        node.value  # noqa: B018
    assert remote.graph.Node(7.0).value == 7.0


@linux
def test_a_function_of_the_test_ends_with_the_call_it_was_given_to(remote):
    """An object that keeps it is told so when it calls it later."""
    kept = remote.network.keep(lambda x: x + 1)
    error = caught(remote.network.call_inner, kept, 5)
    assert isinstance(error, StudentError)
    assert isinstance(error, RuntimeError)
    assert "only be called during the call that it was given to" in str(error)
    assert remote.network.apply(lambda x: x + 1, 5) == 6


@linux
def test_an_object_that_the_test_lets_go_of_does_no_harm(remote):
    """It is the same object when it comes back, through another proxy."""
    a = remote.graph.Node(1.0)
    b = a + 1
    number = a.__handle__.number
    del a
    assert b.parents[0].__handle__.number == number
    assert b.parents[0].value == 1.0
