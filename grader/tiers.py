"""The accuracies that earn a share of a test's points, as `assignment.toml` lists them.

    [[tier]]
    test = "test_handwritten_digits_are_learned"    # a test function
    dataset = "mnist"
    accuracy = 0.9
    share = 0.6

They stand in the description, and not in the tests, so that `grader calibrate` can
measure them and put better ones in their place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from grader.errors import GraderError
from grader.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyTier:
    """An accuracy that earns a share of a test's points."""

    test: str
    dataset: str
    accuracy: float
    share: float


def read_tiers(tables: Iterable[Table], where: str) -> tuple[AccuracyTier, ...]:
    """Read the tiers of a description.

    Raises
    ------
    GraderError
        If they can earn no points, or a higher accuracy earns no more.
    """
    tiers = tuple(map(_read_tier, tables))
    for tier in tiers:
        _check(tier, f"{where}: [[tier]] of {tier.test!r}")
    for (test, dataset), ladder in _ladders(tiers):
        _check_ladder(ladder, f"{where}: [[tier]] of {test!r} on {dataset!r}")
    return tiers


def shares(
    tiers: Sequence[AccuracyTier], test: str, dataset: str, where: str
) -> dict[float, float]:
    """Return the share of a test's points for each accuracy, lowest first.

    Raises
    ------
    GraderError
        If there is no tier for this test and data set.
    """
    found = [tier for tier in tiers if (tier.test, tier.dataset) == (test, dataset)]
    if not found:
        raise GraderError(
            f"{where} has no [[tier]] for the test {test!r} on {dataset!r};"
            " add one with share = 1.0, or correct one"
        )
    return {tier.accuracy: tier.share for tier in sorted(found, key=lambda tier: tier.accuracy)}


def _read_tier(table: Table) -> AccuracyTier:
    tier = AccuracyTier(
        test=table.text("test"),
        dataset=table.text("dataset"),
        accuracy=table.positive("accuracy"),
        share=table.positive("share"),
    )
    table.close()
    return tier


def _check(tier: AccuracyTier, where: str) -> None:
    if not (tier.test.startswith("test") and tier.test.isidentifier()):
        raise GraderError(f"{where}: 'test' must be the name of a test function")
    if tier.accuracy >= 1:
        raise GraderError(f"{where}: 'accuracy' must be below 1; it is {tier.accuracy:g}")
    if tier.share > 1:
        raise GraderError(f"{where}: 'share' must be at most 1; it is {tier.share:g}")


def _ladders(
    tiers: Sequence[AccuracyTier],
) -> Iterator[tuple[tuple[str, str], list[AccuracyTier]]]:
    """Yield the tiers of each test and data set, lowest accuracy first."""
    ordered = sorted(tiers, key=lambda tier: (tier.test, tier.dataset, tier.accuracy))
    for place, group in groupby(ordered, key=lambda tier: (tier.test, tier.dataset)):
        yield place, list(group)


def _check_ladder(ladder: Sequence[AccuracyTier], where: str) -> None:
    for lower, higher in pairwise(ladder):
        if lower.accuracy == higher.accuracy:
            raise GraderError(f"{where}: {lower.accuracy:g} stands there twice; remove one")
        if lower.share >= higher.share:
            raise GraderError(
                f"{where}: {higher.accuracy:g} earns no more than {lower.accuracy:g};"
                " let the share grow with the accuracy"
            )
    if ladder[-1].share != 1:
        raise GraderError(f"{where}: nothing earns all points; give the highest share = 1.0")
