"""Whether the ten-thousandth submission costs what the hundredth does.

    python -m benchmarks.ten_thousand [--students N] [--jobs N]

A class of N copies of a right answer to the benchmark's NumPy assignment is graded once,
by `grader grade`, and watched. For each tenth of the class: how many were graded in a
second, and the most memory of all processes together, shared pages counted for each.
The last column compares both with the second tenth; the first has the start in it.
"""

import argparse
import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers.description import copies, numpy_exam
from benchmarks.peers.ours import Ours

PARTS = 10
PAUSE = 0.2  # seconds between two looks


def main() -> None:
    """Grade, watch, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=10_000, metavar="N")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ten-thousand-") as place:
        folder = Path(place)
        exam = numpy_exam()
        Ours(at_once=options.jobs).build(exam, copies(exam.answers, options.students), folder)
        looks, peak = [(0, 0.0, 0)], 0
        goals = [options.students * part // PARTS for part in range(1, PARTS + 1)]
        for graded, seconds, memory in watch(folder, options.jobs):
            peak = max(peak, memory)
            if goals and graded >= goals[0]:
                looks.append((graded, seconds, peak))
                goals, peak = [goal for goal in goals if goal > graded], 0
                print_part(looks)


def watch(folder: Path, jobs: int) -> Iterator[tuple[int, float, int]]:
    """Yield how many are graded, the seconds since the start, and the kilobytes in use."""
    command = ["grade", numpy_exam().name, "class", "--out", "out", "--jobs", str(jobs)]
    results = folder / "out" / "results"
    with subprocess.Popen(
        [sys.executable, "-m", "grader", *command],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as run:  # fmt: skip
        began = time.monotonic()
        while True:
            ended = run.poll() is not None
            graded = sum(1 for _ in results.glob("*.json")) if results.is_dir() else 0
            yield graded, time.monotonic() - began, kilobytes(run.pid)
            if ended:
                break
            time.sleep(PAUSE)
    if run.returncode:
        raise SystemExit(f"`grader grade` ended with {run.returncode}")


def kilobytes(process: int) -> int:
    """Return the resident memory of a process and of all that it started."""
    memory = {}
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            pages = int((folder / "statm").read_text().split()[1])
        except OSError:
            continue  # it has just ended
        parents[int(folder.name)], memory[int(folder.name)] = int(fields[1]), 4 * pages
    return sum(size for pid, size in memory.items() if process in ancestry(pid, parents))


def ancestry(pid: int, parents: dict[int, int]) -> Iterator[int]:
    """Yield a process, who started it, and so on."""
    while pid:
        yield pid
        pid = parents.get(pid, 0)


def print_part(looks: list[tuple[int, float, int]]) -> None:
    """Print the last part, compared with the second."""
    rates = [
        (after[0] - before[0]) / (after[1] - before[1])
        for before, after in itertools.pairwise(looks)
    ]
    graded, _, memory = looks[-1]
    compared = ""
    if len(rates) > 2:
        compared = (
            f"   {rates[-1] / rates[1]:5.2f} × the rate, {memory / looks[2][2]:5.2f} × the memory"
        )
    print(
        f"{graded:7,} graded   {rates[-1]:6.1f} a second   {memory / 1024:7.0f} MB{compared}",
        flush=True,
    )


if __name__ == "__main__":
    main()
