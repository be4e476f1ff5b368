"""Tensors of PyTorch: as data they cross, as part of a model they stay where they are."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import servers
from grader.checks import CheckFailure, assert_allclose, assert_unchanged
from grader.checks.failure import Answer
from grader.codec import decode, encode
from grader.errors import ProtocolError
from grader.fingerprints import fingerprint
from grader.proxies import RemoteObject
from grader.remote import RemoteModules
from grader.sandbox.tier import tier_of
from grader.sandbox.workers import Worker
from grader.student import LocalModules
from grader.tensors import as_array, is_tensor

torch = pytest.importorskip("torch", reason="torch is not installed: no tensor crossed")

MODELS = """
import torch
from torch import nn

def double(x): return 2 * x
def itself(x): return x
def reshaped(x): return {"rows": [x.reshape(2, -1)]}
def as_images(array): return torch.from_numpy(array)
def add_one(x): x += 1; return x.sum().item()
def leaf(x): return x.clone().requires_grad_()
def linear(): return nn.Linear(3, 2)
def optimizer(model): return torch.optim.SGD(model.parameters(), lr=0.5)

def step(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()

def loader(x, y, seed):
    data = torch.utils.data.TensorDataset(x, y)
    order = torch.Generator().manual_seed(seed)
    return torch.utils.data.DataLoader(data, batch_size=4, shuffle=True, generator=order)

def batches(loader): return [tuple(batch) for batch in loader]
def drawn(): return torch.rand(3)
def threads(): return torch.get_num_threads(), torch.get_num_interop_threads()
"""
SOURCES = {"models.py": MODELS.encode()}


@pytest.fixture(scope="module")
def zygote() -> Iterator[servers.Server]:
    """Give a server that forks workers with PyTorch."""
    server = servers.start_zygote(
        ["numpy", "torch"], memory_bytes=2**31, cpu_seconds=60, hidden=Path(__file__)
    )
    with contextlib.closing(server):
        yield server


@pytest.fixture(params=["here", "worker"])
def student(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Give the models: in this process, and in a worker."""
    modules: Any
    if request.param == "here":
        modules = LocalModules(Path("nowhere"), SOURCES)
        modules.begin(time.monotonic() + 60)
        yield modules
        return
    server = request.getfixturevalue("zygote")
    worker = Worker(server.control, SOURCES, tier_of(servers.attest(server)))
    with contextlib.closing(worker):
        modules = RemoteModules(worker, SOURCES)
        modules.begin(time.monotonic() + 60)
        yield modules


def carry(value: object) -> Any:
    """Return `value` as it arrives at the other end."""
    header, buffers = encode(value)
    return decode(header, b"".join(buffers))


@pytest.mark.parametrize(
    "dtype",
    [
        "bool",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "float32",
        "float64",
        "complex64",
    ],
)
def test_tensors_arrive_as_they_were(dtype):
    """Type, dtype, shape, every element and even the order in memory."""
    values = torch.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5).to(getattr(torch, dtype))
    for tensor in (
        values,
        values.contiguous(memory_format=torch.channels_last),
        values.transpose(1, 3),
        values[:, 1:, ::2],
        values[0, 0, 0, 0],
        values[:0],
    ):
        arrived = carry(("rows", [tensor]))[1][0]
        assert type(arrived) is torch.Tensor
        assert arrived.dtype is tensor.dtype
        assert torch.equal(arrived, tensor)
        assert arrived.is_contiguous() == tensor.is_contiguous()
        assert not arrived.numel() or arrived.data_ptr() != tensor.data_ptr()


def test_what_is_part_of_something_is_no_data():
    """A copy of it would not be part of the same graph, model or device."""
    leaf = torch.ones(2, requires_grad=True)
    for value in (
        leaf,
        2 * leaf,
        torch.nn.Parameter(torch.ones(2), requires_grad=False),
        torch.ones(2).to_sparse(),
        torch.ones(2, dtype=torch.bfloat16),
        torch.ones(2, dtype=torch.complex64).conj(),
        torch.ones(2, device="meta"),
        [1.0],
    ):
        assert as_array(value) is None
    assert as_array(leaf.detach()).tolist() == [1.0, 1.0]


def test_without_pytorch_there_are_no_tensors(monkeypatch):
    """A frame that speaks of one is malformed, and loads nothing."""
    header, buffers = encode(torch.ones(2))
    monkeypatch.delitem(sys.modules, "torch")
    assert not is_tensor(3)
    with pytest.raises(ProtocolError, match="no PyTorch"):
        decode(header, b"".join(buffers))
    assert "torch" not in sys.modules


def test_a_module_that_is_called_torch_is_not_asked(monkeypatch):
    """A student's own torch.py has no say in what a tensor is."""
    monkeypatch.setitem(sys.modules, "torch", type(sys)("torch"))
    assert not is_tensor(None)
    assert as_array(3.0) is None


def test_data_goes_there_and_back(student):
    """As arguments, as results, and inside of containers."""
    x = torch.arange(6.0)
    assert_allclose(student.models.double(x), 2 * x)
    assert_allclose(student.models.reshaped(x)["rows"], [x.reshape(2, 3)])
    assert type(student.models.double(np.arange(6.0))) is np.ndarray
    assert student.models.add_one(x) == 21.0
    assert x.tolist() == [0, 1, 2, 3, 4, 5]  # the copy was changed


def test_what_a_call_does_to_tensors_is_seen(student):
    """A change of an argument, and a result that is a view of one, whichever kind it has."""
    x = torch.arange(6.0)
    assert_allclose(assert_unchanged(student.models.double, x), 2 * x)
    with pytest.raises(CheckFailure, match=r"x was changed by the call \(6 of 6 elements\)"):
        assert_unchanged(student.models.add_one, x, names=("x",))
    for function, argument in (("itself", x), ("as_images", np.arange(6.0))):
        with pytest.raises(CheckFailure, match="share memory"):
            assert_unchanged(getattr(student.models, function), argument)


def test_a_graph_is_built_and_driven_there(student):
    """A leaf stays, with its gradient; what comes out of it is detached and crosses."""
    x = student.models.leaf(torch.tensor([1.0, 2.0]))
    y = (x * x).sum()
    y.backward()
    assert_allclose(x.grad, torch.tensor([2.0, 4.0]), name="x.grad")
    assert_allclose(y.detach(), torch.tensor(5.0), name="y")
    assert float(y.item()) == 5.0


def test_a_model_is_trained_there(student):
    """Its optimizer holds its parameters; steps change them, and the loss falls."""
    torch.manual_seed(0)
    x, y = torch.randn(16, 3), torch.arange(16) % 2
    model = student.models.linear()
    optimizer = student.models.optimizer(model)
    before = model.weight.detach().clone() if not isinstance(model, RemoteObject) else None
    losses = [student.models.step(model, optimizer, x, y) for _ in range(5)]
    assert losses == sorted(losses, reverse=True)
    assert len(list(model.parameters())) == 2
    weight = model.weight.detach()
    assert weight.shape == (2, 3)
    assert before is None or not torch.equal(weight, before)
    assert_allclose(model(x).detach(), x @ weight.T + model.bias.detach(), name="outputs")


def test_loaders_give_their_batches(student):
    """Shuffled as their own generator says, with no process and no thread beside."""
    x, y = torch.arange(10.0).reshape(10, 1), torch.arange(10)
    loader = student.models.loader(x, y, 3)
    first, second = (student.models.batches(loader) for _ in range(2))
    assert [len(images) for images, _ in first] == [4, 4, 2]
    orders = [[int(label) for _, labels in epoch for label in labels] for epoch in (first, second)]
    assert sorted(orders[0]) == list(range(10))
    assert orders[0] != orders[1]


def test_every_worker_starts_alike(zygote):
    """One thread, and the same random numbers: a grade must not depend on who came before."""
    drawn = []
    for _ in range(2):
        worker = Worker(zygote.control, SOURCES, tier_of(servers.attest(zygote)))
        with contextlib.closing(worker):
            student = RemoteModules(worker, SOURCES)
            student.begin(time.monotonic() + 60)
            assert student.models.threads() == (1, 1)
            drawn.append(student.models.drawn())
    assert torch.equal(*drawn)


def test_a_wrong_tensor_is_described():
    """Its kind, its dtype, its shape and its values, as with arrays."""
    expected = torch.tensor([1.0, 2.0])
    for actual, problem in (
        (
            np.array([1.0, 2.0], np.float32),
            "is an array of shape (2,) and dtype float32, expected a",
        ),
        (torch.tensor([1.0, 2.0], dtype=torch.float64), "has dtype float64, expected float32"),
        (torch.tensor([[1.0, 2.0]]), "has shape (1, 2), expected (2,)"),
        (torch.tensor([1.0, 3.0]), "worst: result[1] is 3, expected 2"),
        (torch.tensor([1.0, float("nan")]), "contains NaN at [1]"),
        (torch.ones(2, requires_grad=True), "requires grad, expected a tensor of shape (2,) that"),
        ([1.0, 2.0], "is a list of length 2, expected a tensor of shape (2,)"),
        (None, "returned None"),
    ):
        with pytest.raises(CheckFailure) as caught:
            assert_allclose(actual, expected)
        assert problem in caught.value.message
    with pytest.raises(
        CheckFailure, match=r"a tensor of shape \(2,\) and dtype torch.float32, exp"
    ):
        assert_allclose(expected, expected.numpy())
    with pytest.raises(CheckFailure, match=r"is a tensor of shape \(\)"):
        assert_allclose(torch.tensor(1.0), 1.0)


def test_wrong_tensors_have_the_fingerprint_of_their_numbers():
    """So that a known mistake is found again."""
    wrong = torch.tensor([1.0, 3.0])
    mark = fingerprint("test", Answer("result", wrong))
    assert mark
    assert mark == fingerprint("test", Answer("result", wrong.numpy()))
    assert mark != fingerprint("test", Answer("result", wrong + 1))
