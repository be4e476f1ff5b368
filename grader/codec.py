"""Values as data: what may cross the boundary between the grader and a student's code.

`encode` writes a value as a header and a body. The header is JSON made of nulls,
booleans, integers, strings and arrays only; an array's first element says what
it stands for. The body holds the raw bytes of arrays, in the order in which the
header mentions them. There is no pickle and no name that could be looked up: a
header can describe values and nothing else.

Trust: what `decode` reads may be written by a student's process. It accepts exact
types, bounded sizes and little-endian buffers of the announced length; anything
else is a `ProtocolError`.
"""

import json
import math
from typing import Any, Final, NoReturn

import numpy as np

from grader.errors import ProtocolError

MAX_TEXT: Final = 64 * 1024
MAX_DEPTH: Final = 32
MAX_DIMENSIONS: Final = 8
MAX_INTEGER_BITS: Final = 1024
DTYPES: Final = frozenset(
    "|b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split(" ")  # noqa: SIM905
)

_MAX_DIGITS: Final = len(str(2**MAX_INTEGER_BITS)) + 1
_SCALARS: Final = (str, int, float, bool, type(None))


class NotDataError(TypeError):
    """A value that cannot cross the process boundary; the message names its type."""


def encode(value: object) -> tuple[bytes, list[memoryview]]:
    """Return the header that describes `value`, and the buffers of its body.

    Raises
    ------
    NotDataError
        If `value` holds anything but None, bool, int, float, complex, str,
        bytes, list, tuple, dict with scalar keys, ndarray, numpy scalar or
        `numpy.random.Generator` (PCG64), each of exactly that type.
    """
    buffers: list[memoryview] = []
    header = json.dumps(_describe(value, buffers, 0), separators=(",", ":"))
    return header.encode("ascii"), buffers


def decode(header: bytes | bytearray, body: bytes | bytearray) -> Any:
    """Return the value that a header and a body describe.

    Raises
    ------
    ProtocolError
        If they are not exactly what `encode` writes.
    """
    try:
        node = json.loads(
            header.decode("ascii"),
            parse_int=_parse_int,
            parse_float=_refuse,
            parse_constant=_refuse,
            object_pairs_hook=_refuse,
        )
        reader = _Reader(body)
        value = reader.build(node, 0)
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError) as error:
        raise ProtocolError(f"a malformed frame: {error}") from None
    if not reader.exhausted:
        raise ProtocolError("a malformed frame: bytes are left over")
    return value


def _describe(value: Any, buffers: list[memoryview], depth: int) -> Any:  # noqa: C901, PLR0911
    """Return the header node of `value`; one line for each type is clearer than a table."""
    kind = type(value)
    if depth > MAX_DEPTH:
        raise NotDataError("a value nested too deeply")
    if value is None or kind is bool:
        return value
    if kind is int:
        return _whole(value)
    if kind is str:
        return _text(value)
    if kind is float:
        return ["f", repr(value)]
    if kind is complex:
        return ["c", repr(value.real), repr(value.imag)]
    if kind is bytes:
        buffers.append(memoryview(value))
        return ["b", len(value)]
    if kind in (list, tuple):
        return ["l" if kind is list else "t", *(_describe(v, buffers, depth + 1) for v in value)]
    if kind is dict:
        return ["d", *(_pair(key, v, buffers, depth + 1) for key, v in value.items())]
    if kind is np.ndarray:
        return _array(value, buffers)
    if kind.__name__ == "Generator" and kind is np.random.Generator:
        return _random_generator(value)
    if isinstance(value, np.generic) and kind.__module__ == "numpy":
        return _scalar(value, buffers)
    raise NotDataError(f"a value of type {_type_name(kind)}")


def _whole(value: int) -> int:
    if value.bit_length() > MAX_INTEGER_BITS:
        raise NotDataError(f"an int of {value.bit_length():,} bits")
    return value


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise NotDataError(f"a str of {len(value):,} characters")
    if not _is_unicode(value):
        raise NotDataError("a str that is not valid Unicode")
    return value


def _pair(key: Any, value: Any, buffers: list[memoryview], depth: int) -> list[Any]:
    if type(key) not in _SCALARS:
        raise NotDataError(f"a dict with a key of type {_type_name(type(key))}")
    return [_describe(key, buffers, depth), _describe(value, buffers, depth)]


def _array(value: "np.ndarray[Any, Any]", buffers: list[memoryview]) -> list[Any]:
    layout = "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "S"
    little = value.astype(_little_endian(value.dtype), copy=False)
    if little.ndim > MAX_DIMENSIONS:
        raise NotDataError(f"an array of {little.ndim} dimensions")
    flat = np.ravel(little, order="F" if layout == "F" else "C")
    buffers.append(flat.view(np.uint8).data if flat.size else memoryview(b""))
    return ["a", little.dtype.str, layout, *little.shape]


def _scalar(value: "np.generic[Any]", buffers: list[memoryview]) -> list[Any]:
    array = np.asarray(value)
    little = array.astype(_little_endian(array.dtype), copy=False)
    buffers.append(memoryview(little.tobytes()))
    return ["s", little.dtype.str]


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


class _Reader:
    """Builds values from header nodes, consuming the body in order."""

    def __init__(self, body: bytes | bytearray) -> None:
        self._body = memoryview(body)
        self._at = 0

    @property
    def exhausted(self) -> bool:
        return self._at == len(self._body)

    def build(self, node: Any, depth: int) -> Any:  # noqa: C901, PLR0911 - a line for each type
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        match node:
            case str():
                return _checked_text(node)
            case None | bool() | int():
                return node
            case ["f", str(text)]:
                return _parse_float(text)
            case ["c", str(real), str(imaginary)]:
                return complex(_parse_float(real), _parse_float(imaginary))
            case ["b", size]:
                return bytes(self._take(size))
            case ["l", *nodes]:
                return [self.build(each, depth + 1) for each in nodes]
            case ["t", *nodes]:
                return tuple([self.build(each, depth + 1) for each in nodes])
            case ["d", *pairs] if all(type(pair) is list for pair in pairs):
                return self._dict(pairs, depth + 1)
            case ["a", str(dtype), ("C" | "F" | "S") as layout, *shape]:
                return self._array(_parse_dtype(dtype), layout, shape)
            case ["s", str(dtype)]:
                kind = _parse_dtype(dtype)
                return np.frombuffer(self._take(kind.itemsize), kind)[0]
            case ["g", int(state), int(increment), int(has_uint32), int(uinteger)]:
                return _generator(state, increment, has_uint32, uinteger)
        raise ValueError("an unknown kind of value")

    def _dict(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in pairs:
            key = self.build(key_node, depth)
            if type(key) not in _SCALARS or key in built:
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
    return _whole(int(text))


def _parse_float(text: str) -> float:
    if len(text) > 32:
        raise ValueError("a bad float")
    return float(text)


def _parse_dtype(name: str) -> "np.dtype[Any]":
    if name not in DTYPES:
        raise ValueError("a bad dtype")
    return np.dtype(name)


def _checked_text(text: str) -> str:
    if len(text) > MAX_TEXT or not _is_unicode(text):
        raise ValueError("a bad string")
    return text


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(_: Any) -> NoReturn:
    raise ValueError("a construct that no frame has")
