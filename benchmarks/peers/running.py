"""Run commands, stop those that do not end, and let the peers grade in turn.

What is measured is the time from the first command of a peer to the end of its last, for
a whole class: the start of every process is part of it. Laying out the files before, and
reading the scores after, is not.
"""

import importlib.util
import os
import resource
import signal
import statistics
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.peers.description import LOOPS, Exam, Submission

LIMIT_SECONDS: Final = 30.0  # after which we stop a process whose grader has no limit of its own
PATIENT_SECONDS: Final = 1800.0  # for a command that grades a whole class and has limits

Scores = Mapping[str, float | None]  # None: nothing can be known of it


@dataclass(frozen=True, kw_only=True)
class Built:
    """A class laid out for one peer."""

    run: Callable[[], None]  # what is measured
    scores: Callable[[], Scores]
    remark: Callable[[], str] = str  # what there is to say of the run


@dataclass(frozen=True, kw_only=True)
class Peer(ABC):
    """A grader, and how it is run."""

    name: str  # on the command line
    title: str  # in the table
    modules: tuple[str, ...]  # without which it is not installed
    at_once: int  # submissions
    most: int | None = None  # on how many it is measured, where each takes it seconds

    @abstractmethod
    def build(self, exam: Exam, students: Mapping[str, Submission], folder: Path) -> Built:
        """Lay out the class."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One peer grading one class."""

    seconds: float
    processor: float  # seconds, of all processes
    scores: Scores
    remark: str


@dataclass(kw_only=True)
class Measured:
    """All that is known of one peer."""

    peer: Peer
    students: int
    missing: str = ""  # the module that is not installed
    rounds: list[Run] = field(default_factory=list)
    loop: Run | None = None  # with one endless loop more in the class

    @property
    def loop_seconds(self) -> float:
        """How much longer the class took with the endless loop in it."""
        if self.loop is None:
            raise ValueError(f"{self.peer.name} was not run with an endless loop")
        return self.loop.seconds - statistics.median(run.seconds for run in self.rounds)


def missing_module(peer: Peer) -> str:
    """Return the first module that a peer needs and this environment does not have."""
    return next((name for name in peer.modules if importlib.util.find_spec(name) is None), "")


def measure(
    exam: Exam,
    peers: Sequence[Peer],
    place: Path,
    *,
    students: int,
    rounds: int,
    loop: bool,
    progress: Callable[[str], None],
) -> list[Measured]:
    """Let the peers grade in turn, `rounds` times, and every second time backwards."""
    found = [
        Measured(
            peer=peer, students=min(students, peer.most or students), missing=missing_module(peer)
        )
        for peer in peers
    ]
    here = [measured for measured in found if not measured.missing]
    for measured in here:
        progress(f"warming up: {measured.peer.title}")
        _run(exam, measured.peer, exam.hand_in(1), place / f"warm-{measured.peer.name}")
    for number in range(rounds):
        for measured in here[:: -1 if number % 2 else 1]:
            progress(f"round {number + 1} of {rounds}: {measured.peer.title}")
            folder = place / f"{number}-{measured.peer.name}"
            hand_ins = exam.hand_in(measured.students)
            measured.rounds.append(_run(exam, measured.peer, hand_ins, folder))
    for measured in here if loop else ():
        progress(f"with an endless loop: {measured.peer.title}")
        hand_ins = exam.hand_in(measured.students, endless=True)
        measured.loop = _run(exam, measured.peer, hand_ins, place / f"loop-{measured.peer.name}")
    return found


def _run(exam: Exam, peer: Peer, hand_ins: Mapping[str, Submission], folder: Path) -> Run:
    folder.mkdir(parents=True)
    built = peer.build(exam, hand_ins, folder)
    began, before = time.perf_counter(), _processor_seconds()
    built.run()
    seconds, processor = time.perf_counter() - began, _processor_seconds() - before
    scores = built.scores()
    return Run(
        seconds=seconds,
        processor=processor,
        scores={student: scores.get(student) for student in hand_ins},
        remark=built.remark(),
    )


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def disagreements(exam: Exam, measured: Measured) -> Iterator[str]:
    """Say of which students a peer's score is not what it must be; of the loop nothing is asked."""
    for run in [*measured.rounds, *([measured.loop] if measured.loop else [])]:
        expected = exam.hand_in(measured.students, endless=run is measured.loop)
        for student, score in run.scores.items():
            lost_to_loop = run is measured.loop and score is None
            if student != LOOPS and not lost_to_loop and score != expected[student].score:
                yield (
                    f"{measured.peer.title} gives {student} {score},"
                    f" and must give {expected[student].score}"
                )


def each(run: Callable[[str], None], students: Sequence[str], *, at_once: int) -> None:
    """Run something for each student, several at a time."""
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, students))


def command(
    *words: str | Path,
    folder: Path,
    seconds: float = PATIENT_SECONDS,
    accepted: Sequence[int] = (0,),
    path: str | None = None,
) -> int | None:
    """Run Python with these words; return its exit code, or None if it had to be stopped.

    Parameters
    ----------
    folder : Path
        The working folder; what is printed is kept beside it, for when something fails.
    seconds : float
        When to stop it, with all that it has started.
    accepted : sequence of int
        The exit codes that mean that it did its work.
    path : str, optional
        Where it finds other programs; by default where we do, and this environment's.
    """
    log = folder / "printed.txt"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            cwd=folder, env=_environment(path), stdin=subprocess.DEVNULL,
            stdout=printed, stderr=printed, start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:  # it took too long, or we are to end ourselves
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if code not in accepted:
        said = log.read_text("utf-8", "replace")[-2000:]
        raise SystemExit(f"{' '.join(map(str, words))} in {folder} ended with {code}:\n{said}")
    return code


def _environment(path: str | None) -> dict[str, str]:
    """Return the same environment for all: one thread for each process, no stray plugins."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
    }
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {
        **inherited,
        **dict.fromkeys(threads, "1"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PATH": programs if path is None else path,
    }
