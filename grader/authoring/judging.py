"""Judge the runs of a verification: what is not proven, and what an author can do.

Pure functions from the evidence to problems.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from grader.authoring.findings import Claim, Problem, Usage
from grader.authoring.trials import REFERENCE, SHARE, STUB, Evidence, Run, function_of
from grader.classroom import demand_points
from grader.course import Assignment
from grader.errors import GraderError
from grader.mutants import Mutant
from grader.results import Outcome, Result
from grader.tables import suggest

_MOST_NAMED: Final = 3


def find_problems(
    assignment: Assignment, mutants: Sequence[Mutant], evidence: Evidence
) -> Iterator[Problem]:
    """Yield everything that the runs speak against."""
    yield from _about_points(assignment, evidence)
    yield from _about_reference(evidence)
    yield from _about_stub(evidence)
    yield from _about_scores(evidence)
    yield from _about_limits(assignment, evidence)
    for mutant in mutants:
        yield from _about_mutant(mutant, evidence)
    yield from _about_broken(evidence)


def usage(evidence: Evidence) -> Usage:
    """Return what the reference used, in the fastest of its runs.

    A busy machine is not the assignment's fault, so each test counts with its best time.
    """
    runs = [*evidence.reference, evidence.again[REFERENCE]]
    best: dict[str, float] = {}
    for result in (result for run in runs for result in run.results):
        best[result.test] = min(result.seconds, best.get(result.test, result.seconds))
    slowest = max(best, key=lambda test: best[test])
    return Usage(
        score=min(run.score for run in runs),
        seconds=sum(best.values()),
        slowest=slowest,
        slowest_seconds=best[slowest],
    )


def missed(mutant: Mutant, evidence: Evidence) -> tuple[str, ...]:
    """Return the test functions that should catch a mutant, and under some seed do not."""
    runs = evidence.authored[mutant.name]
    return tuple(name for name in mutant.fails if any(name not in run.functions for run in runs))


def survives(mutant: Mutant, evidence: Evidence) -> bool:
    """Tell whether a mutant gets past a test that is meant for it, or costs nothing."""
    runs = evidence.authored[mutant.name]
    return bool(missed(mutant, evidence)) or any(run.complete for run in runs)


def _about_points(assignment: Assignment, evidence: Evidence) -> Iterator[Problem]:
    try:
        demand_points(assignment, evidence.tests)
    except GraderError as error:
        yield Problem(Claim.POINTS, str(error))
    tested = {test.task for test in evidence.tests}
    for task in assignment.tasks:
        if task.name not in tested:
            yield Problem(Claim.POINTS, f"no test is for the task {task.name}; write one")


def _about_reference(evidence: Evidence) -> Iterator[Problem]:
    for seed, run in enumerate(evidence.reference, start=1):
        for result in run.results:
            if result.test in run.failed:
                yield Problem(
                    Claim.REFERENCE,
                    f"{result.test} does not pass on the reference under seed {seed}"
                    f" ({_first_line(result)}); correct the solution, or the test",
                )


def _about_stub(evidence: Evidence) -> Iterator[Problem]:
    given = {r.test: r for run in evidence.stub for r in run.results if r.score}
    for test, result in given.items():
        yield Problem(
            Claim.STUB,
            f"{test} gives the stub {result.score:g} points; let it demand a right answer first",
        )


def _about_scores(evidence: Evidence) -> Iterator[Problem]:
    for name, (first, *others) in evidence.authored.items():
        tests = _differing(first, others)
        if name not in (REFERENCE, STUB):
            tests -= _trained(first)
        if tests:
            yield Problem(
                Claim.SCORES,
                f"{name} does not earn the same under every seed: {_named(tests)}; choose the"
                " random inputs so that this mistake always shows, or never",
            )
        if tests := _differing(first, [evidence.again[name]]):
            yield Problem(
                Claim.SCORES,
                f"{name} earns something else alone or in another order: {_named(tests)};"
                " a test must depend on no other test, no clock and no chance",
            )


def _about_limits(assignment: Assignment, evidence: Evidence) -> Iterator[Problem]:
    limits, used = assignment.limits, usage(evidence)
    if used.slowest_seconds > limits.test_seconds * SHARE:
        yield _too_much(
            f"{used.slowest} takes {used.slowest_seconds:.2f} s", f"{limits.test_seconds:g} s"
        )
    if used.seconds > limits.submission_seconds * SHARE:
        yield _too_much(f"all tests take {used.seconds:.1f} s", f"{limits.submission_seconds:g} s")
    if lost := evidence.lean.failed - evidence.reference[0].failed:
        yield _too_much(f"{_named(lost)} fails with less memory", f"{limits.memory_mb} MiB")


def _too_much(what: str, limit: str) -> Problem:
    return Problem(
        Claim.LIMITS,
        f"on the reference {what}; it may use a third of {limit}, since students' code is slower"
        " and larger: raise the limit, or ask for less",
    )


def _about_mutant(mutant: Mutant, evidence: Evidence) -> Iterator[Problem]:
    functions = sorted({function_of(test.test) for test in evidence.tests})
    for name in mutant.fails:
        if name not in functions:
            yield Problem(
                Claim.MUTANTS,
                f"{mutant.name!r} names an unknown test {name!r}"
                f"{suggest(name, functions) or '; correct it'}",
            )
    passing = [name for name in missed(mutant, evidence) if name in functions]
    if passing:
        yield Problem(
            Claim.MUTANTS,
            f"{mutant.name!r} passes {_named(passing)}; sharpen the test, or correct 'fails'",
        )
    elif any(run.complete for run in evidence.authored[mutant.name]):
        yield Problem(
            Claim.MUTANTS, f"{mutant.name!r} costs nothing; give a test that it fails points"
        )


def _about_broken(evidence: Evidence) -> Iterator[Problem]:
    """Find the tests that are called broken when a submission is merely wrong."""
    found: dict[str, str] = {}
    wrong = [(name, run) for name, runs in evidence.authored.items() for run in runs]
    wrong += [(slip.name, run) for slip, run in evidence.systematic]
    for name, run in wrong:
        for result in run.results:
            if result.outcome is Outcome.BROKEN:
                found.setdefault(result.test, f"on {name} ({_first_line(result)})")
    for test, where in found.items():
        yield Problem(
            Claim.SCORES, f"{test} breaks {where}; a wrong answer must fail it, not break it"
        )


def _trained(run: Run) -> set[str]:
    """Return the tests that measured an accuracy.

    Where a mistake costs a little of it, chance decides on which side of a tier it falls.
    """
    return {result.test for result in run.results if result.accuracy is not None}


def _differing(first: Run, others: Sequence[Run]) -> set[str]:
    """Return the tests that did not earn the same in every run that had them."""
    expected = first.scores
    return {
        test
        for run in others
        for test, score in run.scores.items()
        if score != expected.get(test, score)
    }


def _named(tests: Iterable[str]) -> str:
    names = sorted(tests)
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _first_line(result: Result) -> str:
    return (result.feedback.splitlines() or [str(result.outcome)])[0]
