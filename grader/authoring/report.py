"""What `grader verify` found out, as text for an assignment's author."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from grader.authoring.findings import Claim, Row, Survivor, Verification
from grader.reports.terminal import Paint, plain

_NAMES = 60  # columns for the names of mutants in the table


def verification_report(found: Verification, paint: Paint = plain) -> str:
    """Return what is proven, which test catches what, and what is not proven."""
    parts = [
        paint(f"{found.assignment}: {found.title}", "bold"),
        "\n".join(_claims(found, paint)),
        _table(found.table, paint),
        *_survivors("systematic edit survives", found.systematic.survivors, paint),
        *_survivors("mutant survives", found.mutants.survivors, paint),
        "\n".join(f"{paint('warning', 'yellow')}: {warning}" for warning in found.warnings),
        "\n".join(f"{paint('problem', 'red')}: {p.claim}: {p.sentence}" for p in found.problems),
        _verdict(found, paint),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _claims(found: Verification, paint: Paint) -> Iterator[str]:
    """Yield a line for each claim: proven or not, and the numbers."""
    disproven = {problem.claim for problem in found.problems}
    for claim, numbers in _numbers(found).items():
        word = paint("  failed", "red") if claim in disproven else paint("  proven", "green")
        yield f"{word}  {claim:<10}  {numbers}"


def _numbers(found: Verification) -> Mapping[Claim, str]:
    used, mutants, systematic = found.reference, found.mutants, found.systematic
    equivalent = f", {systematic.equivalent} more change nothing" if systematic.equivalent else ""
    meant = systematic.total - systematic.equivalent
    return {
        Claim.POINTS: "every task has tests, which add up to 100 points",
        Claim.REFERENCE: f"{used.score:g} of 100 points under {_counted(found.seeds, 'seed')}",
        Claim.STUB: f"{found.stub:g} points",
        Claim.SCORES: f"the same under {_counted(found.seeds, 'seed')} and in another order;"
        f" the reference's and the stub's with 1 or {_counted(found.jobs, 'job')}",
        Claim.LIMITS: f"within a third of them: {used.seconds:.2g} s for all tests,"
        f" {used.slowest_seconds:.2g} s for the slowest",
        Claim.RELEASE: "no solution's line, no hidden test's name or value; signatures agree",
        Claim.MUTANTS: f"{mutants.killed} of {mutants.total} known mistakes fail the tests they"
        f" name; {found.recognised} are recognised by their answers",
        Claim.SYSTEMATIC: f"{systematic.killed} of {meant} edits are caught"
        f" ({systematic.share:.1%}){equivalent}",
    }


def _table(rows: Sequence[Row], paint: Paint) -> str:
    """Return how many known mistakes each test catches, and which of them no other test does.

    A test that catches none alone could go, as far as these mistakes show.
    """
    if not any(row.catches for row in rows):
        return ""
    width = max(len(row.test) for row in rows)
    lines = [paint(f"  {'test':<{width}}  catches  that no other test catches", "bold")]
    for row in rows:
        start = f"  {row.test:<{width}}  {len(row.catches):>7}"
        alone = textwrap.wrap(", ".join(row.alone), _NAMES, break_on_hyphens=False) or [""]
        lines.append(f"{start}  {alone[0]}".rstrip())
        lines += [f"{'':<{len(start)}}  {more}" for more in alone[1:]]
    return "\n".join(lines)


def _survivors(what: str, survivors: Sequence[Survivor], paint: Paint) -> Iterator[str]:
    for survivor in survivors:
        hunk = survivor.diff.splitlines()[2:]  # the name says which file
        closest = " and ".join(survivor.closest) or "none"
        lines = [*hunk, f"closest: {closest}"]
        yield "\n    ".join([f"{paint(what, 'yellow')}: {survivor.name}", *lines])


def _verdict(found: Verification, paint: Paint) -> str:
    seconds = f"in {found.seconds:.1f} s, sandbox tier {found.sandbox}"
    if found.ok:
        return f"{paint('proven', 'green')} {seconds}"
    return f"{paint('not proven', 'red')}: {_counted(len(found.problems), 'problem')} ({seconds})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
