"""The checks that call a function many times, with one that lives in a worker."""

import contextlib
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from grader import servers
from grader.checks import (
    CheckFailure,
    assert_accuracy,
    assert_faster,
    assert_gradient,
    assert_source,
)
from grader.sandbox.tier import tier_of
from grader.sandbox.workers import Worker
from grader.student import RemoteModules

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
