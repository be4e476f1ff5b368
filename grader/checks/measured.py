"""Keep the accuracy that a test measures, until its result is written.

`assert_accuracy` notes it here for passing and failing tests alike, so that no
test has to hand it on. A test that measures twice must do so well both times:
the lowest counts.
"""

from contextvars import ContextVar

_accuracy: ContextVar[float | None] = ContextVar("accuracy", default=None)


def note_accuracy(accuracy: float) -> None:
    """Keep an accuracy, unless a lower one was measured since `forget_accuracy`."""
    before = _accuracy.get()
    _accuracy.set(accuracy if before is None else min(before, accuracy))


def forget_accuracy() -> None:
    """Begin another test."""
    _accuracy.set(None)


def measured_accuracy() -> float | None:
    """Return what the test has measured, or None if it measured nothing."""
    return _accuracy.get()
