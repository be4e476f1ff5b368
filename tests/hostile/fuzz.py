"""Fuzz what reads a stranger's bytes: `python -m tests.hostile.fuzz --seconds 60`.

What faces a submission directly is the decoder of frames and the readers of archives
and notebooks. Real frames, archives and notebooks are mutated, and each result is read under a
watch: nothing but the reader's own errors may come out, within bounded time and
memory. The search is guided by coverage: an input that reaches a new pair of lines
is kept and mutated further.

What is tried, found and spent is printed; the exit code is 1 if something was found.
"""

import argparse
import contextlib
import random
import sys
import tempfile
import time
import tracemalloc
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

from tests.hostile.readers import Reader, archives, frames, notebooks

MOST_SECONDS: Final = 2.0  # of the processor, for one input; a thousand times the usual
_TRACED: Final = 0.3  # of the inputs: watching the lines takes most of the time
_LONGEST_KEPT: Final = 8_000  # bytes of an input that is mutated further


@dataclass(slots=True)
class Findings:
    """What a run came to."""

    tried: int = 0
    paths: int = 0
    slowest: float = 0.0
    largest: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


class _Coverage:
    """Which pairs of lines of some files follow each other while an input is read."""

    def __init__(self, modules: frozenset[str]) -> None:
        self._modules = modules
        self._last = 0
        self.pairs: set[tuple[str, int, int]] = set()

    def __enter__(self) -> "_Coverage":
        self.pairs.clear()
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename not in self._modules:
            return None
        if event == "line":
            self.pairs.add((frame.f_code.co_filename, self._last, frame.f_lineno))
            self._last = frame.f_lineno
        return self._trace


def fuzz(reader: Reader, *, seconds: float, seed: int) -> Findings:
    """Mutate and read until the time is up."""
    rng = random.Random(seed)  # noqa: S311 - nothing secret is drawn
    findings, corpus, seen = Findings(), list(reader.seeds), set[tuple[str, int, int]]()
    coverage = _Coverage(reader.modules)
    began = time.monotonic()
    tracemalloc.start()
    while time.monotonic() - began < seconds:
        if findings.tried < len(reader.seeds):
            data = reader.seeds[findings.tried]
        else:
            data = reader.mutate(rng.choice(corpus), rng.choice(corpus), rng)
        with coverage if rng.random() < _TRACED else contextlib.nullcontext():
            _watch(reader, data, findings)
        findings.tried += 1
        if not coverage.pairs <= seen:
            seen |= coverage.pairs
            if len(data) <= _LONGEST_KEPT:
                corpus.append(data)
    tracemalloc.stop()
    findings.paths, findings.seconds = len(seen), time.monotonic() - began
    return findings


def _watch(reader: Reader, data: bytes, findings: Findings) -> None:
    """Read one input, and note what it may not do."""
    tracemalloc.reset_peak()
    before, began = tracemalloc.get_traced_memory()[0], time.process_time()
    try:
        reader.read(data)
    except reader.errors:
        pass
    except BaseException as error:  # anything else at all is a finding
        findings.problems.append(f"{type(error).__name__}: {error}\n  input: {data!r}")
    spent = time.process_time() - began
    taken = tracemalloc.get_traced_memory()[1] - before
    findings.slowest = max(findings.slowest, spent)
    findings.largest = max(findings.largest, taken)
    if spent > MOST_SECONDS or taken > reader.most_bytes:
        findings.problems.append(f"{spent:.1f} s, {taken:,} bytes\n  input: {data!r}")


def report(name: str, findings: Findings) -> str:
    """Say in a line what a run came to."""
    return (
        f"{name:<8} {findings.tried:>9,} tried  {len(findings.problems):>3} findings"
        f"  {findings.seconds:6.1f} s  {findings.paths:>5} pairs of lines"
        f"  slowest {findings.slowest * 1000:7.1f} ms  largest {findings.largest / 2**20:6.1f} MiB"
    )


def main(arguments: list[str] | None = None) -> int:
    """Fuzz each reader for a while, and print what came of it."""
    parser = argparse.ArgumentParser(description="Fuzz what reads a stranger's bytes.")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each reader")
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time")
    options = parser.parse_args(arguments)
    seed = random.SystemRandom().getrandbits(32) if options.seed is None else options.seed
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        kinds = ("zip", "tar.gz")
        readers = [frames(), *(archives(kind, Path(folder)) for kind in kinds), notebooks()]
        for reader in readers:
            findings = fuzz(reader, seconds=options.seconds, seed=seed)
            print(report(reader.name, findings), flush=True)
            for problem in findings.problems[:5]:
                print(f"  {problem[:2000]}")
            found += len(findings.problems)
    print(f"seed {seed}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
