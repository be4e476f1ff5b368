"""The alarm: code that does not end is interrupted, and nothing is left ticking."""

import contextlib
import signal
import time
from collections.abc import Iterator

import pytest

from grader.alarm import TimeUp, alarm, stop_alarm

needs_timer = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system cannot interrupt itself"
)


@pytest.fixture
def handler() -> Iterator[object]:
    """Install a handler of someone else's for the signal, and give it."""

    def ring(*_: object) -> None:
        return

    before = signal.signal(signal.SIGALRM, ring)
    yield ring
    signal.signal(signal.SIGALRM, before)


def soon() -> float:
    return time.monotonic() + 0.05


def wait_until_after(deadline: float) -> None:
    while time.monotonic() < deadline + 0.05:
        time.sleep(0.01)


def loop_without_end() -> None:
    while True:
        pass


def is_ticking() -> bool:
    return signal.getitimer(signal.ITIMER_REAL)[0] > 0


@needs_timer
def test_an_endless_loop_is_interrupted():
    """At the deadline, TimeUp is raised in whatever runs."""
    with pytest.raises(TimeUp), alarm(soon()):
        loop_without_end()


@needs_timer
def test_a_loop_that_catches_every_exception_is_interrupted():
    """`except Exception` does not catch it."""

    def stubborn() -> None:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    with pytest.raises(TimeUp), alarm(soon()):
        stubborn()


@needs_timer
def test_a_deadline_that_has_passed_rings_at_once():
    """Time that is up already is no time without end."""
    with pytest.raises(TimeUp), alarm(time.monotonic() - 1):
        loop_without_end()


@needs_timer
def test_everything_is_as_before_afterwards(handler):
    """When the block is done, the timer is off and the earlier handler is back."""
    with alarm(time.monotonic() + 1000):
        assert signal.getsignal(signal.SIGALRM) is not handler
        assert is_ticking()
    assert signal.getsignal(signal.SIGALRM) is handler
    assert not is_ticking()


@needs_timer
@pytest.mark.parametrize("error", [ValueError, TimeUp])
def test_an_error_passes_and_everything_is_as_before(handler, error):
    """What the block raises is raised on, by a clock that has stopped."""
    with pytest.raises(error), alarm(time.monotonic() + 1000):
        raise error
    assert signal.getsignal(signal.SIGALRM) is handler
    assert not is_ticking()


@needs_timer
def test_a_stopped_alarm_does_not_ring():
    """Whoever is debugging has time."""
    deadline = soon()
    with alarm(deadline):
        stop_alarm()
        wait_until_after(deadline)


def test_a_system_without_a_timer_lets_the_code_run(monkeypatch):
    """Where nothing can ring, nothing fails either."""
    monkeypatch.delattr(signal, "setitimer", raising=False)
    deadline = soon()
    with alarm(deadline):
        wait_until_after(deadline)
    stop_alarm()
