"""Values as data: what crosses crosses unchanged, and nothing else crosses."""

import contextlib
import json
import math
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.codec import decode, encode
from grader.crossing import (
    DTYPES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_HANDLE,
    MAX_INTEGER_BITS,
    MAX_TEXT,
    MAX_TYPE_NAME,
    Handle,
    NotDataError,
)
from grader.errors import ProtocolError

LARGEST = 2**MAX_INTEGER_BITS - 1


def carry(value: object) -> Any:
    """Return `value` as it arrives at the other end."""
    header, buffers = encode(value)
    return decode(header, b"".join(buffers))


def written(value: object) -> str:
    """Return a text that differs when type, value or any bit of an array differs."""
    if isinstance(value, np.ndarray | np.generic):
        return f"{type(value).__name__} {value.dtype.str} {value.shape} {value.tobytes().hex()}"
    if isinstance(value, np.random.Generator):
        return f"Generator {value.bit_generator.state}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({', '.join(map(written, value))})"
    if isinstance(value, dict):
        return f"dict({', '.join(f'{written(k)}: {written(v)}' for k, v in value.items())})"
    return repr(value)  # of an exact builtin type: 1, True, 1.0 and -0.0 are all written apart


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray:
    """Draw a C-contiguous array of any dtype that may cross, with any bits in it."""
    dtype = np.dtype(draw(st.sampled_from(sorted(DTYPES))))
    shape = draw(st.lists(st.integers(0, 3), max_size=4))
    size = math.prod(shape) * dtype.itemsize
    raw = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), np.uint8)
    return (raw & 1 if dtype.kind == "b" else raw).view(dtype).reshape(shape)


keys = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False)
    | st.text()
)
leaves = (
    keys
    | st.floats()
    | st.complex_numbers()
    | st.binary()
    | arrays()
    | arrays().filter(lambda a: a.size > 0).map(lambda a: a.reshape(-1)[0])
)
values = st.recursive(
    leaves,
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.lists(parts, max_size=4).map(tuple)
        | st.dictionaries(keys, parts, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(values)
@example([True, 1, 1.0, -0.0, math.nan, math.inf, -math.inf, complex(-0.0, math.nan)])
@example({True: "a", "True": "b", None: "c", 2.5: "d", -LARGEST: {}})
@example((np.float64(-0.0), np.int8(-1), np.bool_(1), np.array(1), np.zeros((0, 3))))
@example(["\N{GREEK SMALL LETTER PI} \x00 \U0001f600", b"\x00\xff", [], (), {}])
def test_every_kind_of_value_arrives_as_it_was(value):
    """A value of a kind that may cross arrives with its types and its bits."""
    assert written(carry(value)) == written(value)


@pytest.mark.parametrize("halved", [False, True], ids=["whole", "half-used"])
def test_a_random_generator_goes_on_drawing_where_it_was(halved):
    """Both ends draw the same numbers, and each of its own generator."""
    rng = np.random.default_rng(7)
    if halved:
        rng.integers(0, 5, dtype=np.uint32)  # which leaves half of a draw for the next
    arrived = carry([rng])[0]
    assert arrived.integers(0, 2**32, 5, np.uint32).tolist() == (
        rng.integers(0, 2**32, 5, np.uint32).tolist()
    )
    assert arrived.standard_normal() == rng.standard_normal()


class MyArray(np.ndarray):
    """An array that could answer for itself."""


class MyStr(str):
    """A text that could answer for itself."""

    __slots__ = ()


class MyInt(int):
    """A number that could answer for itself."""


class MyFloat64(np.float64):
    """A scalar that could answer for itself."""


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (np.zeros(2).view(MyArray), "test_codec.MyArray"),
        (np.zeros((1, 1)).view(np.matrix), "numpy.matrix"),
        (np.ma.array([1.0], mask=[True]), "MaskedArray"),
        (MyStr("a"), "test_codec.MyStr"),
        (MyInt(1), "test_codec.MyInt"),
        (MyFloat64(1), "test_codec.MyFloat64"),
        (type("Truth", (int,), {"__module__": "builtins"})(1), "type Truth"),
        (np.array([1, None], dtype=object), "dtype object"),
        (np.array(["a"]), "dtype <U1"),
        (np.str_("a"), "dtype <U1"),
        (np.zeros(2, np.longdouble), f"dtype {np.dtype(np.longdouble)}"),
        (np.clongdouble(1), f"dtype {np.dtype(np.clongdouble)}"),
        (np.array(["2026-01-01"], "M8[D]"), "datetime64"),
        (np.timedelta64(1, "s"), "timedelta64"),
        (np.zeros(1, [("a", "f8")]), "dtype [('a', '<f8')]"),
        (np.void(b"ab"), "dtype |V2"),
        (np.random.Generator(np.random.MT19937(1)), "MT19937"),
        (np.random.RandomState(1), "RandomState"),
        (object(), "type object"),
        (len, "builtin_function_or_method"),
        (ValueError("a"), "type ValueError"),
        ({1, 2}, "type set"),
        (range(3), "type range"),
        (bytearray(b"a"), "type bytearray"),
        ({(1, 2): 3}, "a key of type tuple"),
        ({b"a": 3}, "a key of type bytes"),
        ({np.int64(1): 3}, "a key of type numpy.int64"),
        ({MyStr("a"): 3}, f"a key of type {__name__}.MyStr"),
        ("\ud800", "not valid Unicode"),
        ({"\udfff": 1}, "not valid Unicode"),
    ],
)
def test_only_exact_types_cross(value, named):
    """A subclass, an object or a strange dtype is refused by name, however deep it lies."""
    with pytest.raises(NotDataError) as refused:
        encode([({"a": value},)])
    assert named in str(refused.value)


@pytest.mark.skipif(not hasattr(np.dtypes, "StringDType"), reason="this NumPy has no StringDType")
def test_a_dtype_without_a_byte_order_is_refused_like_any_other():
    """NumPy's strings of any length, which have no byte order to change, are no data either."""
    with pytest.raises(NotDataError, match="StringDType"):
        encode(np.array(["a"], dtype=np.dtypes.StringDType()))


def nested(depth: int) -> list:
    value: list = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("largest", "too_large"),
    [
        (LARGEST, LARGEST + 1),
        (-LARGEST, -LARGEST - 1),
        ("x" * MAX_TEXT, "x" * (MAX_TEXT + 1)),
        ({"x" * MAX_TEXT: 1}, {"x" * (MAX_TEXT + 1): 1}),
        (np.zeros((1,) * MAX_DIMENSIONS), np.zeros((1,) * (MAX_DIMENSIONS + 1))),
        (nested(MAX_DEPTH), nested(MAX_DEPTH + 1)),
    ],
    ids=["integer", "negative", "text", "key", "dimensions", "depth"],
)
def test_sizes_end_where_they_are_said_to_end(largest, too_large):
    """The largest value that may cross does so, and the next one does not."""
    assert written(carry(largest)) == written(largest)
    with pytest.raises(NotDataError):
        encode(too_large)


def test_a_list_that_holds_itself_is_too_deep():
    """A value without end is refused like one that is nested too deeply."""
    value: list = []
    value.append(value)
    with pytest.raises(NotDataError, match="nested too deeply"):
        encode(value)


@pytest.mark.parametrize("make", [np.ascontiguousarray, np.asfortranarray], ids=["C", "F"])
def test_memory_order_is_kept(make):
    """An array arrives in the order in which it lay, so that code which depends on it shows."""
    array = make(np.arange(6.0).reshape(2, 3))
    arrived = carry(array)
    assert arrived.strides == array.strides
    assert np.array_equal(arrived, array)


@pytest.mark.parametrize(
    "view",
    [
        np.arange(24.0).reshape(4, 6)[:, ::2],
        np.arange(24.0).reshape(4, 6)[::-1],
        np.arange(24.0).reshape(2, 3, 4).transpose(1, 0, 2),
        np.broadcast_to(np.arange(3.0), (2, 3)),
        np.arange(6.0)[::3],
    ],
    ids=["every-second", "reversed", "transposed", "broadcast", "short"],
)
def test_an_array_that_is_not_contiguous_arrives_not_contiguous(view):
    """Code that only works on contiguous arrays meets one that is not."""
    arrived = carry(view)
    assert not arrived.flags.c_contiguous
    assert not arrived.flags.f_contiguous
    assert np.array_equal(arrived, view)


@pytest.mark.parametrize("view", [slice(None), slice(None, None, 2)], ids=["whole", "strided"])
def test_an_array_arrives_as_a_private_copy(view):
    """What arrived can be written to, and nothing else changes with it."""
    header, buffers = encode(np.arange(6.0)[view])
    body = b"".join(buffers)
    first, second = decode(header, body), decode(header, body)
    first += 1
    assert not np.shares_memory(first, second)
    assert np.array_equal(second, np.arange(6.0)[view])


@pytest.mark.parametrize("value", [np.arange(3, dtype=">i4"), np.arange(3, dtype=">i4")[1]])
def test_big_endian_numbers_arrive_little_endian(value):
    """The value is kept, not the order of its bytes."""
    arrived = carry(value)
    assert arrived.dtype.str == "<i4"
    assert np.array_equal(arrived, value)


def test_true_has_one_form():
    """A byte of 2 in a boolean array arrives as the byte that True is."""
    assert decode(b'["a","|b1","C",3]', b"\x00\x02\xff").tobytes() == b"\x00\x01\x01"
    assert decode(b'["s","|b1"]', b"\x02").tobytes() == b"\x01"


MALFORMED = {
    "nothing": b"",
    "no JSON": b"[",
    "two values": b"1 2",
    "an object": b"{}",
    "an object inside": b'["l",{"a":1}]',
    "a float": b"1.5",
    "an exponent": b"1e5",
    "NaN": b"NaN",
    "infinity inside": b'["l",-Infinity]',
    "not ASCII": '"é"'.encode(),
    "UTF-16": '"a"'.encode("utf-16"),
    "an empty array": b"[]",
    "an unknown tag": b'["x",1]',
    "a tag that is no text": b"[1,2]",
    "a tag that is a list": b'[["l"]]',
    "a lone surrogate": b'"\\ud800"',
    "a lone surrogate as a key": b'["d",["\\udfff",1]]',
    "a long text": b'"' + b"x" * (MAX_TEXT + 1) + b'"',
    "too many digits": b"9" * 400,
    "too many bits": b"%d" % (LARGEST + 1),
    "deep JSON": b"[" * 100_000,
    "deep lists": b'["l",' * (MAX_DEPTH + 1) + b"1" + b"]" * (MAX_DEPTH + 1),
    "deep tuples": b'["t",' * (MAX_DEPTH + 1) + b"1" + b"]" * (MAX_DEPTH + 1),
    "deep dicts": b'["d",[1,' * (MAX_DEPTH + 1) + b"1" + b"]]" * (MAX_DEPTH + 1),
    "a float of no text": b'["f",1]',
    "a float of words": b'["f","one"]',
    "a long float": b'["f","' + b"1" * 33 + b'"]',
    "a float and more": b'["f","1.0",2]',
    "half a complex": b'["c","1.0"]',
    "bytes of no size": b'["b"]',
    "bytes that are not there": b'["b",1]',
    "bytes of negative size": b'["b",-1]',
    "bytes of size true": b'["b",true]',
    "a repeated key": b'["d",["a",1],["a",2]]',
    "a key equal to another": b'["d",[1,1],[true,2]]',
    "a list as a key": b'["d",[["l"],1]]',
    "a key without a value": b'["d",["a"]]',
    "a pair that is a text": b'["d","ab"]',
    "a pair of three": b'["d",["a",1,2]]',
    "an object dtype": b'["a","|O","C",0]',
    "a text dtype": b'["a","<U0","C",0]',
    "a big-endian dtype": b'["a",">f8","C",0]',
    "a dtype by another name": b'["a","float64","C",0]',
    "an unknown layout": b'["a","<f8","K",0]',
    "a negative dimension": b'["a","<f8","C",-1,0]',
    "a dimension that is false": b'["a","|u1","C",false]',
    "a dimension that is a text": b'["a","|u1","C","0"]',
    "nine dimensions": b'["a","|u1","C",0,0,0,0,0,0,0,0,0]',
    "an array that is not there": b'["a","|u1","C",1]',
    "a scalar that is not there": b'["s","<f8"]',
    "a strided scalar": b'["a","<f8","S"]',
    "a scalar of an object": b'["s","|O"]',
    "a generator without a state": b'["g"]',
    "a generator of negative state": b'["g",-1,1,0,0]',
    "a generator of too large a state": b'["g",%d,1,0,0]' % 2**128,
    "a generator of too large a remainder": b'["g",1,1,0,%d]' % 2**80,
    "a generator of texts": b'["g","1","1",0,0]',
    "a huge array": b'["a","<f8","C",1000000000000]',
    "a shape whose product wraps": b'["a","<f8","C",4294967296,4294967296]',
    "a shape beyond all sizes": b'["a","<f8","C",0,%d]' % 10**300,
    "an empty array too large to be": b'["a","<f8","S",0,4611686018427387904,4]',
}


@pytest.mark.parametrize("header", MALFORMED.values(), ids=MALFORMED)
def test_what_encode_never_writes_is_refused(header):
    """A header that `encode` would not have written is a malformed frame."""
    with pytest.raises(ProtocolError, match="a malformed frame"):
        decode(header, b"")


@pytest.mark.parametrize(
    ("header", "body"),
    [(b"1", b"x"), (b'["b",1]', b"xy"), (b'["a","<i2","C",1]', b"123"), (b'["l"]', b"x")],
)
def test_bytes_left_over_are_refused(header, body):
    """A body that is longer than the values it holds is a malformed frame."""
    with pytest.raises(ProtocolError, match="left over"):
        decode(header, body)


def test_a_buffer_one_byte_short_is_refused():
    """An array is announced with exactly the bytes it has."""
    header, (buffer,) = encode(np.arange(3.0))
    with pytest.raises(ProtocolError, match="not there"):
        decode(header, buffer[:-1])


@pytest.mark.parametrize(
    "header", [b'["a","<f8","C",9999999999]', b'["a","<f8","S",99999,99999]', b'["b",9999999999]']
)
def test_no_memory_is_taken_for_what_was_only_announced(header):
    """A buffer that is not there costs nothing, however large it is said to be."""
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError):
            decode(header, b"")
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


class Numbers:
    """Handles that stand for themselves."""

    def hand_out(self, value: object) -> Handle:
        """Give an `Owned` its own number, and a handle back as it came."""
        if isinstance(value, Handle):
            return value
        if isinstance(value, Owned):
            return Handle(value.number, type(value).__name__, callable(value))
        raise NotDataError(f"a strange {type(value).__name__}")

    def resolve(self, handle: Handle) -> Handle:
        """Keep the handle."""
        return handle


class Owned:
    """An object that stays where it is."""

    def __init__(self, number: int) -> None:
        self.number = number


def test_an_object_crosses_as_a_handle():
    """It may lie as deep as data, and takes no place in the body."""
    header, buffers = encode([{"a": (Owned(3), np.zeros(1), Owned(MAX_HANDLE))}], Numbers())
    assert b'["h",3,"Owned",false]' in header
    arrived = decode(header, b"".join(buffers), Numbers())
    first, array, second = arrived[0]["a"]
    assert first == Handle(3, "Owned", is_callable=False)
    assert second.number == MAX_HANDLE
    assert array.tolist() == [0.0]


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({Owned(1): 2}, r"a key of type .*test_codec\.Owned"),
        ([object()], "a strange object"),
        ([np.array([Owned(1)], dtype=object)], "dtype object"),
        (nested(MAX_DEPTH + 1), "nested too deeply"),
    ],
)
def test_handles_make_nothing_else_cross(value, named):
    """Keys, arrays of objects and what nobody knows are refused as ever."""
    with pytest.raises(NotDataError, match=named):
        encode(value, Numbers())


def test_a_handle_is_refused_where_nobody_expects_one():
    """A connection on which no objects were agreed on carries data only."""
    header, _ = encode(Owned(1), Numbers())
    with pytest.raises(ProtocolError, match="an unknown kind of value"):
        decode(header, b"")


def test_the_name_of_a_type_is_cut():
    """However long it is, what crosses is short enough to be accepted."""
    header, _ = encode(Handle(1, "N" * 1000), Numbers())
    assert decode(header, b"", Numbers()).type_name == "N" * MAX_TYPE_NAME


MALFORMED_HANDLES = {
    "nothing": b'["h"]',
    "a number only": b'["h",1]',
    "no callable": b'["h",1,"N"]',
    "too many": b'["h",1,"N",true,1]',
    "negative": b'["h",-1,"N",true]',
    "too large": b'["h",%d,"N",true]' % (MAX_HANDLE + 1),
    "true": b'["h",true,"N",true]',
    "a text": b'["h","1","N",true]',
    "null": b'["h",null,"N",true]',
    "a list": b'["h",["l"],"N",true]',
    "no name": b'["h",1,null,true]',
    "a long name": b'["h",1,"%s",true]' % (b"N" * (MAX_TYPE_NAME + 1)),
    "a lone surrogate": b'["h",1,"\\ud800",true]',
    "callable by 1": b'["h",1,"N",1]',
    "a key": b'["d",[["h",1,"N",true],1]]',
}


@pytest.mark.parametrize("header", MALFORMED_HANDLES.values(), ids=MALFORMED_HANDLES)
def test_a_malformed_handle_is_refused(header):
    """A handle is a bounded number, a short text and a boolean, and no key."""
    with pytest.raises(ProtocolError, match="a malformed frame"):
        decode(header, b"", Numbers())


def assert_refused_or_data(header: bytes, body: bytes) -> None:
    """Decode a hostile frame: what comes back, if anything, is a value that may cross."""
    with contextlib.suppress(ProtocolError):
        value = decode(header, body)
        assert written(carry(value)) == written(value)
    with contextlib.suppress(ProtocolError):
        value = decode(header, body, Numbers())
        again, buffers = encode(value, Numbers())
        assert written(decode(again, b"".join(buffers), Numbers())) == written(value)


@st.composite
def mutated_frames(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Draw a frame with a few bytes of its header replaced, inserted or lost."""
    header, buffers = encode(draw(values))
    changed = bytearray(header)
    tokens = st.sampled_from(
        [b'"', b"[", b"]", b",", b"-", b"9", b"l", b"d", b"a", b"h", b"S", b"\\"]
    )
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(changed)))
        stop = start + draw(st.integers(0, 3))
        changed[start:stop] = draw(tokens | st.binary(max_size=2))
    body = b"".join(buffers)
    return bytes(changed), body[: draw(st.integers(0, len(body)))] + draw(st.binary(max_size=2))


@settings(deadline=None, max_examples=500)
@given(mutated_frames())
def test_a_damaged_frame_is_refused_or_still_data(frame):
    """Whatever a worker does to a frame, nothing but a ProtocolError or plain data comes of it."""
    assert_refused_or_data(*frame)


nodes = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([*"fcbltdasghCFS", *sorted(DTYPES), "nan", "1_0", "\ud800"]),
    lambda parts: st.lists(parts, max_size=5),
)


@settings(deadline=None, max_examples=300)
@given(nodes, st.binary(max_size=16))
def test_a_forged_header_is_refused_or_data(node, body):
    """The same holds for headers made of the right words in the wrong places."""
    assert_refused_or_data(json.dumps(node).encode(), body)
