"""What an instructor reads about a class, gathered for its pages.

A page quotes hidden tests and students' own words: it is for instructors.
"""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from grader.course import Assignment
from grader.cuda import CUDA_TIER
from grader.exports.texts import number, one_line, readable
from grader.misconceptions import Occurrence, count_misconceptions
from grader.pages import tallies
from grader.pages.charts import Histogram, Scatter, histogram, scatter
from grader.pages.parts import Message, take_apart
from grader.pages.words import facts, when
from grader.reports.terminal import remarks
from grader.results import Grade, Outcome, Status, reason_not_run, total

_SLOWEST: Final = 5
_MOST_GROUPS: Final = 20  # of equal wrong answers; an author names one after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One student in the table."""

    student: str
    href: str
    score: float
    share: float
    status: Status
    passed: int
    tests: int
    remarks: str
    flags: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Students who gave the same wrong answers."""

    task: str
    titles: tuple[str, ...]
    message: Message  # what one of them was told
    students: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPage:
    """All that the pages of a class say."""

    assignment: str
    title: str
    max_score: float
    count: int  # of the grades that are not broken
    scores: Mapping[str, str]  # mean, median, …
    distribution: Histogram
    shared_mistakes: tuple[Occurrence, ...]
    single_mistakes: tuple[Occurrence, ...]
    groups: tuple[Group, ...]
    tasks: tuple[tallies.Loss, ...]
    tests: tuple[tallies.Loss, ...]
    trainings: tuple[tuple[tallies.Training, Scatter], ...]
    review: tuple[Row, ...]  # rejected and broken
    flagged: tuple[Row, ...]
    unassigned: tuple[str, ...]
    slowest: tuple[Row, ...]
    rows: tuple[Row, ...]
    facts: Mapping[str, str]


def class_page(
    assignment: Assignment, grades: Sequence[Grade], unassigned: Sequence[str] = ()
) -> ClassPage:
    """Gather what the pages of a class say; there must be a grade."""
    sound = [grade for grade in grades if grade.status is not Status.BROKEN]
    rows = tuple(map(_row, grades))
    mistakes = count_misconceptions(sound)
    max_score = grades[0].max_score
    scores = [row.score for row in rows if row.status is not Status.BROKEN]
    return ClassPage(
        assignment=assignment.id,
        title=assignment.title,
        max_score=max_score,
        count=len(sound),
        scores=_scores(scores, max_score),
        distribution=histogram(tallies.distribution(scores, max_score)),
        shared_mistakes=tuple(each for each in mistakes if len(each.students) > 1),
        single_mistakes=tuple(each for each in mistakes if len(each.students) == 1),
        groups=tuple(map(_group, tallies.clusters(sound)[:_MOST_GROUPS])),
        tasks=tallies.lost_in_tasks(sound),
        tests=tallies.lost_in_tests(sound),
        trainings=tuple((each, scatter(each)) for each in tallies.trainings(sound)),
        review=tuple(row for row in rows if row.status is not Status.GRADED),
        flagged=tuple(row for row in rows if row.flags),
        unassigned=tuple(map(one_line, unassigned)),
        slowest=tuple(sorted(rows, key=lambda row: -row.seconds)[:_SLOWEST]),
        rows=rows,
        facts=_facts(grades),
    )


def by_score(page: ClassPage) -> ClassPage:
    """Put the students with the fewest points first: they may need help."""
    return replace(page, rows=tuple(sorted(page.rows, key=lambda row: (row.score, row.student))))


def _row(grade: Grade) -> Row:
    score = grade.final_score
    return Row(
        student=one_line(grade.student),
        href=f"feedback/{quote(grade.student)}.html",
        score=score,
        share=score / grade.max_score,
        status=grade.status,
        passed=sum(result.outcome == "passed" for result in grade.results),
        tests=sum(result.outcome is not Outcome.NOT_RUN for result in grade.results),
        remarks=one_line(remarks(grade)),
        flags=tuple(map(one_line, grade.flags)),
        seconds=total(result.seconds for result in grade.results),
    )


def _group(cluster: tallies.Cluster) -> Group:
    return Group(
        task=cluster.task,
        titles=cluster.titles,
        message=take_apart(readable(cluster.example)),
        students=cluster.students,
    )


def _scores(scores: Sequence[float], max_score: float) -> dict[str, str]:
    if not scores:
        return {}
    full = sum(score == max_score for score in scores)
    said = {"mean": statistics.fmean(scores), "median": statistics.median(scores)}
    if len(scores) >= 4:
        lower, _, upper = statistics.quantiles(scores, n=4, method="inclusive")
        said |= {"lower quartile": lower, "upper quartile": upper}
    return {
        **{word: number(round(score, 1)) for word, score in said.items()},
        "full marks": f"{full} of {len(scores)}",
    }


def _facts(grades: Sequence[Grade]) -> dict[str, str]:
    """Say how the grades were made, and how many were made how if they differ."""
    counts: dict[str, Counter[str]] = {}
    for grade in grades:
        for word, fact in facts(grade.environment).items():
            counts.setdefault(word, Counter())[fact] += 1
    said = {
        word: ", ".join(
            f"{fact} ({count})" if len(found) > 1 else fact for fact, count in found.most_common()
        )
        for word, found in counts.items()
    }
    if absent := reason_not_run(result for grade in grades for result in grade.results):
        said[CUDA_TIER] = absent
    return {"last graded": when(max(grade.graded_at for grade in grades)), **said}
