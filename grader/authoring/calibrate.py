"""Measure how accurate right and wrong solutions become, and put tiers between them.

The reference and the known mistakes are trained through the real grading path, under
many seeds of the tests' random numbers. A mistake takes part if its `fails` names a
test with tiers, or if under the first seed it is not as accurate as the reference.

A test shows how far chance goes only if its training draws from the fixture `rng`.
"""

import difflib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count, islice
from typing import Final

from grader import data
from grader.authoring.calibration import Calibration, Sample, TestCalibration
from grader.authoring.tier_text import with_accuracies
from grader.authoring.trials import REFERENCE, Run, Trial, function_of, run_all
from grader.classroom import TESTS
from grader.course import DESCRIPTION, Assignment, read_assignment
from grader.errors import GraderError
from grader.files import write_atomically
from grader.mutants import Mutant, read_mutants, read_solution
from grader.results import Result
from grader.session import Session
from grader.tables import suggest

FEWEST_SEEDS: Final = 5  # with fewer, the bounds are too wide to be of use

_Runs = Mapping[str, Sequence[Run]]  # of each variant, by seed


def calibrate_assignment(
    assignment: Assignment,
    *,
    seeds: int,
    jobs: int,
    dataset: str,
    progress: Callable[[int, int], None],
) -> Calibration:
    """Measure accuracies under many seeds, and judge the tiers by them.

    Parameters
    ----------
    seeds : int
        Under how many seeds of the random tests.
    jobs : int
        How many submissions to examine at the same time.
    progress : callable
        Called with the number of submissions examined and the number of all.

    Raises
    ------
    GraderError
        If there are no tiers or too few seeds, or the reference has no accuracy.
    """
    began = time.monotonic()
    if seeds < FEWEST_SEEDS:
        raise GraderError(f"{seeds} seeds say too little; use --seeds {FEWEST_SEEDS} or more")
    step = 1 / len(data.load(dataset).test_labels)  # unknown or damaged, it stops us here
    tests = _tests_with_tiers(assignment, dataset)
    mutants = read_mutants(assignment).mutants
    # It matches parts of names too, so that some results may have to be passed over.
    select = " or ".join(tests)
    with Session(assignment, tests=TESTS, dataset=dataset, select=select) as session:
        _demand_tests(tests, {function_of(test.test) for test in session.tests}, assignment)
        runs = _measure(session, mutants, tests, seeds=seeds, jobs=jobs, progress=progress)
        tier = str(session.tier)
    return Calibration(
        assignment=assignment.id,
        title=assignment.title,
        dataset=dataset,
        sandbox=tier,
        seeds=seeds,
        tests=tuple(
            _calibrate_test(test, assignment.shares(test, dataset), mutants, runs, step)
            for test in tests
        ),
        tried=len(mutants),
        seconds=time.monotonic() - began,
    )


def write_tiers(assignment: Assignment, found: Calibration) -> tuple[str, Calibration]:
    """Put the proposed accuracies into the assignment's description, and nothing else.

    Returns
    -------
    change : str
        A unified diff; empty if nothing was to be changed.
    found : Calibration
        The same measurement, judged with the tiers that are there now.

    Raises
    ------
    GraderError
        If a tier is written in a way that cannot be changed safely.
    """
    path = assignment.folder / DESCRIPTION
    proposals = {test.test: test.proposal or {} for test in found.tests}
    accuracies = [
        proposals[tier.test].get(tier.accuracy, tier.accuracy)
        if tier.dataset == found.dataset
        else tier.accuracy
        for tier in assignment.tiers
    ]
    before = path.read_bytes().decode()
    after = with_accuracies(before, accuracies, str(path))
    write_atomically(path, after.encode())
    lines = before.splitlines(), after.splitlines()
    change = difflib.unified_diff(*lines, str(path), str(path), n=4, lineterm="")
    return "\n".join(change), found.with_tiers_of(read_assignment(assignment.folder))


def _tests_with_tiers(assignment: Assignment, dataset: str) -> list[str]:
    tests = dict.fromkeys(tier.test for tier in assignment.tiers if tier.dataset == dataset)
    if not tests:
        raise GraderError(
            f"{assignment.folder / DESCRIPTION} has no [[tier]] for {dataset!r}; add those of the"
            " tests that measure an accuracy, or name another --dataset"
        )
    return list(tests)


def _demand_tests(tests: Iterable[str], collected: set[str], assignment: Assignment) -> None:
    for test in tests:
        if test not in collected:
            raise GraderError(
                f"{assignment.folder / DESCRIPTION}: a [[tier]] names an unknown test {test!r}"
                f"{suggest(test, collected) or '; correct it'}"
            )


def _measure(
    session: Session,
    mutants: Sequence[Mutant],
    tests: Sequence[str],
    *,
    seeds: int,
    jobs: int,
    progress: Callable[[int, int], None],
) -> _Runs:
    """Run the reference under all seeds, all mutants under the first, and then those that matter.

    Raises
    ------
    GraderError
        If the reference has no accuracy in one of the tests.
    """
    solution = read_solution(session.assignment)
    sources = {mutant.name: mutant.apply(solution) for mutant in mutants}
    number, total = count(1), seeds + len(mutants)

    def tick() -> None:
        progress(next(number), total)

    def run(trials: Iterable[Trial]) -> list[Run]:
        return run_all(session, trials, tick, jobs=jobs)

    reference = run(Trial(solution, seed) for seed in range(1, seeds + 1))
    _demand_accuracies(reference, tests)
    first = run(Trial(sources[mutant.name], 1) for mutant in mutants)
    matter = [
        (mutant.name, trial)
        for mutant, trial in zip(mutants, first, strict=True)
        if not set(tests).isdisjoint(mutant.fails) or _differs(trial, reference[0], tests)
    ]
    total += len(matter) * (seeds - 1)
    others = iter(
        run(Trial(sources[name], seed) for name, _ in matter for seed in range(2, seeds + 1))
    )
    return {REFERENCE: reference} | {
        name: [trial, *islice(others, seeds - 1)] for name, trial in matter
    }


def _demand_accuracies(reference: Sequence[Run], tests: Iterable[str]) -> None:
    for test in tests:
        for seed, (run, accuracy) in enumerate(
            zip(reference, _accuracies(reference, test), strict=True), start=1
        ):
            if accuracy is None:
                told = [r.feedback or str(r.outcome) for r in _results(run, test)]
                raise GraderError(
                    f"{test} measures no accuracy of the reference under seed {seed}"
                    f" ({told[0].splitlines()[0]}); correct it, or let it call assert_accuracy,"
                    " or if time was short, use fewer --jobs"
                )


def _differs(run: Run, right: Run, tests: Iterable[str]) -> bool:
    """Tell whether some test measures another accuracy."""
    pairs = [(_accuracies([run], test), _accuracies([right], test)) for test in tests]
    return any(one not in (other, (None,)) for one, other in pairs)


def _calibrate_test(
    test: str,
    shares: Mapping[float, float],
    mutants: Sequence[Mutant],
    runs: _Runs,
    step: float,
) -> TestCalibration:
    right = _accuracies(runs[REFERENCE], test)
    reference = Sample(variant=REFERENCE, accuracies=right, step=step)
    samples = [
        Sample(
            variant=mutant.name,
            accuracies=_accuracies(runs[mutant.name], test),
            step=step,
            named=test in mutant.fails,
        )
        for mutant in mutants
        if mutant.name in runs
    ]
    shown = [s for s in samples if s.named or (s.values and s.accuracies != right)]
    best_first = sorted(shown, key=lambda s: (-s.summary.get("mean", 0.0), s.variant))
    return TestCalibration(test=test, shares=shares, reference=reference, mutants=tuple(best_first))


def _accuracies(runs: Iterable[Run], test: str) -> tuple[float | None, ...]:
    """Return a test function's accuracy in each run: the lowest of its cases."""
    return tuple(
        min((r.accuracy for r in _results(run, test) if r.accuracy is not None), default=None)
        for run in runs
    )


def _results(run: Run, test: str) -> list[Result]:
    return [result for result in run.results if function_of(result.test) == test]
