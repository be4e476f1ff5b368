"""What `grader calibrate` finds out, as frozen values; how tiers follow from accuracies.

A full tier is good if fewer than 1 in 10 000 right solutions stay below it, and fewer
than 1 in 100 runs reach it of each wrong variant for which such a tier exists. It is
the graver mistake to fail a right solution; a wrong one meets other tests as well.

Lower tiers are an author's judgement of what a partly right solution deserves. When
the full one moves, they keep their proportion to it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import mean, median, stdev
from typing import Any, Final, Self

from grader.authoring.bounds import chance_below, lies_apart, lower_bound, upper_bound
from grader.course import Assignment

CALIBRATE_SCHEMA = "deltagrade/calibrate/v1"
FAILED_CHANCE: Final = 1e-4  # of failing a right solution
PASSED_CHANCE: Final = 1e-2  # of passing a wrong one

_STEPS: Final = (200, 1000, 2000, 10_000, 100_000)  # from 0 to 1 by round numbers, coarse first
_MOST_NAMED: Final = 3


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The accuracies of one variant in one test."""

    variant: str
    accuracies: tuple[float | None, ...]  # by seed; None where nothing was measured
    step: float  # of an accuracy: one image among all
    named: bool = False  # a mutant whose `fails` names the test

    @cached_property
    def values(self) -> tuple[float, ...]:
        """The accuracies that were measured."""
        return tuple(value for value in self.accuracies if value is not None)

    @cached_property
    def summary(self) -> Mapping[str, float]:
        """Minimum, median, maximum, mean and standard deviation; nothing of no values."""
        if not self.values:
            return {}
        return {
            "min": min(self.values),
            "median": median(self.values),
            "max": max(self.values),
            "mean": mean(self.values),
            "sd": stdev(self.values) if len(self.values) > 1 else 0.0,
        }

    @cached_property
    def floor(self) -> float:
        """What a right solution stays below with the chance that is allowed."""
        return max(0.0, lower_bound(self.values, FAILED_CHANCE, self.step))

    @cached_property
    def ceiling(self) -> float:
        """What a wrong solution exceeds with the chance that is allowed."""
        if len(self.values) > 1:
            return min(1.0, upper_bound(self.values, PASSED_CHANCE, self.step))
        return max(self.values, default=0.0)


@dataclass(frozen=True, kw_only=True)
class TestCalibration:
    """The tiers of one test function on one data set, and what speaks for and against them."""

    __test__ = False  # its name is the field's word; pytest must not collect it

    test: str
    shares: Mapping[float, float]  # by accuracy, as they are, lowest first
    reference: Sample
    mutants: tuple[Sample, ...]  # the most accurate first

    @property
    def full(self) -> float:
        """The accuracy that earns all points."""
        return max(self.shares)

    @property
    def separable(self) -> tuple[Sample, ...]:
        """The wrong variants that a tier can keep below it, and right solutions above it."""
        return tuple(m for m in self.mutants if m.ceiling < self.reference.floor)

    @property
    def overlapping(self) -> tuple[Sample, ...]:
        """The wrong variants whose accuracies overlap with right ones."""
        return tuple(m for m in self.mutants if m.ceiling >= self.reference.floor)

    @property
    def above(self) -> float:
        """What a full tier must lie above."""
        return max((sample.ceiling for sample in self.separable), default=0.0)

    @property
    def chance(self) -> float:
        """The chance that a right solution stays below the full tier."""
        return chance_below(self.reference.values, self.full, self.reference.step)

    @cached_property
    def proposal(self) -> Mapping[float, float] | None:
        """The accuracy to put in the place of each that is there, or None if none will do.

        What will do, stays. Else it is the highest round number that does, so that
        mistakes that nobody has listed stay below it too.
        """
        if self.above < self.full <= self.reference.floor:
            return {accuracy: accuracy for accuracy in self.shares}
        for steps in _STEPS:
            full = math.floor(self.reference.floor * steps) / steps
            scaled = [math.floor(a * full / self.full * steps) / steps for a in self.shares]
            ladder = [*scaled[:-1], full]
            if full > self.above and all(low < high for low, high in pairwise([0.0, *ladder])):
                return dict(zip(self.shares, ladder, strict=True))
        return None

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the tiers as they are will not do, and what to do."""
        return tuple(self._problems())

    @property
    def notes(self) -> tuple[str, ...]:
        """What an author should know of the measurement."""
        return tuple(self._notes())

    def _problems(self) -> Iterator[str]:
        if self.proposal is None:
            yield "no tier will do; use more --seeds, or let a right solution learn more"
        elif self.full > self.reference.floor:
            below = sum(value < self.full for value in self.reference.values)
            seen = f"{below} of {len(self.reference.values)} runs of the reference"
            expected = f"{odds(self.chance)} right solutions"
            yield (
                f"{seen if below else expected} would stay below {self.full:g}; lower the tier to"
                f" {self.reference.floor:.4f} or less"
            )
        reaching = [sample for sample in self.separable if sample.ceiling >= self.full]
        if reaching:
            yield f"{_named(reaching)} can reach {self.full:g}; raise it above {self.above:.4f}"
        lost = [sample for sample in self.overlapping if sample.named]
        if lost:
            yield (
                f"no tier keeps {_named(lost)} apart from right solutions, though 'fails' names"
                " this test; take it out of 'fails', or let the test ask for more"
            )

    def _notes(self) -> Iterator[str]:
        right = self.reference.values
        if len(set(right)) == 1:
            yield (
                "the reference is equally accurate under every seed; if its training draws random"
                " numbers, let the test give it those of `rng`"
            )
        if lies_apart(right):
            yield (
                f"the reference's lowest accuracy, {min(right):.4f}, lies farther out than in a"
                " normal distribution, which the bounds assume; look at that run"
            )
        unnamed = [sample for sample in self.overlapping if not sample.named]
        if unnamed:
            yield f"no tier keeps {_named(unnamed)} apart from right solutions; other tests must"

    def to_json(self) -> dict[str, Any]:
        """Return the test's entry in the report."""
        proposal = self.proposal or {}
        return {
            "test": self.test,
            "ok": not self.problems,
            "tiers": [
                {"accuracy": accuracy, "share": share, "proposed": proposal.get(accuracy)}
                for accuracy, share in self.shares.items()
            ],
            "above": self.above,
            "up_to": self.reference.floor,
            "chance": self.chance,
            "reference": {**self.reference.summary, "accuracies": self.reference.accuracies},
            "mutants": [
                {
                    "name": sample.variant,
                    "named": sample.named,
                    "separable": sample in self.separable,
                    **sample.summary,
                    "accuracies": sample.accuracies,
                }
                for sample in self.mutants
            ],
            "problems": list(self.problems),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The tiers of an assignment on one data set."""

    assignment: str
    title: str
    dataset: str
    sandbox: str
    seeds: int
    tests: tuple[TestCalibration, ...]
    tried: int  # mutants, to see which change an accuracy
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the tiers as they are will do."""
        return not any(test.problems for test in self.tests)

    def with_tiers_of(self, assignment: Assignment) -> Self:
        """Return the same measurement, judged with other tiers."""
        tests = [
            replace(test, shares=assignment.shares(test.test, self.dataset)) for test in self.tests
        ]
        return replace(self, tests=tuple(tests))

    def to_json(self) -> dict[str, Any]:
        """Return the report, schema `deltagrade/calibrate/v1`."""
        return {
            "schema": CALIBRATE_SCHEMA,
            "assignment": self.assignment,
            "ok": self.ok,
            "dataset": self.dataset,
            "sandbox": self.sandbox,
            "seeds": self.seeds,
            "tests": [test.to_json() for test in self.tests],
            "tried": self.tried,
            "seconds": round(self.seconds, 3),
        }


def odds(chance: float) -> str:
    """Return a chance as people say it: "1 in 2 300"."""
    if chance < 1e-6:
        return "fewer than 1 in 1 000 000"  # no 20 runs say more
    number = float(f"{1 / chance:.2g}")
    return f"1 in {number:,.0f}".replace(",", " ") if number >= 2 else f"{chance:.0%} of"


def _named(samples: Sequence[Sample]) -> str:
    names = [sample.variant for sample in samples]
    if len(names) > _MOST_NAMED:
        names[_MOST_NAMED:] = [f"{len(names) - _MOST_NAMED} more"]
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
