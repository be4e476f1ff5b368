"""Prove that an assignment grades as its author intends, before a student sees it.

Everything is tried, nothing is assumed: the reference must earn everything, the
stub nothing, each known mistake must cost points in the tests that are meant for
it, and none of this may depend on a seed, on the order of the tests, or on how
many submissions are graded at once. What cannot be proven becomes a problem, in
a sentence that says what to do; what an author should only look at, a warning.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from grader import data
from grader.authoring.answers import released_answers
from grader.authoring.findings import Claim, Problem, Survivor, Tally, Verification, tabulate
from grader.authoring.judging import find_problems, missed, survives, usage
from grader.authoring.release import render
from grader.authoring.stub import make_stub
from grader.authoring.systematic import Slip, systematic_mutants
from grader.authoring.trials import REFERENCE, STUB, Evidence, Sources, function_of, gather
from grader.course import Assignment
from grader.errors import GraderError
from grader.misconceptions import PRACTICE_SEED, Misconceptions, tabulate_answers
from grader.mutants import MUTANTS, Equivalent, Mutant, read_mutants, read_solution
from grader.provenance import Terms
from grader.results import Visibility
from grader.sandbox.tier import Tier

GOAL: Final = 0.95  # of the systematic edits that change something
_MOST_CLOSE: Final = 2


def verify_assignment(
    assignment: Assignment,
    *,
    seeds: int,
    jobs: int,
    dataset: str,
    progress: Callable[[int, int], None],
) -> Verification:
    """Try an assignment in every way that could show it wrong.

    Parameters
    ----------
    seeds : int
        Under how many seeds of the random tests; two at least, that of grades and
        that of practice.
    jobs : int
        How many submissions to examine at the same time.
    progress : callable
        Called with the number of submissions examined and the number of all.

    Raises
    ------
    GraderError
        If the assignment or its `mutants.toml` cannot be read, or its tests not run.
    """
    began = time.monotonic()
    data.load(dataset)  # an unknown or damaged dataset stops us here
    solution = read_solution(assignment)
    known = read_mutants(assignment)
    stub = {name: make_stub(text.decode(), name).text for name, text in solution.items()}
    variants: dict[str, Sources] = {
        REFERENCE: solution,
        STUB: {name: text.encode() for name, text in stub.items()},
        **{mutant.name: mutant.apply(solution) for mutant in known.mutants},
    }
    slips = [
        slip for name, text in solution.items() for slip in systematic_mutants(text.decode(), name)
    ]
    terms = Terms.of(assignment, dataset)
    drawn = [terms.seed, PRACTICE_SEED, *range(1, seeds - 1)]
    evidence = gather(
        assignment,
        variants,
        slips,
        meant={mutant.name: mutant.fails for mutant in known.mutants},
        seeds=drawn,
        jobs=jobs,
        dataset=dataset,
        progress=progress,
    )
    misconceptions = _misconceptions(terms, known.mutants, evidence)
    declared = _declared(known.equivalents, solution)
    systematic = _systematic_tally(assignment, declared, solution, evidence)
    return Verification(
        assignment=assignment.id,
        title=assignment.title,
        sandbox=evidence.tier,
        seeds=len(drawn),
        jobs=jobs,
        reference=usage(evidence),
        stub=max(run.score for run in evidence.stub),
        mutants=_authored_tally(known.mutants, solution, evidence),
        misconceptions=misconceptions,
        recognised=_recognised(misconceptions, terms.seed, evidence),
        systematic=systematic,
        table=tuple(
            tabulate(
                [(m.name, evidence.authored[m.name][0].functions) for m in known.mutants],
                (function_of(test.test) for test in evidence.tests),
            )
        ),
        problems=(
            *find_problems(assignment, known.mutants, evidence),
            *_about_systematic(systematic, declared, solution, evidence),
            *_about_release(assignment),
        ),
        warnings=tuple(_warnings(known.mutants, declared, solution, evidence)),
        seconds=time.monotonic() - began,
    )


# ---------------------------------------------------------------- tallies


def _authored_tally(mutants: Sequence[Mutant], solution: Sources, evidence: Evidence) -> Tally:
    survivors = [
        Survivor(
            name=mutant.name,
            diff=mutant.diff(solution),
            closest=missed(mutant, evidence) or mutant.fails,
        )
        for mutant in mutants
        if survives(mutant, evidence)
    ]
    return Tally(
        killed=len(mutants) - len(survivors), total=len(mutants), survivors=tuple(survivors)
    )


def _systematic_tally(
    assignment: Assignment, declared: "_Declared", solution: Sources, evidence: Evidence
) -> Tally:
    alive = [slip for slip, run in evidence.systematic if run.complete]
    unexplained = [slip for slip in alive if _outcome(slip, solution) not in declared]
    survivors = [
        Survivor(
            name=slip.name,
            diff=slip.diff(solution),
            closest=_closest(slip, _tasks_at(slip, assignment, solution), evidence),
        )
        for slip in unexplained
    ]
    return Tally(
        killed=len(evidence.systematic) - len(alive),
        total=len(evidence.systematic),
        equivalent=len(alive) - len(unexplained),
        survivors=tuple(survivors),
    )


def _tasks_at(slip: Slip, assignment: Assignment, solution: Sources) -> set[str]:
    """Return the task that an edit lies in, or all tasks of its file if it is in none."""
    regions = make_stub(solution[slip.file].decode(), slip.file).regions
    here = {r.scope[0] for r in regions if r.begin < slip.line < r.end and r.scope}
    tasks = {task.name for task in assignment.tasks if task.file == slip.file}
    return here & tasks or tasks


def _closest(slip: Slip, tasks: set[str], evidence: Evidence) -> tuple[str, ...]:
    """Return the tests of these tasks that catch most of the other edits of the same line."""
    own = [function_of(test.test) for test in evidence.tests if test.task in tasks]
    caught = Counter(
        test
        for other, run in evidence.systematic
        if (other.file, other.line) == (slip.file, slip.line)
        for test in run.functions & set(own)
    )
    ranked = [test for test, _ in sorted(caught.items(), key=lambda item: (-item[1], item[0]))]
    return tuple(dict.fromkeys([*ranked, *own]))[:_MOST_CLOSE]


# ---------------------------------------------------------------- misconceptions


def _misconceptions(terms: Terms, mutants: Sequence[Mutant], evidence: Evidence) -> Misconceptions:
    """Keep the wrong answers of the authored mutants, by their fingerprints."""
    grades = {m.name: evidence.authored[m.name][0].results for m in mutants}
    practice = {
        m.name: [
            result
            for result in evidence.authored[m.name][1].results
            if result.visibility is Visibility.PUBLIC
        ]
        for m in mutants
    }
    return Misconceptions(
        assignment_sha256=terms.assignment_sha256,
        hints={m.name: m.hint for m in mutants},
        tables={terms.seed: tabulate_answers(grades), PRACTICE_SEED: tabulate_answers(practice)},
    )


def _recognised(known: Misconceptions, seed: int, evidence: Evidence) -> int:
    """Count the mutants that a grade would recognise."""
    return sum(
        any(
            r.misconception == name
            for r in known.recognise(evidence.authored[name][0].results, seed)
        )
        for name in known.hints
    )


# ---------------------------------------------------------------- equivalents

# What a file is after an edit; two edits are the same when this is.
_Outcome = tuple[str, bytes]
_Declared = Mapping[_Outcome, int]  # the number of the [[equivalent]]


def _outcome(edit: Mutant | Equivalent, solution: Sources) -> _Outcome:
    return edit.file, edit.apply(solution)[edit.file]


def _declared(equivalents: Sequence[Equivalent], solution: Sources) -> _Declared:
    return {_outcome(edit, solution): number for number, edit in enumerate(equivalents, start=1)}


def _about_systematic(
    tally: Tally, declared: _Declared, solution: Sources, evidence: Evidence
) -> Iterator[Problem]:
    for slip, run in evidence.systematic:
        number = declared.get(_outcome(slip, solution))
        if number and not run.complete:
            yield Problem(
                Claim.SYSTEMATIC,
                f"[[equivalent]] {number} of {MUTANTS} is none: {min(run.failed)} catches"
                f" {slip.name!r}; remove it",
            )
    if tally.share < GOAL:
        yield Problem(
            Claim.SYSTEMATIC,
            f"the tests catch {tally.share:.1%} of the systematic edits, {GOAL:.0%} is the goal;"
            f" sharpen them, or declare in {MUTANTS} which survivors change nothing",
        )


# ---------------------------------------------------------------- release, warnings


def _about_release(assignment: Assignment) -> Iterator[Problem]:
    try:
        files = render(assignment)
    except GraderError as error:
        yield Problem(Claim.RELEASE, str(error))
        return
    texts = {name: text.decode() for name, text in files.items() if not name.endswith(".png")}
    for path in sorted(assignment.folder.glob("hidden_tests/**/*.py")):
        for answer, name in released_answers(path.read_text(encoding="utf-8"), texts):
            yield Problem(
                Claim.RELEASE,
                f"{path.name}:{answer.line}: the hidden test expects {answer}, which students can"
                f" read in {name}; test another value",
            )


def _warnings(
    mutants: Sequence[Mutant], declared: _Declared, solution: Sources, evidence: Evidence
) -> Iterator[str]:
    if not Tier(evidence.tier).at_least(Tier.REDUCED):
        yield f"tried in sandbox tier {evidence.tier} only: {evidence.weakness}"
    if not mutants:
        yield f"there are no known mistakes; describe the likely ones in {MUTANTS}"
    made = {_outcome(slip, solution) for slip, _ in evidence.systematic}
    for outcome, number in declared.items():
        if outcome not in made:
            yield f"[[equivalent]] {number} is no systematic edit of {outcome[0]}; remove it"
    caught = {test for _, run in evidence.systematic for test in run.failed}
    caught |= {test for m in mutants for run in evidence.authored[m.name] for test in run.failed}
    for test in evidence.tests:
        if test.points and test.test not in caught:
            yield f"{test.test} is worth {test.points:g} points, and no wrong variant fails it"
