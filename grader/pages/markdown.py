"""A student's page as Markdown, for a pull request, an issue or a mail.

Trust: what may be a student's own words stands in code, whose fence is longer than any
run of backticks in it; every other text is escaped mark by mark. So nothing in it
becomes a link, an image, HTML or a mention.
"""

import re
from collections.abc import Iterable, Iterator

from grader.exports.texts import number
from grader.pages.cards import Card, Line
from grader.pages.student import StudentPage, TaskPart
from grader.pages.words import counted

_MARK = re.compile(r"([\\`*_\[\]<>#&|~$])")
_BACKTICKS = re.compile(r"`+")


def student_markdown(page: StudentPage) -> str:
    """Return the page as Markdown."""
    return "\n\n".join(_blocks(page)) + "\n"


def _blocks(page: StudentPage) -> Iterator[str]:
    yield f"# {_literal(page.title)}"
    yield f"{_code(page.student)}, {_literal(page.assignment)}"
    raw = f"; {counted(page.raw_score, 'point')} from the tests"
    said = page.summary + (raw if page.raw_score != page.score else "")
    yield f"**{number(page.score)} of {number(page.max_score)} points.** {_literal(said)}"
    yield f"**{_literal(page.next_step)}**"
    if page.messages:
        yield "\n".join(f"* {_code(message)}" for message in page.messages)
    if page.tasks:
        yield _table(page.tasks)
    wrong = [task for task in page.tasks if task.cards]
    if wrong:
        yield "## What to mend"
    for task in wrong:
        yield f"### {_literal(task.name)}"
        yield from _task(task)
    yield "## How this was graded"
    yield "\n".join(f"* {word}: {_literal(fact)}" for word, fact in page.facts.items())


def _table(tasks: Iterable[TaskPart]) -> str:
    rows = [
        f"| {_literal(task.name)} | {number(task.score)} of {number(task.points)}"
        f" | {_literal(task.not_run) or f'{len(task.passed)} of {task.count}'} |"
        for task in tasks
    ]
    return "\n".join(["| task | points | tests passed |", "|---|--:|--:|", *rows])


def _task(task: TaskPart) -> Iterator[str]:
    if task.unwritten:
        yield f"{_literal(task.name)} is not written yet."
        return
    if task.like:
        yield f"The same as with {_literal(task.like)}: {_code(task.alike)}"
        return
    for hint in task.hints:
        yield f"Hint for {hint.tests} of these tests: {_literal(hint.text)}"
    for card in task.cards:
        yield from _card(card)


def _card(card: Card) -> Iterator[str]:
    yield "\n".join(f"* **{card.word}**: {_test(test)}" for test in card.tests)
    yield _fenced(card.message.text)
    if card.pictures:
        yield "\n".join(f"* picture: {_literal(each.alt)}" for each in card.pictures)
    if card.hint:
        yield f"Hint: {_literal(card.hint)}"


def _test(test: Line) -> str:
    hidden = " (hidden test)" if test.hidden else ""
    earned = f"{number(test.score)} of {counted(test.points, 'point')}"
    return f"{_literal(test.title)}{hidden} ({earned})"


def _literal(text: str) -> str:
    """Write one line of Markdown that shows `text` and means nothing."""
    return _MARK.sub(r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """Write a code span that shows one line of `text` as it is."""
    line = " ".join(text.split())
    fence = "`" * (_longest_run(line) + 1)
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def _fenced(text: str) -> str:
    """Write a block that shows `text` as it is."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
