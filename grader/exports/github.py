"""GitHub Actions: a job summary in Markdown, and annotations.

The summary goes to the file that `GITHUB_STEP_SUMMARY` names, the annotations to
the log, where the runner reads them. Neither lets a student's text become Markdown,
HTML, a mention or a command.
"""

import html
import re
import string
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from grader.exports.texts import cut
from grader.exports.view import Shown, View, fit
from grader.reports.terminal import OUTCOMES
from grader.results import Outcome, total

_SUMMARY_LIMIT: Final = 1_000_000  # bytes; GitHub takes 1 MiB from all of a step together
_MOST_ANNOTATIONS: Final = 10  # of one kind in a step; GitHub drops the others silently
_LONGEST_MESSAGE: Final = 4_000
# As an entity, no mark can begin Markdown, HTML, a link or a table's cell; a mention is
# found later, in the text that it becomes, unless there is a space, of no width.
_ENTITIES: Final = {ord(mark): f"&#{ord(mark)};" for mark in string.punctuation} | {
    ord("@"): "&#64;&#8203;"
}
_PLACE: Final = re.compile(r"([\w.-]+\.py), line (\d+)")


class Place(NamedTuple):
    """A line of a student's file."""

    file: str
    line: int


def summary(view: View, limit: int = _SUMMARY_LIMIT) -> str:
    """Return the job summary of one submission: points of each task, and what is wrong.

    Parameters
    ----------
    limit : int
        In bytes; long texts are cut until it fits.
    """
    return fit(_summary, view, limit)


def _said_place(test: Shown) -> Place | None:
    match = _PLACE.search(test.text)
    return Place(match[1], int(match[2])) if match else None


def annotations(view: View, locate: Callable[[Shown], Place | None] = _said_place) -> str:
    """Return workflow commands: the score, and an error for each thing that is wrong.

    Tests that wait for another task are left out: mending that one comes first.

    Parameters
    ----------
    locate : callable
        Says where to point for a public test; by default, where its text says so.
    """
    wrong = [test for test in view.tests if test.outcome.is_wrong]
    wrong = [test for test in wrong if test.outcome is not Outcome.SKIPPED]
    absent = [test for test in view.tests if test.outcome is Outcome.NOT_RUN]
    # Those that say more come first, since there is room for ten only.
    wrong.sort(key=lambda test: (test.hidden, test.text == f"{test.task} is not written yet"))
    groups = _alike(wrong)
    shown = groups if len(groups) <= _MOST_ANNOTATIONS else groups[: _MOST_ANNOTATIONS - 1]
    lines = [_command("notice", view.points, title=view.assignment)]
    lines += [_command("notice", alike[0].text, title=alike[0].task) for alike in _alike(absent)]
    lines += [_annotation(alike, locate) for alike in shown]
    if rest := sum(map(len, groups[len(shown) :])):
        more = f"{rest} more tests do not pass; the job summary has them all."
        lines.append(_command("error", more, title=view.assignment))
    return "\n".join(lines) + "\n"


def _annotation(alike: list[Shown], locate: Callable[[Shown], Place | None]) -> str:
    first = alike[0]
    properties = {"title": cut(f"{first.task}: {first.name}", 200)}
    if not first.hidden and (place := locate(first)):
        properties = {"file": place.file, "line": str(place.line), **properties}
    more = f"\nand {len(alike) - 1} more alike" if len(alike) > 1 else ""
    return _command("error", cut(first.explanation, _LONGEST_MESSAGE) + more, **properties)


def _command(kind: str, message: str, **properties: str) -> str:
    listed = ",".join(
        f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
    )
    return f"::{kind} {listed}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _summary(view: View) -> str:
    blocks = [f"## {_literal(view.assignment)}: {view.points}", _literal(view.student)]
    blocks += [f"* {_literal(message)}" for message in view.messages]
    blocks.append(_table(view))
    for task in dict.fromkeys(test.task for test in view.tests):
        wrong = [test for test in view.tests if test.task == task and not test.passed]
        if wrong:
            blocks += [f"### {_literal(task)}", *_failures(wrong)]
    return "\n\n".join(blocks) + "\n"


def _table(view: View) -> str:
    lines = ["| task | points | tests passed |", "|---|--:|--:|"]
    for task in dict.fromkeys(test.task for test in view.tests):
        tests = [test for test in view.tests if test.task == task]
        score, points = total(t.score for t in tests), total(t.points for t in tests)
        passed = sum(test.passed for test in tests)
        lines.append(f"| {_literal(task)} | {score:g} of {points:g} | {passed} of {len(tests)} |")
    return "\n".join(lines)


def _failures(tests: list[Shown]) -> Iterator[str]:
    """Describe each failure; what is wrong with several tests alike is said once."""
    for alike in _alike(tests):
        yield "\n".join(
            f"* **{OUTCOMES[test.outcome]}**: {_literal(test.name)}"
            f" ({test.score:g} of {test.points:g})"
            for test in alike
        )
        text, hint = _said(alike[0])
        if text:
            yield _block(text)
        if hint:
            yield f"**hint**: {_literal(' '.join(hint.split()))}"


def _alike(tests: list[Shown]) -> list[list[Shown]]:
    groups: dict[tuple[str, str], list[Shown]] = {}
    for test in tests:
        groups.setdefault(_said(test), []).append(test)
    return list(groups.values())


def _said(test: Shown) -> tuple[str, str]:
    """Return what is wrong and the hint; of a test that waits, only that it waits."""
    if test.outcome is Outcome.SKIPPED:
        return test.text.partition("\n")[0], ""
    return test.text, test.hint


def _literal(text: str) -> str:
    """Write one line of Markdown that shows `text` and means nothing."""
    return text.translate(_ENTITIES)


def _block(text: str) -> str:
    """Write a block that shows `text` as it is; it ends only at its own </pre>."""
    return f"<pre>{html.escape(text)}</pre>"
