"""What a grade costs beyond the student's own code, in parts that add up.

    python -m benchmarks.overhead [--students N] [--rounds N] [--json FILE]

Nothing is traced. The same class is graded by `grader grade` with a ladder of assignments,
each of which demands one thing more than the one before; what it costs more is that
thing's part. So the parts stay comparable, whatever changes within the grader.

A grade's cost is the slope between a class of one and a class of N, all right answers, in
processor time, of all processes together; the start of everything is what is left over.
It is measured without bubblewrap, since the system does not tell its processor time.
"""

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from benchmarks.peers.description import Exam, Example, copies, numpy_exam
from benchmarks.peers.ours import Ours, our_tests

NOTHING: Final = "\n\ndef nothing(x):\n    return x\n"
SHORT: Final = f'"""Nothing but this."""\n{NOTHING}'
REPEATS: Final = 50  # of the bare bodies


@dataclass(frozen=True, kw_only=True)
class Rung:
    """An assignment, and the part that it adds to the one before."""

    part: str
    exam: Exam
    source: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A line of the table, in seconds of processor time for each submission."""

    name: str
    seconds: float  # of this part
    so_far: float  # with all parts before
    spread: tuple[float, float]  # of the latter, over the rounds


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=60, metavar="N", help="default: 60")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="default: 3")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the parts there as well")
    options = parser.parse_args()
    if options.students < 2:
        parser.error("--students: a slope needs a class of two at least")
    exam = numpy_exam()
    calls = count_calls(exam)
    rungs = ladder(exam, calls)
    costs: list[list[float]] = [[] for _ in rungs]
    starts, bodies = [], []
    with tempfile.TemporaryDirectory(prefix="overhead-") as place:
        for number in range(options.rounds):
            bodies.append(bare(exam))
            for position, rung in enumerate(rungs):
                folder = Path(place, f"{number}-{position}")
                start, each = cost(rung, folder, options.students)
                costs[position].append(each)
            starts.append(start)  # of the last rung, the assignment itself
    parts = add_up(rungs, costs, bodies)
    print(show(parts, statistics.median(starts), options.students))
    if options.json:
        options.json.write_text(json.dumps(to_json(parts, starts), indent=1) + "\n", "utf-8")


def ladder(exam: Exam, calls: Counter[str]) -> list[Rung]:
    """Return the assignments, from a test that does nothing to the ten tests themselves."""
    whole = exam.answers + NOTHING
    names = [test.name for test in exam.tests]

    def calling(counts: dict[str, int]) -> Exam:
        return replace(exam, answers=whole, tests=_tests(dict.fromkeys(names, 0) | counts))

    empty, one_call, all_calls = calling({}), calling({names[0]: 1}), calling(dict(calls))
    return [
        Rung(
            part="read, fork, record and write, with one empty test",
            exam=replace(empty, tests=empty.tests[:1]), source=SHORT,
        ),
        Rung(part="nine empty tests more", exam=empty, source=SHORT),
        Rung(part="the source: searched for banned names and flags", exam=empty, source=whole),
        Rung(part="a worker: fork, confine, import, one call", exam=one_call, source=whole),
        Rung(
            part=f"{calls.total() - 1} calls more, with nothing to carry",
            exam=all_calls, source=whole,
        ),
        Rung(part="arrays to carry, and the bodies' start from cold", exam=exam, source=whole),
    ]  # fmt: skip


def _tests(calls: dict[str, int]) -> tuple[Example, ...]:
    """Return tests that call a function which does nothing, so many times each."""
    return tuple(_calling(name, count) for name, count in calls.items())


def _calling(name: str, count: int) -> Example:
    call = f"    for _ in range({count}):\n        student.layers.nothing(0)\n" if count else ""
    source = f'def {name}(student):\n    """Call something so many times."""\n{call}'
    return Example(name=name, task="nothing", title="", source=source, body="")


def cost(rung: Rung, folder: Path, students: int) -> tuple[float, float]:
    """Return the processor seconds of the start, and of each submission."""
    alone, all_of_them = (
        _processor_seconds(rung, folder / str(count), count) for count in (1, students)
    )
    each = (all_of_them - alone) / (students - 1)
    return alone - each, each


def _processor_seconds(rung: Rung, folder: Path, count: int) -> float:
    folder.mkdir(parents=True)
    hand_ins = copies(rung.source, count)
    built = Ours(at_once=1, bubblewrap=False).build(rung.exam, hand_ins, folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    built.run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if set(built.scores().values()) != {100.0}:
        raise SystemExit(f"{rung.part}: not everybody earned 100 points, which is a defect of ours")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def count_calls(exam: Exam) -> Counter[str]:
    """Count how often each test calls the student's functions."""
    counts: Counter[str] = Counter()
    for name, test in _functions(exam):

        def counted(function: Callable[..., Any], name: str = name) -> Callable[..., Any]:
            def call(*args: Any) -> Any:
                counts[name] += 1
                return function(*args)

            return call

        answers = vars(_answers(exam))
        layers = SimpleNamespace(**{task: counted(answers[task]) for task in exam.tasks})
        test(SimpleNamespace(layers=layers))
    return counts


def bare(exam: Exam) -> float:
    """Return the processor seconds of all test bodies, in this process, with nothing around."""
    student = SimpleNamespace(layers=_answers(exam))
    tests = [test for _, test in _functions(exam)]
    for test in tests:  # once, to be warm
        test(student)
    before = time.process_time()
    for _ in range(REPEATS):
        for test in tests:
            test(student)
    return (time.process_time() - before) / REPEATS


def _answers(exam: Exam) -> SimpleNamespace:
    names: dict[str, Any] = {}
    exec(exam.answers, names)  # noqa: S102 - our own answers, as a submission would hold them
    return SimpleNamespace(**{task: names[task] for task in exam.tasks})


def _functions(exam: Exam) -> Iterator[tuple[str, Callable[..., None]]]:
    names: dict[str, Any] = {}
    exec(our_tests(exam), names)  # noqa: S102 - our own tests, with our own checks
    return ((test.name, names[test.name]) for test in exam.tests)


def add_up(
    rungs: Sequence[Rung], costs: Sequence[Sequence[float]], bodies: Sequence[float]
) -> list[Part]:
    """Return the parts, whose sum is the cost of a grade.

    The bodies run as part of the last rung, in the worker and in the examiner. They are
    taken out of it, and come last.
    """
    reached = [statistics.median(each) for each in costs]
    body = statistics.median(bodies)
    spreads = [(min(each), max(each)) for each in costs]
    reached.insert(-1, reached[-1] - body)
    spreads.insert(-1, (spreads[-1][0] - body, spreads[-1][1] - body))
    names = [*(rung.part for rung in rungs), "the bare bodies of the tests"]
    before = [0.0, *reached]
    return [
        Part(name=name, seconds=now - earlier, so_far=now, spread=spread)
        for name, now, earlier, spread in zip(names, reached, before, spreads, strict=False)
    ]


def show(parts: Sequence[Part], start: float, students: int) -> str:
    """Return the table."""
    lines = [f"{'ms of processor time for each submission':<52} {'part':>6}   so far (min–max)"]
    for part in parts:
        low, high = part.spread
        reached = f"{1000 * part.so_far:6.1f} ({1000 * low:.1f}–{1000 * high:.1f})"
        lines.append(f"{part.name:<52} {1000 * part.seconds:6.1f}   {reached}")
    beyond = 1000 * (parts[-1].so_far - parts[-1].seconds)
    lines += [
        f"\nbeyond the bare bodies: {beyond:.1f} ms",
        f"and the start of everything: {1000 * start:.0f} ms,"
        f" which is {1000 * start / students:.1f} for each of {students}",
    ]
    return "\n".join(lines)


def to_json(parts: Sequence[Part], starts: Sequence[float]) -> dict[str, Any]:
    """Return it for a comparison with another version."""
    return {
        "schema": "deltagrade/overhead/v1",
        "start_seconds": statistics.median(starts),
        "parts": [
            {"name": part.name, "seconds": part.seconds, "so_far": part.so_far,
             "spread": list(part.spread)}
            for part in parts
        ],
    }  # fmt: skip


if __name__ == "__main__":
    main()
