"""Interrupt code of this process when its time is up, where the system can."""

import contextlib
import signal
import time
from collections.abc import Iterator


class TimeUp(BaseException):
    """The current test's time is up."""


@contextlib.contextmanager
def alarm(deadline: float) -> Iterator[None]:
    """Raise `TimeUp` at the absolute `time.monotonic()` deadline."""
    if not hasattr(signal, "setitimer"):  # Windows: a student there presses Ctrl-C
        yield
        return

    def ring(*_: object) -> None:
        raise TimeUp

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(0.001, deadline - time.monotonic()))
    try:
        yield
    finally:
        stop_alarm()
        signal.signal(signal.SIGALRM, previous)


def stop_alarm() -> None:
    """Let the current test take as long as it likes."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
