"""Hand in the reference, the stub and every mutant, through the real grading path.

Each trial is a submission like a student's: the examiner forks for it, a sandboxed
worker runs it, and what comes back is a list of results.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from grader.authoring.systematic import Slip
from grader.classroom import TESTS
from grader.course import Assignment
from grader.results import Outcome, Result, Test, total
from grader.session import Session

REFERENCE: Final = "the reference"
STUB: Final = "the stub"
SHARE: Final = 1 / 3  # of its limits that the reference may use

Sources = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Run:
    """What one trial came to."""

    results: tuple[Result, ...]

    @property
    def score(self) -> float:
        """The points earned."""
        return total(result.score for result in self.results)

    @property
    def scores(self) -> dict[str, float]:
        """The points earned in each test."""
        return {result.test: result.score for result in self.results}

    @property
    def failed(self) -> frozenset[str]:
        """The tests that did not pass."""
        return frozenset(r.test for r in self.results if r.outcome is not Outcome.PASSED)

    @property
    def functions(self) -> frozenset[str]:
        """The test functions of which a case did not pass."""
        return frozenset(map(function_of, self.failed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All runs of one verification."""

    tests: tuple[Test, ...]
    tier: str
    weakness: str  # why the sandbox is no better
    authored: Mapping[str, list[Run]]  # reference, stub and authored mutants, under each seed
    again: Mapping[str, Run]  # the same with the first seed: one job, other orders
    systematic: tuple[tuple[Slip, Run], ...]
    lean: Run  # the reference with a share of the memory

    @property
    def reference(self) -> list[Run]:
        """The reference's runs, by seed."""
        return self.authored[REFERENCE]

    @property
    def stub(self) -> list[Run]:
        """The stub's runs, by seed."""
        return self.authored[STUB]


def function_of(test: str) -> str:
    """Return the name of the test function: what stands in `fails`."""
    return test.partition("::")[2].partition("[")[0]


def gather(
    assignment: Assignment,
    variants: Mapping[str, Sources],
    systematic: Sequence[Slip],
    *,
    seeds: Sequence[int],
    jobs: int,
    dataset: str,
    progress: Callable[[int, int], None],
) -> Evidence:
    """Run every trial of a verification.

    Parameters
    ----------
    variants : mapping of str to sources
        The reference, the stub and the authored mutants, by name.
    systematic : sequence of Slip
        Run once each.
    """
    number, trials = count(1), len(variants) * (len(seeds) + 1) + len(systematic) + 1
    solution, names = variants[REFERENCE], list(variants)

    def tick() -> None:
        progress(next(number), trials)

    with Session(assignment, tests=TESTS, dataset=dataset) as session:
        authored: dict[str, list[Run]] = {name: [] for name in names}
        for seed in seeds:
            runs = _run_all(session, variants.values(), tick, jobs=jobs, seed=seed)
            for name, run in zip(names, runs, strict=True):
                authored[name].append(run)
        again = _run_all(session, variants.values(), tick, jobs=1, seed=seeds[0], shuffled=True)
        edited = [slip.apply(solution) for slip in systematic]
        caught = _run_all(session, edited, tick, jobs=jobs, seed=seeds[0])
        tests, tier, weakness = session.tests, str(session.tier), session.explanation
    with Session(_with_less_memory(assignment), tests=TESTS, dataset=dataset) as session:
        [lean] = _run_all(session, [solution], tick, jobs=1, seed=seeds[0])
    return Evidence(
        tests=tests,
        tier=tier,
        weakness=weakness,
        authored=authored,
        again=dict(zip(names, again, strict=True)),
        systematic=tuple(zip(systematic, caught, strict=True)),
        lean=lean,
    )


def _with_less_memory(assignment: Assignment) -> Assignment:
    memory = max(1, int(assignment.limits.memory_mb * SHARE))
    return replace(assignment, limits=replace(assignment.limits, memory_mb=memory))


def _run_all(
    session: Session,
    submissions: Iterable[Sources],
    tick: Callable[[], None],
    *,
    jobs: int,
    seed: int,
    shuffled: bool = False,
) -> list[Run]:
    """Examine submissions side by side; return what they came to, in their order.

    `shuffled` gives each of them another order of the tests.
    """
    with ThreadPoolExecutor(jobs) as pool:
        futures = [
            pool.submit(session.examine, sources, seed=seed, order=number if shuffled else None)
            for number, sources in enumerate(submissions)
        ]
        try:
            for future in as_completed(futures):
                future.result()
                tick()
        except BaseException:  # Ctrl-C, or a fault of ours: stop what is still running
            pool.shutdown(wait=False, cancel_futures=True)
            session.close()
            raise
    return [Run(future.result()) for future in futures]
