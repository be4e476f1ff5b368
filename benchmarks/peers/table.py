"""What the peers came to: a table of ratios with their spread, and the same as JSON."""

import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.peers.description import LOOPS, Exam
from benchmarks.peers.running import Measured, Run

SCHEMA = "deltagrade/peers/v1"


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of a few rounds, the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Summarise some values."""
        return cls(statistics.median(values), min(values), max(values))

    def show(self, digits: Callable[[float], str]) -> str:
        """Write `median (least–most)`."""
        return f"{digits(self.median)} ({digits(self.least)}–{digits(self.most)})"

    def to_json(self) -> dict[str, float]:
        """Return it for JSON."""
        return {"median": self.median, "least": self.least, "most": self.most}


def wall(measured: Measured) -> Spread:
    """Return the wall seconds of a submission."""
    return Spread.of([run.seconds / measured.students for run in measured.rounds])


def processor(measured: Measured) -> Spread:
    """Return the processor seconds of a submission."""
    return Spread.of([run.processor / measured.students for run in measured.rounds])


def ratio(measured: Measured, ours: Measured) -> Spread:
    """Return how many times as long as we a peer takes, round by round."""
    pairs = zip(measured.rounds, ours.rounds, strict=True)
    return Spread.of(
        [
            (theirs.seconds / measured.students) / (own.seconds / ours.students)
            for theirs, own in pairs
        ]
    )


def table(found: Sequence[Measured], students: int) -> str:
    """Return the table; the first peer is the one that all are compared with."""
    rows = [
        ["", "at once", "ms each (min–max)", "× ours (min–max)", "processor ms", "remarks"],
        *(_row(measured, found[0], students) for measured in found),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        first, *middle, last = row
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(middle, widths[1:-1], strict=True)]
        lines.append("  ".join([*cells, last]).rstrip())
    return "\n".join(lines)


def _row(measured: Measured, ours: Measured, students: int) -> list[str]:
    if measured.missing:
        return [measured.peer.title, "", "", "", "", f"not installed ({measured.missing})"]
    remarks = [measured.rounds[-1].remark]
    if measured.students < students:
        remarks.append(f"of {measured.students}")
    if measured.loop is not None:
        remarks.append(loop_remark(measured))
    return [
        measured.peer.title,
        str(measured.peer.at_once),
        wall(measured).show(lambda seconds: f"{1000 * seconds:.0f}"),
        ratio(measured, ours).show(lambda times: f"{times:.1f}" if times < 10 else f"{times:.0f}"),
        f"{1000 * processor(measured).median:.0f}",
        "; ".join(filter(None, remarks)),
    ]


def loop_remark(measured: Measured) -> str:
    """Say what the endless loop cost, in time and in points."""
    run = measured.loop
    if run is None:
        return ""
    cost = f"loop: {measured.loop_seconds:.1f} s more"
    lost = sum(score is None for score in run.scores.values())
    if lost == 0:
        return f"{cost}, {run.scores[LOOPS]:.0f} points"
    whose = "no points for it" if lost == 1 else "no points for anybody"
    return f"{cost}, stopped from outside, {whose}"


def to_json(
    exam: Exam, found: Sequence[Measured], *, students: int, jobs: int, complaints: Sequence[str]
) -> dict[str, Any]:
    """Return everything that was measured."""
    return {
        "schema": SCHEMA,
        "assignment": exam.name,
        "students": students,
        "jobs": jobs,
        "machine": machine(),
        "disagreements": list(complaints),
        "peers": [_peer_json(measured, found[0]) for measured in found],
    }


def _peer_json(measured: Measured, ours: Measured) -> dict[str, Any]:
    about = {"name": measured.peer.name, "title": measured.peer.title}
    if measured.missing:
        return {**about, "installed": False}
    return {
        **about,
        "installed": True,
        "submissions": measured.students,
        "at_once": measured.peer.at_once,
        "seconds_each": wall(measured).to_json(),
        "processor_seconds_each": processor(measured).to_json(),
        "times_ours": ratio(measured, ours).to_json(),
        "rounds": [_run_json(run) for run in measured.rounds],
        "loop": measured.loop and {
            **_run_json(measured.loop), "more_seconds": measured.loop_seconds,
        },
    }  # fmt: skip


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "seconds": run.seconds,
        "processor_seconds": run.processor,
        "remark": run.remark,
        "scores": dict(run.scores),
    }


def machine() -> str:
    """Say on what this was measured."""
    return (
        f"{os.cpu_count()} processors, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}"
    )
