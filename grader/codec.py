"""Values as data: how they are written to cross the boundary, and read again.

`encode` writes a value as a header and a body. The header is JSON made of nulls,
booleans, integers, strings and arrays only; an array's first element says what
it stands for. The body holds the raw bytes of arrays, in the order in which the
header mentions them. There is no pickle and no name that could be looked up: a
header can describe values and nothing else. What is no data can cross as a
handle, where both ends agreed on it; see `grader.crossing`.
"""

import json
from typing import Any, Final

import numpy as np

from grader.crossing import (
    DTYPES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INTEGER_BITS,
    MAX_TEXT,
    MAX_TYPE_NAME,
    SCALARS,
    Handles,
    NotDataError,
    is_unicode,
)
from grader.decoder import decode
from grader.tensors import as_array

_JSON: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False)
_LONG: Final = 2**63

__all__ = ["NotDataError", "decode", "encode"]


def encode(value: object, handles: Handles | None = None) -> tuple[bytes, list[memoryview]]:
    """Return the header that describes `value`, and the buffers of its body.

    Raises
    ------
    NotDataError
        If `value` holds anything but None, bool, int, float, complex, str,
        bytes, list, tuple, dict with scalar keys, ndarray, numpy scalar, tensor
        (see `grader.tensors`) or `numpy.random.Generator` (PCG64), each of exactly
        that type, and `handles` gives no handle of it.
    """
    writer = _Writer(handles)
    return _JSON.encode(writer.describe(value, 0)).encode("ascii"), writer.buffers


class _Writer:
    """Makes header nodes of values, collecting the buffers of the body in order."""

    def __init__(self, handles: Handles | None) -> None:
        self.buffers: list[memoryview] = []
        self._handles = handles

    def describe(self, value: Any, depth: int) -> Any:  # noqa: C901, PLR0911, PLR0912
        """Return the node of `value`; one line for each type is clearer than a table."""
        kind = type(value)
        if depth > MAX_DEPTH:
            raise NotDataError("a value nested too deeply")
        if value is None or kind is bool:
            return value
        if kind is str:
            return value if len(value) <= MAX_TEXT and value.isascii() else _text(value)
        if kind is np.ndarray:
            return self._array(value)
        if kind is int:
            return value if -_LONG < value < _LONG else _whole(value)
        if kind is float:
            return ["f", repr(value)]
        if kind is complex:
            return ["c", repr(value.real), repr(value.imag)]
        if kind is bytes:
            self.buffers.append(memoryview(value))
            return ["b", len(value)]
        if kind in (list, tuple):
            return ["l" if kind is list else "t", *[self.describe(v, depth + 1) for v in value]]
        if kind is dict:
            return ["d", *[self._pair(key, v, depth + 1) for key, v in value.items()]]
        if kind.__name__ == "Generator" and kind is np.random.Generator:
            return _random_generator(value)
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            return self._scalar(value)
        if (array := as_array(value)) is not None:
            return ["T", *self._array(array)[1:]]
        return self._handle(value)

    def _pair(self, key: Any, value: Any, depth: int) -> list[Any]:
        if type(key) not in SCALARS:
            raise NotDataError(f"a dict with a key of type {_type_name(type(key))}")
        return [self.describe(key, depth), self.describe(value, depth)]

    def _array(self, value: "np.ndarray[Any, Any]") -> list[Any]:
        if value.ndim > MAX_DIMENSIONS:
            raise NotDataError(f"an array of {value.ndim} dimensions")
        layout = "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "S"
        name = value.dtype.str
        if name not in DTYPES:
            little = _little_endian(value.dtype)
            value, name = value.astype(little), little.str
        ordered = value.T if layout == "F" else np.ascontiguousarray(value)
        self.buffers.append(ordered.reshape(-1).view(np.uint8).data)
        return ["a", name, layout, *value.shape]

    def _scalar(self, value: "np.generic[Any]") -> list[Any]:
        array = np.asarray(value)
        little = array.astype(_little_endian(array.dtype), copy=False)
        self.buffers.append(memoryview(little.tobytes()))
        return ["s", little.dtype.str]

    def _handle(self, value: object) -> list[Any]:
        if self._handles is None:
            raise NotDataError(f"a value of type {_type_name(type(value))}")
        handle = self._handles.hand_out(value)
        return ["h", handle.number, handle.type_name[:MAX_TYPE_NAME], handle.is_callable]


def _whole(value: int) -> int:
    if value.bit_length() > MAX_INTEGER_BITS:
        raise NotDataError(f"an int of {value.bit_length():,} bits")
    return value


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise NotDataError(f"a str of {len(value):,} characters")
    if not is_unicode(value):
        raise NotDataError("a str that is not valid Unicode")
    return value


def _random_generator(value: "np.random.Generator") -> list[Any]:
    """Describe a generator by its state: its copy will draw the same numbers."""
    state = value.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise NotDataError(f"a random generator of type {state['bit_generator']}")
    return ["g", *state["state"].values(), state["has_uint32"], state["uinteger"]]


def _little_endian(dtype: "np.dtype[Any]") -> "np.dtype[Any]":
    little = dtype.newbyteorder("<") if dtype.kind in "biufc" else dtype  # not all have an order
    if little.str not in DTYPES:
        raise NotDataError(f"an array of dtype {dtype}")
    return little


def _type_name(kind: type) -> str:
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"
