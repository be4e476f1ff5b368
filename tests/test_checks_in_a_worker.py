"""The checks that call a function many times, with one that lives in a worker."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader import servers
from grader.checks import (
    CheckFailure,
    assert_accuracy,
    assert_allclose,
    assert_faster,
    assert_gradient,
    assert_raises,
    assert_source,
    assert_unchanged,
)
from grader.remote import RemoteModules
from grader.sandbox.tier import tier_of
from grader.sandbox.workers import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers need Linux")

SOURCE = b"""
import numpy as np

def loss(w, X):
    return np.mean(np.tanh(X @ w) ** 2)

def gradient(w, X):
    t = np.tanh(X @ w)
    return X.T @ (2 * t * (1 - t * t)) / t.size

def predict(images):
    return images[:, 0].astype(int)

def loops(X, y):
    return np.array([sum(row[i] * t for row, t in zip(X, y)) for i in range(X.shape[1])])

def vectorised(X, y):
    return X.T @ y

class Node:
    pass

def count(nodes, node):
    node.seen = True
    return len(nodes)
"""


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteModules]:
    """Give a submission as a grade has it."""
    hidden = tmp_path_factory.mktemp("hidden") / "answers.py"
    hidden.touch()
    sources = {"net.py": SOURCE}
    server = servers.start_zygote(["numpy"], memory_bytes=2**30, cpu_seconds=20, hidden=hidden)
    with contextlib.closing(server):
        worker = Worker(server.control, sources, tier_of(servers.attest(server)))
        with contextlib.closing(worker):
            modules = RemoteModules(worker, sources)
            modules.begin(time.monotonic() + 20)
            yield modules


def test_a_gradient(remote: RemoteModules):
    """50 000 weights in a worker are checked in well under a second."""
    rng = np.random.default_rng(0)
    X, w = rng.standard_normal((20, 784)), 0.02 * rng.standard_normal((784, 64))
    gradient = remote.net.gradient(w, X)
    assert_gradient(lambda w: remote.net.loss(w, X), w, gradient, name="dw")
    with pytest.raises(CheckFailure, match="This is twice the gradient"):
        assert_gradient(lambda w: remote.net.loss(w, X), w, 2 * gradient, name="dw")


def test_an_accuracy(remote: RemoteModules):
    """Predictions come from the worker, labels stay here."""
    labels = np.arange(100) % 10
    assert_accuracy(remote.net.predict, labels[:, None].astype(float), labels, {0.9: 1.0})


def test_a_speed(remote: RemoteModules):
    """The names of the worker's functions are used."""
    rng = np.random.default_rng(0)
    args = rng.standard_normal((100, 784)), rng.standard_normal(100)
    assert_faster(remote.net.vectorised, remote.net.loops, 5, args=args)
    with pytest.raises(CheckFailure, match=r"loops is 0.* times as fast as vectorised"):
        assert_faster(remote.net.loops, remote.net.vectorised, 1, args=args, rounds=1)


def test_a_source(remote: RemoteModules):
    """A module is looked at as it was handed in; its file is named."""
    assert_source(remote.net, banned=["numpy.pad"])
    with pytest.raises(CheckFailure, match=r"net\.py, line 5 uses numpy\.tanh"):
        assert_source(remote.net, banned=["numpy.tanh"])


ROW = np.array([1.0, 2.0])
CHECKS: dict[str, tuple[Callable[[Any], Any], type[Exception], str]] = {
    "array": (
        lambda node: assert_allclose(node, ROW, name="dx"), CheckFailure,
        "dx is a Node, expected an array of shape (2,)",
    ),
    "number": (
        lambda node: assert_allclose(node, 1.0), CheckFailure,
        "result is a Node, expected a float",
    ),
    "integer": (
        lambda node: assert_allclose(node, 1), CheckFailure,
        "result is a Node, expected an integer",
    ),
    "list": (
        lambda node: assert_allclose(node, [1.0, 2.0]), CheckFailure,
        "result is a Node, expected a list",
    ),
    "inside a tuple": (
        lambda node: assert_allclose((1.0, node), (1.0, ROW)), CheckFailure,
        "result[1] is a Node, expected an array of shape (2,)",
    ),
    "picture": (
        lambda node: assert_allclose(node, np.zeros((4, 4)), picture=True), CheckFailure,
        "result is a Node, expected an array of shape (4, 4)",
    ),
    "expected": (lambda node: assert_allclose(ROW, node), TypeError, "a test expects a Node"),
    "gradient": (
        lambda node: assert_gradient(lambda x: float(np.sum(x)), ROW, node), CheckFailure,
        "gradient is a Node, expected an array of shape (2,)",
    ),
    "loss": (
        lambda node: assert_gradient(lambda _: node, ROW, ROW), CheckFailure,
        "the loss is a Node, expected a number or an array of numbers",
    ),
    "point": (
        lambda node: assert_gradient(lambda _: 1.0, node, ROW), TypeError,
        "<Node of the submission> is no array",
    ),
    "upstream": (
        lambda node: assert_gradient(lambda x: x, ROW, ROW, upstream=node), TypeError,
        "<Node of the submission> is no array",
    ),
    "predictions": (
        lambda node: assert_accuracy(lambda _: node, ROW, np.array([0, 1]), {0.9: 1.0}),
        CheckFailure,
        "the predictions are a Node, expected an array of 2 integers",
    ),
    "raises": (
        lambda node: assert_raises(ValueError, lambda: node, name="f"), CheckFailure,
        "f returned a Node, expected a ValueError",
    ),
    "unchanged": (
        lambda node: assert_unchanged(lambda x: x.resize(3, refcheck=False) or node, ROW.copy()),
        CheckFailure,
        "argument 1 was changed by the call",
    ),
    "put into an argument": (
        lambda node: assert_unchanged(lambda x: x.__setitem__(0, node), [1.0]), CheckFailure,
        "argument 1[0] was changed by the call: it was the float 1.0, it is now a Node",
    ),
    "not callable": (
        lambda node: assert_raises(ValueError, node), CheckFailure,
        "the function raised TypeError: 'RemoteObject' object is not callable",
    ),
    "no function": (lambda node: assert_faster(node, node, 1), TypeError, "'RemoteObject'"),
    "source": (
        lambda node: assert_source(node, banned=["numpy.pad"]), TypeError,
        "a test looks for banned names in a Node: give a module",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("check", "kind", "message"), CHECKS.values(), ids=CHECKS)
def test_a_check_that_is_given_an_object_asks_it_nothing(
    remote: RemoteModules,
    monkeypatch: pytest.MonkeyPatch,
    check: Callable[[Any], Any],
    kind: type[Exception],
    message: str,
):
    """It says what it was given, in a sentence, without a call into the worker."""
    node = remote.net.Node()
    asked: list[Any] = []
    monkeypatch.setattr(RemoteModules, "do", lambda *args, **_: asked.append(args))
    with pytest.raises(kind) as info:
        check(node)
    assert type(info.value) is kind
    assert str(info.value).startswith(message)
    assert not asked


def test_an_argument_that_is_an_object_is_no_change(remote: RemoteModules):
    """The checks do not look into what an object has become."""
    node = remote.net.Node()
    assert assert_unchanged(remote.net.count, [node], node) == 1
    assert node.seen
