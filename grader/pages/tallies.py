"""What a class's grades say when they are looked at together.

Each function takes the grades and returns frozen values, the most useful first.
Grades that are broken are our fault and say nothing about a class: the caller
leaves them out.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from grader.results import Grade, Outcome, Result, Visibility

_BINS: Final = 10
_CLUSTER: Final = 3  # students; two may simply sit side by side


@dataclass(frozen=True, slots=True)
class Bin:
    """How many students have a score from `low` to `high`; the last bin has its end too."""

    low: float
    high: float
    students: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a class lost in one task or test."""

    name: str
    task: str
    hidden: bool
    points: float
    lost: float  # by the average student
    full: int  # students who lost nothing
    students: int

    @property
    def share(self) -> float:
        """The part of the points that the average student lost."""
        return self.lost / self.points if self.points else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Students who gave the same wrong answers, which no known mistake explains."""

    task: str
    titles: tuple[str, ...]  # of the tests
    example: str  # what one of them was told
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trained:
    """What one student's training reached."""

    student: str
    seconds: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The accuracies that a class reached in one test."""

    title: str
    task: str
    runs: tuple[Trained, ...]

    @property
    def accuracy(self) -> float:
        """The median accuracy."""
        return statistics.median(run.accuracy for run in self.runs)

    @property
    def seconds(self) -> float:
        """The median time."""
        return statistics.median(run.seconds for run in self.runs)


def distribution(scores: Iterable[float], max_score: float) -> tuple[Bin, ...]:
    """Count the students in ten ranges of points."""
    counts = [0] * _BINS
    for score in scores:
        counts[min(int(_BINS * score / max_score), _BINS - 1)] += 1
    width = max_score / _BINS
    return tuple(Bin(i * width, (i + 1) * width, count) for i, count in enumerate(counts))


def lost_in_tasks(grades: Sequence[Grade]) -> tuple[Loss, ...]:
    """Return what each task cost, the dearest first."""
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for grade in grades:
        for task in grade.tasks:
            scores[task.task].append((task.score, task.points))
    losses = [_loss(name, name, entries, hidden=False) for name, entries in scores.items()]
    return tuple(sorted(losses, key=lambda loss: -loss.lost))


def lost_in_tests(grades: Sequence[Grade]) -> tuple[Loss, ...]:
    """Return what each test cost, the dearest first; what cost nothing is left out."""
    losses = []
    for runs in _by_test(grades).values():
        _, test = runs[0]
        entries = [(result.score, result.points) for _, result in runs]
        hidden = test.visibility is Visibility.HIDDEN
        losses.append(_loss(test.title, test.task, entries, hidden=hidden))
    return tuple(sorted((loss for loss in losses if loss.lost), key=lambda loss: -loss.lost))


def clusters(grades: Sequence[Grade]) -> tuple[Cluster, ...]:
    """Return who gave the same wrong answers without showing a known mistake.

    Answers that the same students have in common are one cluster: it is likely one
    mistake, and one that an author may want to name.
    """
    alike: dict[tuple[str, str], list[tuple[str, Result]]] = defaultdict(list)
    for student, result in _results(grades):
        if _is_unexplained(result):
            alike[result.test, result.fingerprint].append((student, result))
    found: dict[tuple[str, tuple[str, ...]], list[Result]] = defaultdict(list)
    for runs in alike.values():
        if len(runs) >= _CLUSTER:
            students = tuple(sorted(student for student, _ in runs))
            found[runs[0][1].task, students].append(runs[0][1])
    order = sorted(found.items(), key=lambda entry: (-len(entry[0][1]), entry[0]))
    return tuple(
        Cluster(
            task=task,
            titles=tuple(result.title for result in results),
            example=results[0].feedback,
            students=students,
        )
        for (task, students), results in order
    )


def trainings(grades: Sequence[Grade]) -> tuple[Training, ...]:
    """Return the accuracy and the time of each student, for each test that measured any."""
    found = []
    for runs in _by_test(grades).values():
        trained = tuple(
            Trained(student, result.seconds, result.accuracy)
            for student, result in runs
            if result.accuracy is not None
        )
        if trained:
            _, test = runs[0]
            found.append(Training(title=test.title, task=test.task, runs=trained))
    return tuple(found)


def _is_unexplained(result: Result) -> bool:
    wrong = result.outcome is Outcome.FAILED and bool(result.fingerprint)
    return wrong and not result.misconception


def _results(grades: Iterable[Grade]) -> Iterable[tuple[str, Result]]:
    return ((grade.student, result) for grade in grades for result in grade.results)


def _by_test(grades: Iterable[Grade]) -> dict[str, list[tuple[str, Result]]]:
    tests: dict[str, list[tuple[str, Result]]] = defaultdict(list)
    for student, result in _results(grades):
        tests[result.test].append((student, result))
    return tests


def _loss(name: str, task: str, entries: Sequence[tuple[float, float]], *, hidden: bool) -> Loss:
    lost = [points - score for score, points in entries]
    return Loss(
        name=name,
        task=task,
        hidden=hidden,
        points=entries[0][1],
        lost=statistics.fmean(lost),
        full=sum(not each for each in lost),
        students=len(lost),
    )
