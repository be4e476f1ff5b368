"""The readers that face a submission directly: of frames, of archives, and of notebooks."""

import gzip
import io
import json
import random
import socket
import tarfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from grader import decoder, protocol
from grader.codec import encode
from grader.crossing import Handle
from grader.errors import ClosedError, DeadlineError, ProtocolError, SubmissionRejectedError
from grader.protocol import Channel
from grader.submissions import archive, definitions, magics, members, notebook, statements
from grader.submissions.archive import MAX_INFLATED, read_archive
from grader.submissions.definitions import Gathered, gather
from tests.hostile.mutation import framed, graft, mutate, reframe

_DEADLINE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads bytes, and the errors that it may raise."""

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    most_bytes: int  # that may be allocated for one input
    modules: frozenset[str]  # the files whose lines guide the search
    mutate: Callable[[bytes, bytes, random.Random], bytes]


class Everything:
    """Handles of nothing, which accept every number."""

    def hand_out(self, value: object) -> Handle:
        """Give every object the same number."""
        return Handle(1, type(value).__name__)

    def resolve(self, handle: Handle) -> object:
        """Take a handle for what it is."""
        return handle


def frames() -> Reader:
    """Give the reader of frames: the grader's end of a connection."""
    rng = np.random.default_rng(0)
    values = [
        None, True, -7, 1 << 900, 0.5, float("nan"), 1 + 2j, "text", "", b"bytes", [1, [2, [3]]],
        (1, "a"), {"id": "0" * 16, "value": [1.5, None]}, {1: 2, None: True}, rng,
        np.arange(6.0).reshape(2, 3), np.asfortranarray(np.ones((3, 2), np.float32)),
        np.zeros((2, 4))[:, ::2], np.array([True, False]), np.zeros((0, 3)), np.int64(3),
        np.float16(2), np.array(5), {"raised": {"type": "E", "message": "m", "place": ""}},
        {"id": "0" * 16, "callback": 0, "args": [np.ones(3)]}, object(), [object(), 1],
    ]  # fmt: skip
    return Reader(
        name="frames",
        seeds=tuple(frame(value) for value in values),
        read=_receive,
        errors=(ProtocolError, ClosedError, DeadlineError),
        most_bytes=16 << 20,
        modules=frozenset({decoder.__file__, protocol.__file__}),
        mutate=_mutate_frame,
    )


def frame(value: object) -> bytes:
    """Return the frame of a value; what is no data crosses as a handle."""
    header, buffers = encode(value, Everything())
    return framed(header, b"".join(buffers))


def _mutate_frame(data: bytes, other: bytes, rng: random.Random) -> bytes:
    chance = rng.random()
    if chance < 0.6:
        return graft(data, other, rng)
    mutated = mutate(data, other, rng)
    return reframe(mutated) if chance < 0.9 else mutated


def _receive(data: bytes) -> object:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        channel = Channel(ours)
        channel.handles = Everything()
        return channel.receive(time.monotonic() + _DEADLINE)


def archives(kind: str, folder: Path) -> Reader:
    """Give the reader of "zip" or "tar.gz"; tars are mutated before they are compressed."""
    path = folder / f"fuzzed.{kind}"

    def read(data: bytes) -> object:
        path.write_bytes(data if kind == "zip" else gzip.compress(data, 1))
        return read_archive(path, ("answers.py", "kit.py"))

    return Reader(
        name=kind,
        seeds=_zips() if kind == "zip" else _tars(),
        read=read,
        errors=(SubmissionRejectedError,),
        most_bytes=2 * MAX_INFLATED,
        modules=frozenset({archive.__file__, members.__file__, tarfile.__file__, zipfile.__file__}),
        mutate=mutate,
    )


def notebooks() -> Reader:
    """Give the reader of notebooks, with what makes files of their cells."""
    readers = (notebook, definitions, statements, magics)
    return Reader(
        name="notebook",
        seeds=_notebooks(),
        read=_gather,
        errors=(SubmissionRejectedError,),
        most_bytes=64 << 20,
        modules=frozenset(module.__file__ for module in readers),
        mutate=mutate,
    )


def _gather(data: bytes) -> Gathered:
    cells = notebook.read_cells("fuzzed.ipynb", data)
    return gather(cells, {"answers.py": ["double"], "kit.py": ["Kit", "halve"]})


def _notebooks() -> tuple[bytes, ...]:
    cells = (
        "import numpy as np\nfrom math import *\nfrom __future__ import annotations",
        "%matplotlib inline\n!ls\nx = !date\nnp.pad?\nfactor: int = 2",
        "%%time\ndef double(x):\n    return factor * x",
        "%%bash\nrm -r .",
        "class Kit(dict):\n    size = [factor for _ in range(3)]\nKit.more = lambda s: halve(s)",
        "try:\n    import torch\nexcept ImportError:\n    torch = None\nfactor, (y, *z) = 3, (4,)",
        "def halve(x, by=factor):\n    global y\n    y = (w := x) / by\n    return y\nhalve(1)",
    )
    each = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in cells]
    lines = [{"cell_type": "code", "source": text.splitlines(keepends=True)} for text in cells]
    words = {"cell_type": "markdown", "source": "# words"}
    made = [[one] for one in each] + [[*each, words], lines]
    return tuple(json.dumps({"nbformat": 4, "cells": some}).encode() for some in made)


def _zips() -> tuple[bytes, ...]:
    made = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA):
        for folder in ("", "a1/"):
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w", method) as file:
                file.writestr(f"{folder}answers.py", b"x = 1\n" * 20)
                file.writestr(f"{folder}kit.py", b"")
                file.writestr("__MACOSX/._x", b"junk")
            made.append(stream.getvalue())
    return tuple(made)


def _tars() -> tuple[bytes, ...]:
    made = []
    for style in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=style) as file:
            for name in ("answers.py", "kit.py", "long" * (20 if style else 10)):
                info = tarfile.TarInfo(name)
                info.size = 100
                file.addfile(info, io.BytesIO(b"x" * 100))
        made.append(stream.getvalue()[:6144])
    return tuple(made)
