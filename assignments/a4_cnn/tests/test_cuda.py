"""Public tests of the CUDA tier: they need a GPU, and are worth no points."""

import pytest
import torch

from grader.checks import CheckFailure, assert_allclose


@pytest.mark.cuda
def test_cpu_and_gpu_agree(student, rng):
    """SmallCNN has the same logits and the same gradients on the CPU and on the GPU."""
    model = student.model.SmallCNN()
    images = torch.tensor(rng.normal(0.0, 1.0, (5, 1, 28, 28)), dtype=torch.float32)
    upstream = torch.tensor(rng.normal(0.0, 1.0, (5, 10)), dtype=torch.float32)
    expected = student.probes.on_device(model, images, upstream, "cpu")
    found = student.probes.on_device(model, images, upstream, "cuda")
    assert_allclose(found[0], expected[0], rtol=1e-3, atol=1e-4, name="logits on the GPU")
    for gpu, cpu in zip(found[1:], expected[1:], strict=True):
        name = f"the gradient of the parameter of shape {tuple(cpu.shape)} on the GPU"
        assert_allclose(gpu, cpu, rtol=1e-3, atol=1e-3, name=name)


@pytest.mark.cuda
def test_nested_structures_move_to_the_gpu(student):
    """Without a device it is the GPU that tensors move to, however deep they lie."""
    x = torch.zeros(2)
    pair = student.probes.pair([x, {"a": x}], "text")
    model = student.probes.dense_model()
    found = student.probes.places(student.tensors.to_device([pair, (x, 1), model]))
    expected = (
        "list(Pair(list(tensor on cuda, dict(a: tensor on cuda)), 'text'),"
        " tuple(tensor on cuda, 1), module on cuda)"
    )
    if found != expected:
        raise CheckFailure(f"to_device gives {found}, expected {expected}")
    back = student.probes.places(student.tensors.to_device(pair, "cpu"))
    if back != "Pair(list(tensor on cpu, dict(a: tensor on cpu)), 'text')":
        raise CheckFailure(f"to_device to the CPU gives {back}")
