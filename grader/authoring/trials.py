"""Hand in the reference, the stub and every mutant, through the real grading path.

Each trial is a submission like a student's: the examiner forks for it, a sandboxed
worker runs it, and what comes back is a list of results.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Final

from grader.authoring.systematic import Slip
from grader.classroom import TESTS
from grader.course import Assignment
from grader.parallel import as_done
from grader.results import Result, Test, total
from grader.session import Session

REFERENCE: Final = "the reference"
STUB: Final = "the stub"
SHARE: Final = 1 / 3  # of its limits that the reference may use
SLOW: Final = 1 / 20  # of the time of all tests

Sources = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Trial:
    """A variant, the seed of its random numbers, and an order of the tests if not theirs."""

    sources: Sources
    seed: int
    order: int | None = None


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
    def complete(self) -> bool:
        """Whether no test cost points."""
        return all(result.score == result.points for result in self.results)

    @property
    def failed(self) -> frozenset[str]:
        """The tests that did not pass."""
        return frozenset(r.test for r in self.results if r.outcome.is_wrong)

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
    again: Mapping[str, Run]  # the same with the first seed: other orders, the first two alone
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
    meant: Mapping[str, Collection[str]],
    seeds: Sequence[int],
    jobs: int,
    dataset: str,
    progress: Callable[[int, int], None],
) -> Evidence:
    """Run every trial of a verification.

    Training takes nearly all of the time. So what is wrong is tried without the slow
    tests, unless it is meant for one of them, or nothing else catches it.

    Parameters
    ----------
    variants : mapping of str to sources
        The reference, the stub and the authored mutants, by name and in this order.
    systematic : sequence of Slip
        Each is tried once.
    meant : mapping of str to collection of str
        The test functions that should catch each authored mutant.
    """
    number, trials = count(1), len(variants) * (len(seeds) + 1) + len(systematic) + 1
    solution, right = variants[REFERENCE], (REFERENCE, STUB)

    def tick() -> None:
        progress(next(number), trials)

    def under(seed: int, names: Iterable[str]) -> dict[str, Trial]:
        return {name: Trial(variants[name], seed) for name in names}

    with Session(assignment, tests=TESTS, dataset=dataset) as session:
        runs = [_named(session, under(seed, right), tick, jobs=jobs) for seed in seeds]
        slow = _slow_functions(runs[0][REFERENCE])
        thorough = {name for name in meant if slow & set(meant[name])}
        alone = {n: replace(t, order=k) for k, (n, t) in enumerate(under(seeds[0], right).items())}
        again = _named(session, alone, tick, jobs=1)
        with Session(
            assignment, tests=TESTS, dataset=dataset, select=_without(slow, runs[0][REFERENCE])
        ) as quick:

            def judge(wrong: Mapping[str, Trial]) -> dict[str, Run]:
                nonlocal trials
                first = {name: trial for name, trial in wrong.items() if name not in thorough}
                found = _named(quick, first, tick, jobs=jobs)
                alive = [name for name, run in found.items() if run.complete]
                trials += len(alive)
                rest = {n: wrong[n] for n in wrong if n in thorough or n in alive}
                found |= _named(session, rest, tick, jobs=jobs)
                return {name: found[name] for name in wrong}

            for place, seed in enumerate(seeds):
                runs[place] |= judge(under(seed, meant))
            mixed = under(seeds[0], meant).items()
            again |= judge({n: replace(t, order=k) for k, (n, t) in enumerate(mixed, start=2)})
            edits = {str(n): Trial(s.apply(solution), seeds[0]) for n, s in enumerate(systematic)}
            edited = judge(edits)
        tests, tier, weakness = session.tests, str(session.tier), session.explanation
    with Session(_with_less_memory(assignment), tests=TESTS, dataset=dataset) as session:
        [lean] = run_all(session, [Trial(solution, seeds[0])], tick, jobs=1)
    return Evidence(
        tests=tests,
        tier=tier,
        weakness=weakness,
        authored={name: [run[name] for run in runs] for name in variants},
        again=again,
        systematic=tuple(zip(systematic, edited.values(), strict=True)),
        lean=lean,
    )


def _named(
    session: Session, trials: Mapping[str, Trial], tick: Callable[[], None], *, jobs: int
) -> dict[str, Run]:
    """Examine each; return their runs by their names."""
    return dict(zip(trials, run_all(session, trials.values(), tick, jobs=jobs), strict=True))


def run_all(
    session: Session,
    trials: Iterable[Trial],
    tick: Callable[[], None],
    *,
    jobs: int,
) -> list[Run]:
    """Examine each, side by side, call `tick` after each; return their runs in their order."""

    def examine(number: int, trial: Trial) -> tuple[int, Run]:
        results = session.examine(trial.sources, seed=trial.seed, order=trial.order)
        return number, Run(results)

    runs: dict[int, Run] = {}
    calls = (partial(examine, number, trial) for number, trial in enumerate(trials))
    for number, run in as_done(calls, jobs=jobs, abandon=session.close):
        runs[number] = run
        tick()
    return [runs[number] for number in sorted(runs)]


def _slow_functions(reference: Run) -> set[str]:
    """Return the test functions that take much of the time, as training does."""
    longest = SLOW * sum(result.seconds for result in reference.results)
    return {function_of(r.test) for r in reference.results if r.seconds > longest}


def _without(slow: Collection[str], reference: Run) -> str:
    """Return a `-k` expression for the other tests.

    It says nothing, which means all tests, if no test would be left.
    """
    functions = {function_of(result.test) for result in reference.results}
    # Such an expression also matches parts of names.
    left = [name for name in functions if not any(part in name for part in slow)]
    return " and ".join(f"not {name}" for name in sorted(slow)) if left else ""


def _with_less_memory(assignment: Assignment) -> Assignment:
    memory = max(1, int(assignment.limits.memory_mb * SHARE))
    return replace(assignment, limits=replace(assignment.limits, memory_mb=memory))
