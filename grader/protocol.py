"""Data-only frames over a socket.

A frame is `magic | u32 header length | u64 body length | header | body`. The
header is JSON made of nulls, booleans, integers, strings and arrays only; an
array's first element says what it stands for. The body holds the raw bytes of
arrays, in the order in which the header mentions them. There is no pickle and
no name that could be looked up, so a frame can describe values and nothing else.

Trust: frames from a worker are written by a student's process. The decoder
accepts exact types, bounded sizes and little-endian buffers of the announced
length; anything else is a `ProtocolError`. Memory grows with the bytes that
arrive, never with a length that was merely announced.
"""

import json
import math
import select
import socket
import struct
import time
from collections.abc import Iterable
from typing import Any, Final, NoReturn

import numpy as np

from grader.errors import ClosedError, DeadlineError, ProtocolError

MAX_HEADER: Final = 256 * 1024
MAX_BODY: Final = 64 * 1024 * 1024
MAX_TEXT: Final = 64 * 1024
MAX_DEPTH: Final = 32
MAX_DIMENSIONS: Final = 8
MAX_INTEGER_BITS: Final = 1024
DTYPES: Final = frozenset(
    "|b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split()  # fmt: skip
)

_PREFIX: Final = struct.Struct("<4sIQ")
_MAGIC: Final = b"DG\x01\n"
_MAX_DIGITS: Final = len(str(2**MAX_INTEGER_BITS)) + 1
_CHUNK: Final = 1024 * 1024


class NotDataError(TypeError):
    """A value that cannot cross the process boundary; the message names its type."""


def encode(value: object) -> bytes:
    """Write `value` as one frame.

    Raises
    ------
    NotDataError
        If `value` holds anything but None, bool, int, float, complex, str,
        bytes, list, tuple, dict with scalar keys, ndarray or numpy scalar, each
        of exactly that type, or if it is too large.
    """
    buffers: list[bytes] = []
    header = json.dumps(_describe(value, buffers, 0), separators=(",", ":")).encode("ascii")
    size = sum(map(len, buffers))
    if len(header) > MAX_HEADER or size > MAX_BODY:
        raise NotDataError(f"a value of {len(header) + size:,} bytes is too large to hand over")
    return b"".join([_PREFIX.pack(_MAGIC, len(header), size), header, *buffers])


def decode(header: bytes, body: bytes) -> Any:
    """Read the value that a frame's header and body describe.

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


class Channel:
    """One end of a conversation in frames."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    def send(self, value: object, deadline: float | None = None) -> None:
        """Send one frame, by the absolute `time.monotonic()` deadline.

        Raises
        ------
        NotDataError
            Before a byte is written, if `value` is not plain data.
        DeadlineError, ClosedError
            If the other end does not read, or is gone.
        """
        frame = encode(value)
        try:
            self._socket.settimeout(_left(deadline))
            self._socket.sendall(frame)
        except TimeoutError:
            raise DeadlineError("the other end does not read") from None
        except OSError as error:
            raise ClosedError(str(error)) from None

    def receive(self, deadline: float | None = None) -> Any:
        """Wait for one whole frame, until the absolute `time.monotonic()` deadline.

        Raises
        ------
        DeadlineError, ClosedError, ProtocolError
            If none came in time, the other end is gone, or it was malformed.
        """
        magic, header_size, body_size = _PREFIX.unpack(self._exactly(_PREFIX.size, deadline))
        if magic != _MAGIC or header_size > MAX_HEADER or body_size > MAX_BODY:
            raise ProtocolError("a malformed frame: wrong start")
        header = self._exactly(header_size, deadline)
        return decode(header, self._exactly(body_size, deadline))

    def pending(self) -> bool:
        """Whether something has arrived (or the other end is gone) that nobody asked for."""
        try:
            return bool(wait_readable([self._socket], deadline=0.0))
        except DeadlineError:
            return False

    def fileno(self) -> int:
        """Return the descriptor, for polling."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _exactly(self, size: int, deadline: float | None) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            wait_readable([self._socket], deadline)
            try:
                part = self._socket.recv(min(size - len(parts), _CHUNK))
            except OSError as error:
                raise ClosedError(str(error)) from None
            if not part:
                raise ClosedError("the connection was closed")
            parts += part
        return bytes(parts)


def wait_readable(files: Iterable[Any], deadline: float | None) -> list[Any]:
    """Return the files that can be read; raise `DeadlineError` if none can in time."""
    poller = select.poll()
    by_descriptor = {file.fileno(): file for file in files}
    for descriptor in by_descriptor:
        poller.register(descriptor, select.POLLIN)
    left = _left(deadline)
    ready = poller.poll(None if left is None else left * 1000)
    if not ready:
        raise DeadlineError("no answer in time")
    return [by_descriptor[descriptor] for descriptor, _ in ready]


def _left(deadline: float | None) -> float | None:
    """Return the seconds until `deadline`, never quite 0: that would mean "do not block"."""
    return None if deadline is None else max(0.001, deadline - time.monotonic())


# ---------------------------------------------------------------- writing


def _describe(value: Any, buffers: list[bytes], depth: int) -> Any:  # noqa: C901, PLR0911
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
        buffers.append(value)
        return ["b", len(value)]
    if kind in (list, tuple):
        return ["l" if kind is list else "t", *(_describe(v, buffers, depth + 1) for v in value)]
    if kind is dict:
        return ["d", *(_pair(key, v, buffers, depth + 1) for key, v in value.items())]
    if kind is np.ndarray:
        return _array(value, buffers)
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


def _pair(key: Any, value: Any, buffers: list[bytes], depth: int) -> list[Any]:
    if type(key) not in (str, int, float, bool, type(None)):
        raise NotDataError(f"a dict with a key of type {_type_name(type(key))}")
    return [_describe(key, buffers, depth), _describe(value, buffers, depth)]


def _array(value: "np.ndarray[Any, Any]", buffers: list[bytes]) -> list[Any]:
    layout = "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "S"
    little = value.astype(_little_endian(value.dtype), copy=False)
    if little.ndim > MAX_DIMENSIONS:
        raise NotDataError(f"an array of {little.ndim} dimensions")
    buffers.append(little.tobytes("F" if layout == "F" else "C"))
    return ["a", little.dtype.str, layout, *little.shape]


def _scalar(value: "np.generic[Any]", buffers: list[bytes]) -> list[Any]:
    array = np.asarray(value)
    little = array.astype(_little_endian(array.dtype), copy=False)
    buffers.append(little.tobytes())
    return ["s", little.dtype.str]


def _little_endian(dtype: "np.dtype[Any]") -> "np.dtype[Any]":
    little = dtype.newbyteorder("<")
    if little.str not in DTYPES:
        raise NotDataError(f"an array of dtype {dtype}")
    return little


def _type_name(kind: type) -> str:
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


# ---------------------------------------------------------------- reading


class _Reader:
    """Builds values from header nodes, consuming the body in order."""

    def __init__(self, body: bytes) -> None:
        self._body = memoryview(body)
        self._at = 0

    @property
    def exhausted(self) -> bool:
        return self._at == len(self._body)

    def build(self, node: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        if type(node) is str:
            return self._checked_text(node)
        if type(node) is not list:
            return node  # None, bool or int: the JSON parser yields nothing else
        tag, *rest = node
        if type(tag) is not str or tag not in self._BUILDERS:
            raise ValueError("an unknown tag")
        return self._BUILDERS[tag](self, rest, depth + 1)

    def _list(self, rest: list[Any], depth: int) -> list[Any]:
        return [self.build(node, depth) for node in rest]

    def _tuple(self, rest: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self._list(rest, depth))

    def _dict(self, rest: list[Any], depth: int) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in rest:
            key = self.build(key_node, depth)
            if type(key) not in (str, int, float, bool, type(None)) or key in built:
                raise ValueError("a bad or repeated key")
            built[key] = self.build(value_node, depth)
        return built

    def _float(self, rest: list[Any], depth: int) -> float:
        (text,) = rest
        return _parse_float(text)

    def _complex(self, rest: list[Any], depth: int) -> complex:
        real, imaginary = rest
        return complex(_parse_float(real), _parse_float(imaginary))

    def _bytes(self, rest: list[Any], depth: int) -> bytes:
        (size,) = rest
        return bytes(self._take(size))

    def _array(self, rest: list[Any], depth: int) -> Any:
        dtype_name, layout, *shape = rest
        dtype = _parse_dtype(dtype_name)
        if len(shape) > MAX_DIMENSIONS or any(type(n) is not int or n < 0 for n in shape):
            raise ValueError("a bad shape")
        if layout not in ("C", "F", "S"):
            raise ValueError("a bad layout")
        flat = np.frombuffer(self._take(math.prod(shape) * dtype.itemsize), dtype)
        if layout == "S":
            return _spread(flat.reshape(shape))
        return flat.reshape(shape, order=layout).copy(order=layout)

    def _scalar(self, rest: list[Any], depth: int) -> Any:
        (dtype_name,) = rest
        dtype = _parse_dtype(dtype_name)
        return np.frombuffer(self._take(dtype.itemsize), dtype)[0]

    def _take(self, size: Any) -> memoryview:
        if type(size) is not int or not 0 <= size <= len(self._body) - self._at:
            raise ValueError("a buffer that is not there")
        self._at += size
        return self._body[self._at - size : self._at]

    @staticmethod
    def _checked_text(text: str) -> str:
        if len(text) > MAX_TEXT or not _is_unicode(text):
            raise ValueError("a bad string")
        return text

    _BUILDERS = {  # noqa: RUF012 - a dispatch table, never changed
        "l": _list, "t": _tuple, "d": _dict, "f": _float, "c": _complex,
        "b": _bytes, "a": _array, "s": _scalar,
    }  # fmt: skip


def _spread(values: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return a copy of `values` that is not contiguous, as the original was not."""
    *outer, last = values.shape
    strided = np.zeros((*outer, 2 * last), values.dtype)[..., ::2]
    strided[...] = values
    return strided


def _parse_int(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise ValueError("an integer with too many digits")
    return int(text)


def _parse_float(text: Any) -> float:
    if type(text) is not str or len(text) > 32:
        raise ValueError("a bad float")
    return float(text)


def _parse_dtype(name: Any) -> "np.dtype[Any]":
    if type(name) is not str or name not in DTYPES:
        raise ValueError("a bad dtype")
    return np.dtype(name)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(_: Any) -> NoReturn:
    raise ValueError("a construct that no frame has")
