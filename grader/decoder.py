"""Read what `grader.codec.encode` wrote.

Trust: what `decode` reads may be written by a student's process. It accepts exact
types, bounded sizes and little-endian buffers of the announced length; anything
else is a `ProtocolError`.
"""

import json
import math
from typing import Any, Final, NoReturn

import numpy as np

from grader.crossing import (
    DTYPES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_HANDLE,
    MAX_INTEGER_BITS,
    MAX_TEXT,
    MAX_TYPE_NAME,
    SCALARS,
    Handle,
    Handles,
    is_unicode,
)
from grader.errors import ProtocolError
from grader.tensors import as_tensor

_MAX_DIGITS: Final = len(str(2**MAX_INTEGER_BITS)) + 1


def decode(
    header: bytes | bytearray, body: bytes | bytearray, handles: Handles | None = None
) -> Any:
    """Return the value that a header and a body describe.

    Raises
    ------
    ProtocolError
        If they are not exactly what `encode` writes, or hold a handle where
        there are no `handles` to resolve it.
    """
    try:
        node = _JSON.decode(header.decode("ascii"))
        reader = _Reader(body, handles)
        value = reader.build(node, 0)
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise ProtocolError(f"a malformed frame: {error}") from None
    if not reader.exhausted:
        raise ProtocolError("a malformed frame: bytes are left over")
    return value


class _Reader:
    """Builds values from header nodes, consuming the body in order."""

    def __init__(self, body: bytes | bytearray, handles: Handles | None) -> None:
        self._body = memoryview(body)
        self._at = 0
        self._handles = handles

    @property
    def exhausted(self) -> bool:
        return self._at == len(self._body)

    def build(self, node: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        if type(node) is str:
            return _checked_text(node)
        return self._build_list(node, depth + 1) if type(node) is list else node

    def _build_list(self, node: list[Any], inner: int) -> Any:  # noqa: C901, PLR0911
        """Return the value of a node that is a list; one line for each kind of value."""
        match node:
            case ["h", number, str(type_name), bool(is_callable)] if self._handles is not None:
                return self._handles.resolve(_parse_handle(number, type_name, is_callable))
            case ["f", str(text)]:
                return _parse_float(text)
            case ["l", *nodes]:
                return [self.build(each, inner) for each in nodes]
            case ["t", *nodes]:
                return tuple([self.build(each, inner) for each in nodes])
            case ["d", *pairs] if all(type(pair) is list for pair in pairs):
                return self._dict(pairs, inner)
            case ["a", str(dtype), ("C" | "F" | "S") as layout, *shape]:
                return self._array(_parse_dtype(dtype), layout, shape)
            case ["T", str(dtype), ("C" | "F" | "S") as layout, *shape]:
                return as_tensor(self._array(_parse_dtype(dtype), layout, shape))
            case ["s", str(dtype)]:
                kind = _parse_dtype(dtype)
                return np.frombuffer(self._take(kind.itemsize), kind)[0]
            case ["c", str(real), str(imaginary)]:
                return complex(_parse_float(real), _parse_float(imaginary))
            case ["b", size]:
                return bytes(self._take(size))
            case ["g", int(state), int(increment), int(has_uint32), int(uinteger)]:
                return _generator(state, increment, has_uint32, uinteger)
        raise ValueError("an unknown kind of value")

    def _dict(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in pairs:
            key = self.build(key_node, depth)
            if type(key) not in SCALARS or key in built:
                raise ValueError("a bad or repeated key")
            built[key] = self.build(value_node, depth)
        return built

    def _array(self, dtype: "np.dtype[Any]", layout: Any, shape: list[Any]) -> Any:
        if len(shape) > MAX_DIMENSIONS or any(type(n) is not int or n < 0 for n in shape):
            raise ValueError("a bad shape")
        flat = np.frombuffer(self._take(math.prod(shape) * dtype.itemsize), dtype)
        if dtype.kind == "b":
            flat = flat.view(np.uint8) != 0  # a True of 2 would not be the same data
        if layout == "S":
            return _spread(flat.reshape(shape))
        return flat.reshape(shape, order=layout).copy(order=layout)

    def _take(self, size: Any) -> memoryview:
        if type(size) is not int or not 0 <= size <= len(self._body) - self._at:
            raise ValueError("a buffer that is not there")
        self._at += size
        return self._body[self._at - size : self._at]


def _generator(state: int, increment: int, has_uint32: int, uinteger: int) -> "np.random.Generator":
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": increment},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
    return np.random.Generator(bits)


def _spread(values: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return a copy of `values` that is not contiguous, as the original was not."""
    *outer, last = values.shape
    strided = np.zeros((*outer, 2 * last), values.dtype)[..., ::2]
    strided[...] = values
    return strided


def _parse_int(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError("an integer with too many digits")
    number = int(text)
    if number.bit_length() > MAX_INTEGER_BITS:
        raise ValueError("an integer of too many bits")
    return number


def _parse_float(text: str) -> float:
    if len(text) > 32:
        raise ValueError("a bad float")
    return float(text)


def _parse_dtype(name: str) -> "np.dtype[Any]":
    if name not in DTYPES:
        raise ValueError("a bad dtype")
    return np.dtype(name)


def _parse_handle(number: Any, type_name: str, is_callable: bool) -> Handle:  # noqa: FBT001
    if type(number) is not int or not 0 <= number <= MAX_HANDLE:
        raise ValueError("a bad handle")
    if len(type_name) > MAX_TYPE_NAME or not is_unicode(type_name):
        raise ValueError("a bad name of a type")
    return Handle(number, type_name, is_callable)


def _checked_text(text: str) -> str:
    if len(text) > MAX_TEXT or not is_unicode(text):
        raise ValueError("a bad string")
    return text


def _refuse(_: Any) -> NoReturn:
    raise ValueError("a construct that no frame has")


_JSON: Final = json.JSONDecoder(
    parse_int=_parse_int,
    parse_float=_refuse,
    parse_constant=_refuse,
    object_pairs_hook=_refuse,
)
