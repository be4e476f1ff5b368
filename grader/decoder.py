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

_DTYPES: Final = {name: np.dtype(name) for name in DTYPES}
_MAX_DIGITS: Final = len(str(2**MAX_INTEGER_BITS)) + 1


def decode(
    header: bytes | bytearray,
    body: bytes | bytearray | memoryview,
    handles: Handles | None = None,
) -> Any:
    """Return the value that a header and a body describe.

    Raises
    ------
    ProtocolError
        If they are not exactly what `encode` writes, or hold a handle where
        there are no `handles` to resolve it.
    """
    try:
        reader = _Reader(body, handles)
        value = reader.build(_parse(header.decode("ascii")), 0)
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise ProtocolError(f"a malformed frame: {error}") from None
    if not reader.exhausted:
        raise ProtocolError("a malformed frame: bytes are left over")
    return value


def _parse(text: str) -> Any:
    node, end = _JSON.raw_decode(text)
    if end != len(text):
        raise ValueError("characters are left over")
    return node


class _Reader:
    """Builds values from header nodes, consuming the body in order."""

    def __init__(self, body: bytes | bytearray | memoryview, handles: Handles | None) -> None:
        self._body = memoryview(body)
        self._at = 0
        self._handles = handles

    @property
    def exhausted(self) -> bool:
        return self._at == len(self._body)

    def build(self, node: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        if type(node) is list:
            return self._build_list(node, depth + 1)
        return _checked_text(node) if type(node) is str else node

    def _build_list(self, node: list[Any], inner: int) -> Any:  # noqa: C901, PLR0911
        """Return the value of a node that is a list; one line for each kind of value."""
        kind, parts = node[0], node[1:]
        if kind == "a":
            return self._array(*parts)
        if kind == "f":
            return _parse_float(*parts)
        if kind == "l":
            return [self.build(each, inner) for each in parts]
        if kind == "t":
            return tuple([self.build(each, inner) for each in parts])
        if kind == "d":
            return self._dict(parts, inner)
        if kind == "T":
            return as_tensor(self._array(*parts))
        if kind == "s":
            dtype = _parse_dtype(*parts)
            return np.frombuffer(self._take(dtype.itemsize), dtype)[0]
        if kind == "c":
            real, imaginary = parts
            return complex(_parse_float(real), _parse_float(imaginary))
        if kind == "b":
            return bytes(self._take(*parts))
        if kind == "g":
            return _generator(*parts)
        if kind == "h" and self._handles is not None:
            return self._handles.resolve(_parse_handle(*parts))
        raise ValueError("an unknown kind of value")

    def _dict(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for pair in pairs:
            if type(pair) is not list:
                raise ValueError("a bad pair")
            key_node, value_node = pair
            key = self.build(key_node, depth)
            if type(key) not in SCALARS or key in built:
                raise ValueError("a bad or repeated key")
            built[key] = self.build(value_node, depth)
        return built

    def _array(self, name: Any, layout: Any, *shape: Any) -> Any:
        dtype = _parse_dtype(name)
        if len(shape) > MAX_DIMENSIONS:
            raise ValueError("too many dimensions")
        for size in shape:
            if type(size) is not int or size < 0:
                raise ValueError("a bad shape")
        buffer = self._take(math.prod(shape) * dtype.itemsize)
        if dtype.kind == "b":  # a True of 2 would not be the same data
            buffer = (np.frombuffer(buffer, np.uint8) != 0).data
        if layout == "C":
            return np.ndarray(shape, dtype, buffer).copy()
        if layout == "F":
            return np.ndarray(shape, dtype, buffer, order="F").copy("F")
        if layout == "S":
            return _spread(np.ndarray(shape, dtype, buffer))
        raise ValueError("a bad layout")

    def _take(self, size: Any) -> memoryview:
        if type(size) is not int or not 0 <= size <= len(self._body) - self._at:
            raise ValueError("a buffer that is not there")
        self._at += size
        return self._body[self._at - size : self._at]


def _generator(*numbers: Any) -> "np.random.Generator":
    state, increment, has_uint32, uinteger = numbers
    if any(type(number) is not int for number in numbers):
        raise ValueError("a bad state of a generator")
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


def _parse_float(text: Any) -> float:
    if type(text) is not str or len(text) > 32:
        raise ValueError("a bad float")
    return float(text)


def _parse_dtype(name: Any) -> "np.dtype[Any]":
    if name not in _DTYPES:
        raise ValueError("a bad dtype")
    return _DTYPES[name]


def _parse_handle(number: Any, type_name: Any, is_callable: Any) -> Handle:
    if type(number) is not int or not 0 <= number <= MAX_HANDLE or type(is_callable) is not bool:
        raise ValueError("a bad handle")
    if type(type_name) is not str or len(type_name) > MAX_TYPE_NAME or not is_unicode(type_name):
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
