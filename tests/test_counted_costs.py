"""What each submission of a class costs, in things that can be counted.

Seconds depend on the machine. Forks, frames, bytes and files do not, and most of what
could make grading slow again would show in them. A class of one and a class of four are
graded under strace; what differs, divided by three, is a submission's.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks.overhead import count_calls
from benchmarks.peers.description import copies, numpy_exam
from benchmarks.peers.ours import Ours

STRACE = shutil.which("strace")
CALLS = "execve,clone,clone3,fork,vfork,openat,open,getdents64,sendto,kill"
LINE = re.compile(r"(?P<pid>\d+) +(?:<\.\.\. )?(?P<call>\w+)(?P<rest>.*)")
FRAME = re.compile(r'"DG\\1\\n')  # how a frame begins
ANSWERED = re.compile(r" = (\d+)$")

# All that a forked process opens: the streams, and what its limits and its one thread are read of.
# The last is listed, which takes two calls.
OPENED = {
    "/dev/null": 2,
    "/proc/loadavg": 1,
    "/proc/self/statm": 1,
    "/proc/self/task": 1,
    "a folder": 2,
}
BYTES = 270_000  # in frames; 200,000 are the arguments of 200 calls, which one test makes

pytestmark = pytest.mark.skipif(
    STRACE is None, reason="strace is not installed: no costs were counted"
)


@dataclass
class Costs:
    """What was counted in a run of `grader grade`."""

    forks: int = 0  # of the two fork servers
    frames: int = 0
    size: int = 0  # bytes in frames
    programs: int = 0  # that were started
    kills: int = 0  # by the two fork servers
    opened: Counter[str] = field(default_factory=Counter)  # by the forked processes


def read(trace: str) -> Costs:
    """Count what a trace holds."""
    costs, servers, forked = Costs(), set(), set()
    opened: list[tuple[str, str]] = []  # a child may do so before its parent knows its number
    for pid, call, rest in _lines(trace):
        if (answer := ANSWERED.search(rest)) is None:
            continue  # refused, or without effect
        if call == "execve":
            costs.programs += 1
            if "grader.sandbox.zygote" in rest or "grader.examiner" in rest:
                servers.add(pid)
        elif call in ("clone", "fork", "clone3", "vfork") and pid in servers:
            forked.add(answer[1])
        elif call == "kill" and pid in servers:
            costs.kills += 1
        elif call == "sendto" and FRAME.search(rest):
            costs.frames += 1
            costs.size += int(answer[1])
        elif call in ("openat", "open", "getdents64"):
            opened.append((pid, "a folder" if call == "getdents64" else rest.split('"')[1]))
    costs.forks = len(forked)
    costs.opened = Counter(path for pid, path in opened if pid in forked)
    return costs


def _lines(trace: str) -> Iterator[tuple[str, str, str]]:
    """Yield the process, the call and the rest of each line; a call in two parts is one."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        if (match := LINE.match(line)) is None:
            continue
        pid, call, rest = match["pid"], match["call"], match["rest"]
        if rest.endswith("<unfinished ...>"):
            begun[pid] = rest.removesuffix("<unfinished ...>")
            continue
        if " resumed>" in rest:
            rest = begun.pop(pid, "") + rest.partition(" resumed>")[2]
        yield pid, call, rest


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Costs, Costs]:
    """Grade a class of one, and one of four, all with right answers."""
    return _grade(tmp_path_factory.mktemp("one"), 1), _grade(tmp_path_factory.mktemp("four"), 4)


def _grade(folder: Path, students: int) -> Costs:
    exam = numpy_exam()
    Ours(at_once=1).build(exam, copies(exam.answers, students), folder)
    trace = folder / "trace"
    done = subprocess.run(
        [
            str(STRACE), "-f", "-qq", "-e", f"trace={CALLS}", "-e", "signal=none", "-s", "300",
            "-o", str(trace), sys.executable, "-m", "grader", "grade", exam.name,
            "class", "--out", "out", "--jobs", "1",
        ],
        cwd=folder, env=os.environ | {"PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "ptrace" in done.stderr.lower() or "PTRACE" in done.stderr:
        pytest.skip(f"strace may not trace here: no costs were counted ({done.stderr.strip()})")
    assert done.returncode == 0, done.stderr
    return read(trace.read_text("utf-8", "replace"))


def test_a_submission_costs_two_forks_and_no_program(runs):
    """One fork of the examiner and one of the zygote; programs are started once for the class."""
    one, four = runs
    assert four.forks - one.forks == 3 * 2
    assert four.programs == one.programs
    assert four.kills <= four.forks


def test_each_call_costs_two_frames(runs):
    """Beside these only the request, the attestation, the sources and the result are sent."""
    one, four = runs
    calls = count_calls(numpy_exam()).total()
    assert four.frames - one.frames == 3 * (2 * calls + 4)


def test_frames_hold_little_but_the_arguments(runs):
    """The names, numbers and punctuation of a frame stay short."""
    one, four = runs
    assert (four.size - one.size) / 3 < BYTES


def test_nothing_is_imported_read_or_looked_for(runs):
    """What a submission needs was loaded before the first one came."""
    one, four = runs
    more = four.opened - one.opened
    assert more == {path: 3 * count for path, count in OPENED.items()}
