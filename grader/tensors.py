"""Tensors of PyTorch as data, in a process that has loaded PyTorch; it is never loaded here.

A tensor is data if it is of exactly that type, dense, in ordinary memory, of a dtype
that NumPy has, and needs no gradient. Every other one is an object: it is part of a
graph, of a model, or of another device, and a copy would not be.
"""

import sys
from typing import Any

import numpy as np


def is_tensor(value: object) -> bool:
    """Whether `value` is a tensor, of exactly that type."""
    torch: Any = sys.modules.get("torch")
    # A module under that name can be a student's, or half imported.
    return type(value) is getattr(torch, "Tensor", None)


def as_array(value: Any) -> "np.ndarray[Any, Any] | None":
    """Return a view of an array, or of a tensor that is data; None for everything else."""
    if type(value) is np.ndarray:
        return value
    if not is_tensor(value):
        return None
    try:
        array: np.ndarray[Any, Any] = value.numpy()  # refuses what is not data
    except (RuntimeError, TypeError):
        return None
    return array


def as_tensor(array: "np.ndarray[Any, Any]") -> Any:
    """Return a tensor that shares the memory of an array.

    Raises
    ------
    ValueError, TypeError
        If this process has no PyTorch, or it has no such dtype.
    """
    torch: Any = sys.modules.get("torch")
    if torch is None:
        raise ValueError("a tensor, where there is no PyTorch")
    return torch.from_numpy(array)
