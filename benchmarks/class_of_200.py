"""What grading costs beyond the student's own code.

    python benchmarks/class_of_200.py [--students N] [--jobs N]

Two measurements in one run, so that a noisy machine disturbs both alike:

1. a class of N made of the bundled example submissions, graded by the command
   `grader grade`, start-up included: wall time, and per submission;
2. N copies of the bundled perfect submission: the processor time of a grade, beside
   that of the bare test bodies, called one after the other in one warm process
   without pytest, sandbox or grader. The difference is the overhead.

Both without bubblewrap: of what ends in a process namespace of its own the system does
not tell the processor time.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
SUBMISSIONS = COURSE / "tests" / "submissions"
REFERENCE = COURSE / "reference" / "a1_convolution"
ROUNDS = 3

BARE = """
import sys, time
import pytest

class Bodies:
    seconds = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        result = yield  # once, to be warm
        names = pyfuncitem._fixtureinfo.argnames
        arguments = {name: pyfuncitem.funcargs[name] for name in names}
        before = time.process_time()
        for _ in range(20):
            pyfuncitem.obj(**arguments)
        self.seconds += (time.process_time() - before) / 20
        return result

bodies = Bodies()
folder = sys.argv[1]
code = pytest.main(
    ["-c", "/dev/null", f"--rootdir={folder}", "--import-mode=importlib", "-p", "no:terminal",
     "-p", "no:cacheprovider", f"{folder}/tests", f"{folder}/hidden_tests"],
    plugins=[bodies],
)
assert code == 0, code
print(bodies.seconds)
"""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=200, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        mixed = copies(place / "mixed", sorted(SUBMISSIONS.iterdir()), options.students)
        perfect = copies(place / "perfect", [SUBMISSIONS / "perfect"], options.students)
        wall, _ = graded(mixed, place / "out-mixed", options.jobs)
        rounds = [
            (
                bare(place / f"bare-{number}"),
                *reversed(graded(perfect, place / f"out-{number}", options.jobs)),
            )
            for number in range(ROUNDS)
        ]
    print(f"{options.students} submissions, {options.jobs} jobs, {os.cpu_count()} processors")
    print(f"mixed class   {wall:7.1f} s   {1000 * wall / options.students:6.0f} ms each")
    print("\nperfect submissions, each:   wall   processor   bare bodies   overhead   ratio")
    for bodies, processor, seconds in rounds:
        each = processor / options.students
        print(
            f"{1000 * seconds / options.students:30.0f} ms {1000 * each:8.1f} ms"
            f" {1000 * bodies:10.1f} ms {1000 * (each - bodies):7.1f} ms {each / bodies:7.1f}"
        )


def copies(folder: Path, originals: list[Path], count: int) -> Path:
    """Make a class of `count` out of a few submissions, each with a name of its own."""
    folder.mkdir()
    for number in range(count):
        original = originals[number % len(originals)]
        name = f"{number:04}-{original.name}"
        if original.is_dir():
            shutil.copytree(original, folder / name)
        else:
            shutil.copy(original, folder / name)
    return folder


def graded(submissions: Path, out: Path, jobs: int) -> tuple[float, float]:
    """Return the wall and the processor seconds of grading a class from nothing."""
    command = ["grade", "a1_convolution", submissions, "--out", out, "--jobs", jobs, "--json"]
    return measured(
        lambda: json.loads(
            subprocess.run(
                [sys.executable, "-m", "grader", *map(str, command)],
                cwd=COURSE, env=os.environ | {"PATH": ""}, capture_output=True, check=True,
            ).stdout
        )
    )  # fmt: skip


def bare(folder: Path) -> float:
    """Return the processor seconds of all test bodies, in a warm process, with nothing around."""
    shutil.copytree(REFERENCE, folder)
    for file in (SUBMISSIONS / "perfect").glob("*.py"):
        shutil.copy(file, folder)
    done = subprocess.run(
        [sys.executable, "-c", BARE, str(folder)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def measured(run: Callable[[], object]) -> tuple[float, float]:
    """Return the wall seconds, and the processor seconds of all processes that ended."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, processor


if __name__ == "__main__":
    main()
