"""Hidden tests of the CUDA tier: they need a GPU, and are worth no points."""

import numpy as np
import pytest
import torch

from grader.checks import CheckFailure, assert_accuracy, assert_allclose


@pytest.mark.cuda
def test_fit_runs_on_the_gpu(student, dataset):
    """What fit trains is on the GPU, all of it, and it has learned something there."""
    images, labels = dataset.train_images[:5000], dataset.train_labels[:5000]
    model = student.training.fit(images, labels, seconds=20.0)
    found = student.probes.devices(model)
    if found != ["cuda"]:
        raise CheckFailure(
            f"parameters and buffers of the model are on {found}, expected all on cuda",
            "to_device moves a model, and the images and labels to train it with.",
        )
    assert_accuracy(
        lambda images: student.probes.predict(
            model, torch.tensor(images[:, np.newaxis] / 255, dtype=torch.float32)
        ),
        dataset.test_images,
        dataset.test_labels,
        {0.5: 1.0},
    )


@pytest.mark.cuda
def test_too_much_memory_is_an_error_like_others(student):
    """When the GPU has not enough memory, that call fails, and the next one works."""
    if student.probes.ask_for_too_much() is not True:
        raise CheckFailure("the GPU gave twice the memory that it has")
    moved = student.tensors.to_device(torch.arange(3.0))
    assert_allclose(moved.cpu(), torch.arange(3.0), name="a tensor from the GPU")


@pytest.mark.cuda
def test_the_gpu_is_faster(student):
    """A large batch goes through SmallCNN, forwards and backwards, sooner than on the CPU."""
    model, images = student.model.SmallCNN(), torch.zeros(512, 1, 28, 28)
    cpu, gpu = (student.probes.seconds_per_step(model, images, d) for d in ("cpu", "cuda"))
    if not gpu < cpu:
        raise CheckFailure(f"a step takes {gpu:.3g} s on the GPU, and {cpu:.3g} s on the CPU")
