"""Mutated frames, archives and notebooks: only the readers' own errors, in bounded time and memory.

Hypothesis looks for the smallest input that breaks a reader; `python -m
tests.hostile.fuzz` searches for longer, guided by what the readers' lines do.
"""

import random
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.codec import encode
from grader.crossing import SCALARS, Handle
from tests.hostile import fuzz
from tests.hostile.mutation import NUMBERS, graft, reframe
from tests.hostile.readers import Everything, Reader, archives, frame, frames, notebooks

EXACT = (*SCALARS, complex, bytes, list, tuple, dict, np.ndarray, np.random.Generator, Handle)

FRAMES = frames()
NOTEBOOKS = notebooks()
PLACES = st.floats(0, 1, exclude_max=True)
EDITS = st.lists(
    st.tuples(PLACES, st.integers(0, 9), st.binary(max_size=9) | st.sampled_from(NUMBERS)),
    min_size=1,
    max_size=5,
)


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Replace some bytes (how many, by what) at places given as shares of the whole."""
    for place, length, new in edits:
        at = int(place * (len(data) + 1))
        data = data[:at] + new + data[at + length :]
    return data


def read(reader: Reader, data: bytes) -> object:
    """Read within the reader's bounds; None if it raised what it may raise."""
    tracemalloc.start()
    try:
        return reader.read(data)
    except reader.errors:
        return None
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < reader.most_bytes


def parts(value: object) -> list[object]:
    """Return a value and all that it holds."""
    inner = [*value.keys(), *value.values()] if type(value) is dict else value
    held = inner if type(value) in (list, tuple, dict) else []
    return [value, *(part for each in held for part in parts(each))]


@settings(max_examples=300, deadline=None)
@given(seed=st.sampled_from(FRAMES.seeds), edits=EDITS, corrected=st.booleans())
def test_a_mutated_frame_is_data_or_a_protocol_error(seed, edits, corrected):
    """Whatever comes out is of an exact type, and is written again as it was read."""
    data = edited(seed, edits)
    value = read(FRAMES, reframe(data) if corrected and len(data) >= 16 else data)
    for part in parts(value):
        assert type(part) in EXACT or (isinstance(part, np.generic) and type(part) is not object)
    header, _ = encode(value, Everything())
    assert encode(read(FRAMES, frame(value)), Everything())[0] == header


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 40))
def test_frames_grafted_onto_each_other_are_data_or_protocol_errors(seed, size):
    """Nodes of one header in the place of nodes of another, one on top of the other."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
    data = rng.choice(FRAMES.seeds)
    for _ in range(size):
        data = graft(data, rng.choice(FRAMES.seeds), rng)
    read(FRAMES, data)


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_mutated_archive_is_read_or_rejected(tmp_path, kind, data):
    """The declared files are bytes within their cap, or the archive is rejected."""
    reader = archives(kind, tmp_path)
    seed = data.draw(st.sampled_from(reader.seeds))
    found = read(reader, edited(seed, data.draw(EDITS)))
    if found is not None:
        assert set(found.sources) <= {"answers.py", "kit.py"}
        assert all(type(content) is bytes for content in found.sources.values())
    assert [path.name for path in tmp_path.iterdir()] == [f"fuzzed.{kind}"]


@settings(max_examples=200, deadline=None)
@given(seed=st.sampled_from(NOTEBOOKS.seeds), edits=EDITS)
def test_a_mutated_notebook_is_taken_apart_or_rejected(seed, edits):
    """The assignment's files are bytes that Python can at least try to read."""
    found = read(NOTEBOOKS, edited(seed, edits))
    if found is not None:
        assert set(found.sources) == {"answers.py", "kit.py"}
        assert all(content.decode() for content in found.sources.values())


def test_the_long_search_reports_what_it_did(capsys):
    """A short run of it finds nothing, and says how much it tried."""
    assert fuzz.main(["--seconds", "1", "--seed", "7"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["frames", "zip", "tar.gz", "notebook", "seed"]
    assert all("0 findings" in line for line in lines[:4])


def test_the_long_search_finds_a_planted_defect():
    """A reader that raises something else, or takes too much, is a finding with its input."""

    def read(data: bytes) -> object:
        if b"nan" in data:
            raise KeyError("planted")
        return bytearray(1 << 20) if b"|O" in data else None

    planted = Reader(
        name="planted", seeds=FRAMES.seeds, read=read, errors=(ValueError,), most_bytes=1 << 16,
        modules=frozenset(), mutate=FRAMES.mutate,
    )  # fmt: skip
    problems = fuzz.fuzz(planted, seconds=1, seed=7).problems
    assert any(problem.startswith("KeyError: 'planted'\n  input: b'DG") for problem in problems)
    assert any("1,0" in problem and "bytes\n  input: b'DG" in problem for problem in problems)
