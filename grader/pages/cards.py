"""What is wrong in one task: each mistake once, with the tests that show it.

Several tests may say the same, and several may have the same hint: a hint that is
good for more than one card stands above them all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from grader.exports.view import Shown
from grader.pages.parts import Message, take_apart
from grader.reports.terminal import OUTCOMES
from grader.results import Drawing, Outcome, Result, Visibility

Pair = tuple[Shown, Result]  # a test as its student may see it, and all that is known of it

_HIDDEN_ALIKE: Final = {
    Outcome.FAILED: "These hidden tests do not pass.",
    Outcome.TIMEOUT: "Your code ran out of time in these hidden tests.",
    Outcome.CRASHED: "Your code ended its process in these hidden tests.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A test in one line."""

    title: str
    name: str  # "test_corners"; "" when hidden
    hidden: bool
    score: float
    points: float
    accuracy: float | None
    pictures: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing that is wrong, and the tests that show it."""

    outcome: Outcome
    word: str
    tests: tuple[Line, ...]
    message: Message
    hint: str

    @property
    def pictures(self) -> tuple[Drawing, ...]:
        """What to look at; tests that say the same show the same."""
        if self.outcome is Outcome.SKIPPED:
            return ()
        return next((test.pictures for test in self.tests if test.pictures), ())

    @property
    def all_hidden(self) -> bool:
        """Whether its headline speaks of hidden tests already."""
        return not any(test.name for test in self.tests)


@dataclass(frozen=True, slots=True)
class SharedHint:
    """A hint that several cards have in common."""

    text: str
    tests: int


def line(shown: Shown, result: Result) -> Line:
    """Describe a test in one line."""
    return Line(
        title=shown.name,
        name=shown.test.partition("::")[2],
        hidden=result.visibility is Visibility.HIDDEN,
        score=shown.score,
        points=shown.points,
        accuracy=result.accuracy,
        # What a hidden test looks at is hidden too; `shown` says whether it still is.
        pictures=() if shown.hidden else result.pictures,
    )


def cards(pairs: Sequence[Pair]) -> tuple[Card, ...]:
    """Describe each failure; what several tests say alike is said once.

    Of a test that waits for another task only that is said: mending that one comes
    first.
    """
    alike: dict[tuple[Outcome, str, str], list[Pair]] = {}
    for shown, result in pairs:
        if shown.outcome.is_wrong:
            waits = shown.outcome is Outcome.SKIPPED
            text = shown.text.partition("\n")[0] if waits else shown.text
            key = shown.outcome, text, "" if waits else shown.hint
            alike.setdefault(key, []).append((shown, result))
    return tuple(_card(*key, group) for key, group in alike.items())


def share_hints(found: Sequence[Card]) -> tuple[tuple[SharedHint, ...], tuple[Card, ...]]:
    """Take the hints that several cards have in common out of them."""
    times = Counter(card.hint for card in found if card.hint)
    shared = tuple(
        SharedHint(hint, sum(len(card.tests) for card in found if card.hint == hint))
        for hint, count in times.items()
        if count > 1
    )
    without = [replace(card, hint="") if times[card.hint] > 1 else card for card in found]
    return shared, tuple(without)


def _card(outcome: Outcome, text: str, hint: str, group: Sequence[Pair]) -> Card:
    lines = tuple(line(*pair) for pair in group)
    if len(lines) > 1 and not any(test.name for test in lines):
        text = _HIDDEN_ALIKE.get(outcome, text)
    return Card(
        outcome=outcome,
        word=OUTCOMES[outcome],
        tests=lines,
        message=take_apart(text),
        hint=hint,
    )
