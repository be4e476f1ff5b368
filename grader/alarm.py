"""Interrupt code of this process when its time is up, where the system can."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator


class TimeUp(BaseException):
    """The current test's time is up."""


@contextlib.contextmanager
def alarm(deadline: float) -> Iterator[Callable[[], bool]]:
    """Raise `TimeUp` at the absolute `time.monotonic()` deadline.

    Yields a function that says whether it came to that: a bare `except:` in the
    code may have swallowed the exception, in which case it is raised again at the end.
    """
    rang = False
    if not hasattr(signal, "setitimer"):  # Windows: a student there presses Ctrl-C
        yield lambda: rang
        return

    def ring(*_: object) -> None:
        nonlocal rang
        rang = True
        raise TimeUp

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(0.001, deadline - time.monotonic()))
    try:
        yield lambda: rang
    finally:
        stop_alarm()
        signal.signal(signal.SIGALRM, previous)
    if rang:
        raise TimeUp


def stop_alarm() -> None:
    """Let the current test take as long as it likes."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
