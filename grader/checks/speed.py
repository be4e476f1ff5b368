"""Compare the speed of two functions.

Seconds mean nothing on a machine that others use too; a ratio measured in one
run does. The two are timed in turn, so that a disturbance meets both, and the
median of several rounds forgets the rounds that were disturbed.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from grader.checks.calls import name_of
from grader.checks.failure import CheckFailure

_SHORTEST = 0.002  # seconds that one measurement lasts at least, by calling repeatedly
_ATTEMPTS = 4  # rounds are added before the verdict is that it is too slow


def assert_faster(
    f: Callable[..., Any],
    than: Callable[..., Any],
    ratio: float,
    *,
    args: Sequence[Any] = (),
    rounds: int = 5,
    name: str = "",
    than_name: str = "",
    hint: str = "",
) -> None:
    """Fail unless `f` is at least `ratio` times as fast as `than`.

    Parameters
    ----------
    f, than : callable
        Both are called with `args`, once to be warm and then in turn. If they
        live in another process, what a call costs to get there counts too: let
        the work be large against it.
    ratio : float
        How many times as fast `f` must be. Demand half of what a good solution
        reaches: the verdict is then the same on a busy machine.
    args : sequence
        The arguments of both.
    rounds : int
        How often each is timed before the first verdict; up to four times as
        often before the verdict is that `f` is too slow.
    name, than_name : str
        What to call the functions in the message; their own names if left out.
    hint : str
        What a student should think about when this fails.

    Raises
    ------
    CheckFailure
        If `f` is too slow.
    """
    __tracebackhide__ = True
    fast, slow = _Stopwatch(f, args), _Stopwatch(than, args)
    for _ in range(_ATTEMPTS):
        for _ in range(rounds):
            fast.measure()
            slow.measure()
        # Of each pair, because a disturbance that lasts meets both alike.
        pairs = zip(slow.seconds, fast.seconds, strict=True)
        measured = statistics.median(long / short for long, short in pairs)
        if measured >= ratio:
            return
    message = (
        f"{name or name_of(f)} is {measured:.3g} times as fast as {than_name or name_of(than)},"
        f" expected at least {ratio:g} times\n"
        f"  medians: {fast.median()} against {slow.median()}"
    )
    raise CheckFailure(message, hint)


class _Stopwatch:
    """Times one function, calling it so often that the clock's own noise is small."""

    def __init__(self, function: Callable[..., Any], args: Sequence[Any]) -> None:
        self._function = function
        self._args = args
        self._calls = 1
        self.seconds: list[float] = []
        self._time()  # the first call of anything is the slowest
        self._calls = max(1, round(_SHORTEST / max(self._time(), 1e-7)))

    def measure(self) -> None:
        """Take one measurement."""
        self.seconds.append(self._time())

    def median(self) -> str:
        """Write the median time of one call."""
        return f"{1000 * statistics.median(self.seconds):.3g} ms"

    def _time(self) -> float:
        """Give the seconds of one call."""
        start = time.perf_counter()
        for _ in range(self._calls):
            self._function(*self._args)
        return (time.perf_counter() - start) / self._calls
