"""The CUDA tier: tests that need a GPU, are worth no points and never required.

    @pytest.mark.cuda
    def test_the_layers_agree(student): ...

Without a device, or without `--cuda`, such a test is not run, and every report says
so. To know that must cost nothing: PyTorch is loaded only where a person demands
the tier.
"""

import importlib
import shutil
from pathlib import Path
from typing import Any, Final

from grader.errors import GraderError

CUDA_TIER: Final = "CUDA tier"  # stands where the name of a task would
_NO_DEVICE: Final = "no CUDA device"


def device_nodes() -> tuple[str, ...]:
    """Return the files through which a process reaches the GPU."""
    nodes = [*Path("/dev").glob("nvidia*"), *Path("/dev").glob("dxg")]
    return tuple(sorted(map(str, nodes)))


def why_not_run(*, demanded: bool) -> str:
    """Say why tests of the tier are not run; nothing if they are."""
    if demanded:
        return ""
    return f"not run: {'--cuda was not given' if _has_driver() else _NO_DEVICE}"


def describe_device() -> str:
    """Name the device, or say what is missing."""
    try:
        return find_device()
    except GraderError as error:
        return str(error).partition(";")[0]


def find_device() -> str:
    """Name the device that PyTorch would use.

    Raises
    ------
    GraderError
        If there is none.
    """
    remedy = "run this where there is an NVIDIA GPU, or leave --cuda out"
    if not _has_driver():
        raise GraderError(f"{_NO_DEVICE}; {remedy}")
    try:
        torch: Any = importlib.import_module("torch")
    except ImportError:
        raise GraderError("a CUDA driver, but no PyTorch; install deltagrade[torch]") from None
    if not torch.cuda.is_available():
        raise GraderError(f"{_NO_DEVICE} that this PyTorch can use; {remedy}")
    return str(torch.cuda.get_device_name())


def _has_driver() -> bool:
    return shutil.which("nvidia-smi") is not None or bool(device_nodes())
