"""Change real frames and archives into ones that nobody would write."""

import copy
import json
import random
import re
from typing import Any, Final

LONGEST: Final = 60_000  # bytes of an input: it fits into a socket's buffer
NUMBERS: Final = (
    b"0", b"1", b"-1", b"2", b"7", b"9", b"255", b"65536", b"65537", b"2147483648", b"1e9",
    b"4294967296", b"18446744073709551616", b"99999999999999999999999999", b"true", b"null", b"NaN",
)  # fmt: skip
_LEAVES: Final = (
    None, True, -1, 0, 1 << 62, 1 << 1023, "", "C", "F", "S", "<f8", "|O", "nan", "1e999", [],
    ["a", "<f8", "S", 0, 1 << 62], ["a", "|b1", "F", 1, 2, 3], ["g", 1 << 127, 2, 1, 1 << 31],
    ["l"], ["d"],
    ["h", 5, "x", True], ["s", "<c16"], ["b", 3], ["f", "1_0"], ["c", "inf", "nan"], ["t", ["t"]],
)  # fmt: skip
_BYTES: Final = (b"\0", b"\xff", b"\x80", b"[", b"]", b'"', b",", b"{", b":", b"\\u0000", b"PK\3\4")


def mutate(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Change an input in a few places; `other` is one to take parts from."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at = rng.randrange(len(changed) + 1)
        end = min(len(changed), at + rng.choice((0, 1, 1, 2, 4, 8, 64)))
        match rng.randrange(6):
            case 0:
                changed[at:end] = rng.randbytes(end - at)
            case 1:
                changed[at:end] = rng.choice(_BYTES)
            case 2:
                del changed[at:end]
            case 3:
                changed[at:at] = changed[at:end] * rng.choice((1, 2, 100))
            case 4:
                begin = rng.randrange(len(other) + 1)
                changed[at:end] = other[begin : begin + rng.choice((4, 16, 128))]
            case 5:
                _renumber(changed, rng)
    return bytes(changed[:LONGEST])


def _renumber(data: bytearray, rng: random.Random) -> None:
    """Replace one of the numbers that are written in digits."""
    found = list(re.finditer(rb"\d+", data))
    if found:
        span = rng.choice(found).span()
        data[slice(*span)] = rng.choice(NUMBERS)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Return what a frame says is its header, and the rest."""
    size = int.from_bytes(data[4:8], "little")
    return data[16 : 16 + size], data[16 + size :]


def reframe(data: bytes) -> bytes:
    """Correct the lengths in a frame's start, so that what follows is read at all."""
    return framed(*_split(data))


def graft(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Put a part of another frame's header into this one's, whole nodes at a time."""
    (header, body), (foreign, more) = _split(data), _split(other)
    try:
        tree, scion = json.loads(header), json.loads(foreign)
    except (ValueError, RecursionError):
        return data
    for _ in range(rng.choice((1, 1, 2, 4))):
        new = copy.deepcopy(rng.choice((_part(scion, rng), _part(tree, rng), *_LEAVES)))
        holder, place = _place(tree, rng)
        if holder is None:
            tree = new
        else:
            holder[place] = new
    return framed(json.dumps(tree).encode(), rng.choice((body, body + more, more)))[:LONGEST]


def _part(tree: Any, rng: random.Random) -> Any:
    holder, place = _place(tree, rng)
    return tree if holder is None else holder[place]


def _place(tree: Any, rng: random.Random) -> tuple[Any, Any]:
    """Choose a node; return what holds it, and where. The root is held by nothing."""
    holder, place, node = None, None, tree
    while isinstance(node, list) and node and rng.random() < 0.8:
        holder, place = node, rng.randrange(len(node))
        node = holder[place]
    return holder, place


def framed(header: bytes, body: bytes) -> bytes:
    """Return a frame with a true start."""
    start = len(header).to_bytes(4, "little") + len(body).to_bytes(8, "little")
    return b"DG\x01\n" + start + header + body
