"""Run calls side by side, and stop all of them when one goes wrong."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

T = TypeVar("T")


def as_done(
    calls: Iterable[Callable[[], T]], *, jobs: int, abandon: Callable[[], object]
) -> Iterator[T]:
    """Yield what each call returns, as soon as it is there.

    Parameters
    ----------
    calls : iterable of callable
        What to call, each in one of `jobs` threads.
    abandon : callable
        Called when the rest is not wanted: after an error, Ctrl-C, or when nobody
        asks for more. It ends what is still running.
    """
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(call) for call in calls]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            abandon()
            raise
