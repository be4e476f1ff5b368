"""`grader test --watch`: what a saved file affects is run again, in a fork of a warm process."""

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from grader.cli import main
from grader.course import read_assignment
from grader.watching import affected_tasks

LONGEST = 60.0  # seconds to wait for a report, on the busiest machine
DOUBLED = "import numpy as np\n\ndef square(x): return 2 * x\n\ndef length(x): return 5.0\n"


class Watch:
    """A student's terminal in which `grader test --watch` runs."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader", "test", "--watch", str(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)

    def report(self):
        """Wait for the next report, which ends in a line about what comes next."""
        lines = []
        while not lines or not lines[-1].startswith(("Next:", "All of these")):
            lines.append(self._lines.get(timeout=LONGEST))
        return "".join(lines)


@pytest.fixture
def watch(tiny) -> Iterator[Watch]:
    """Give a watch over the tiny assignment."""
    watch = Watch(tiny)
    yield watch
    watch.process.kill()
    watch.process.wait()
    watch.process.stdout.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here: --watch was not tried")
def test_a_saved_file_is_answered(tiny, watch):
    """With the tests that it affects, the points of all, and nothing left of earlier runs."""
    assert "total      35 / 35" in watch.report()

    (tiny / "lengths.py").write_text(DOUBLED)
    report = watch.report()
    assert report.count("lengths.py was saved: square, length") == 1
    assert "squares differs from what is expected" in report
    assert "frame      10 / 10" in report

    (tiny / "lengths.py").write_text("import os\nos._exit(3)\n")
    assert "lengths.py was saved, but the code ended the whole process" in watch.report()

    (tiny / "lengths.py").write_text("def square(x):\n")
    assert "expected an indented block" in watch.report()

    path = tiny / "tests" / "test_frames.py"
    path.write_text(path.read_text() + "\n")
    assert "test_frames.py was saved: all tests" in watch.report()

    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(LONGEST) == 0


def test_a_file_affects_its_tasks_and_those_that_build_on_them(tiny):
    """And whatever is no student's file affects them all."""
    assignment = read_assignment(tiny)
    folder = assignment.folder
    assert affected_tasks(assignment, {folder / "lengths.py"}) == ("square", "length")
    assert affected_tasks(assignment, {folder / "frames.py"}) == ("frame",)
    assert affected_tasks(assignment, {folder / "frames.py", folder / "tests" / "x.py"}) == ()
    assert affected_tasks(assignment, {folder / "assignment.toml"}) == ()


def test_what_cannot_be_watched_says_so(tiny, capsys):
    """A report as JSON, or from the sandbox, is one report."""
    assert main(["test", "--watch", "--json", str(tiny)]) == 2
    assert "--watch goes with -k alone" in capsys.readouterr().err
