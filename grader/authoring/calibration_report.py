"""What `grader calibrate` found out, as text for an assignment's author."""

from collections.abc import Iterator

from grader.authoring.calibration import (
    FAILED_CHANCE,
    PASSED_CHANCE,
    Calibration,
    Sample,
    TestCalibration,
    odds,
)
from grader.reports.terminal import Paint, plain

_COLUMNS = ("min", "median", "max", "mean", "sd")


def calibration_report(found: Calibration, paint: Paint = plain) -> str:
    """Return the distributions of right and wrong solutions, and what they say of the tiers."""
    parts = [
        f"{paint(f'{found.assignment}: {found.title}', 'bold')}\n"
        f"accuracy on {found.dataset} under {found.seeds} seeds, of the reference and of those of"
        f" {found.tried} known mistakes that change it",
        *("\n".join(_about_test(test, paint)) for test in found.tests),
        "\n".join(_verdict(found, paint)),
    ]
    return "\n\n".join(parts) + "\n"


def _about_test(test: TestCalibration, paint: Paint) -> Iterator[str]:
    rows = [test.reference, *test.mutants]
    width = max(len(row.variant) for row in rows)
    yield paint(test.test, "bold")
    yield f"  {'':<{width}}  {'  '.join(f'{column:>6}' for column in _COLUMNS)}   bound"
    for row in rows:
        yield f"  {row.variant:<{width}}  {_numbers(row)}  {_place(row, test)}".rstrip()
    yield ""
    for accuracy, share in test.shares.items():
        new = test.proposal[accuracy] if test.proposal else accuracy
        change = paint(f"  proposed: {new:g}", "yellow") if new != accuracy else ""
        yield f"  {accuracy:g} earns {'all' if share == 1 else format(share, '.0%')}{change}"
    yield (
        f"  a full tier may lie above {test.above:.4f}, up to {test.reference.floor:.4f};"
        f" {odds(test.chance)} right solutions would stay below {test.full:g}"
    )
    yield from (f"  {paint('note', 'yellow')}: {note}" for note in test.notes)
    yield from (f"  {paint('problem', 'red')}: {problem}" for problem in test.problems)


def _numbers(sample: Sample) -> str:
    if not sample.values:
        return "no accuracy under any seed"
    return "  ".join(f"{sample.summary[column]:.4f}" for column in _COLUMNS)


def _place(sample: Sample, test: TestCalibration) -> str:
    """Return a variant's bound, and on which side of a good tier it lies."""
    if sample is test.reference:
        return f"{sample.floor:.4f} and up"
    if not sample.values:
        return ""
    place = "overlaps" if sample in test.overlapping else f"{sample.ceiling:.4f} at most"
    count, of = len(sample.values), len(sample.accuracies)
    return place if count == of else f"{place} ({count} of {of} seeds)"


def _verdict(found: Calibration, paint: Paint) -> Iterator[str]:
    yield (
        f"bounds: right solutions stay below theirs in {odds(FAILED_CHANCE)}, wrong ones pass"
        f" theirs in {odds(PASSED_CHANCE)}, if accuracies are normal (`{_SOURCE}`)"
    )
    seconds = f"in {found.seconds:.1f} s, sandbox tier {found.sandbox}"
    number = sum(len(test.problems) for test in found.tests)
    if found.ok:
        yield f"{paint('the tiers hold', 'green')} ({seconds})"
    else:
        counted = "1 problem" if number == 1 else f"{number} problems"
        yield f"{paint('the tiers do not hold', 'red')}: {counted} ({seconds})"


_SOURCE = "pydoc grader.authoring.bounds"
