"""pytest with xdist over the whole class: one run, in which submissions share processes.

Nothing keeps one submission from another's memory, or from ending or holding up the run.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.peers import written
from benchmarks.peers.description import Exam, Submission
from benchmarks.peers.processes import ENDED, PYTEST, passed
from benchmarks.peers.running import LIMIT_SECONDS, Built, Peer, Scores, command


@dataclass(frozen=True, kw_only=True)
class Together(Peer):
    """One run of pytest for the class."""

    name: str = "xdist"
    title: str = "pytest with xdist, the class in one run"
    modules: tuple[str, ...] = ("pytest", "xdist")

    def build(self, exam: Exam, students: Mapping[str, Submission], folder: Path) -> Built:
        """Write one file of tests, and a folder for each student."""
        (folder / "test_class.py").write_text(written.class_tests(exam), "utf-8")
        for student, submission in students.items():
            own = folder / "class" / student
            own.mkdir(parents=True)
            (own / "layers.py").write_text(submission.source, "utf-8")
        xdist = ("-p", "xdist.plugin", "-n", str(self.at_once))
        words = (*PYTEST, *xdist, "--junitxml=report.xml", "test_class.py")
        # Each submission may take as long as one that has a process of its own.
        seconds = LIMIT_SECONDS + len(students)
        return Built(
            run=lambda: _run(words, folder, seconds),
            scores=partial(_scores, folder / "report.xml", list(students), exam.points),
        )


def _run(words: Sequence[str], folder: Path, seconds: float) -> None:
    command(*words, folder=folder, seconds=seconds, accepted=ENDED)


def _scores(report: Path, students: Sequence[str], points: float) -> Scores:
    if not report.exists():  # it was stopped, and with it all that it knew
        return {}
    right = Counter(name.partition("[")[2].removesuffix("]") for name in passed(report))
    return {student: points * right[student] for student in students}
