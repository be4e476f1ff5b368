"""Train many variants side by side, each under a seed of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from grader.authoring.trials import Run, Sources
from grader.session import Session


@dataclass(frozen=True, slots=True)
class Training:
    """A variant, and the seed of its random numbers."""

    sources: Sources
    seed: int


def train_all(
    session: Session, trainings: Iterable[Training], tick: Callable[[], None], *, jobs: int
) -> list[Run]:
    """Examine each, call `tick` after each; return what they came to, in their order."""
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(session.examine, t.sources, seed=t.seed) for t in trainings]
        try:
            for future in as_completed(futures):
                future.result()
                tick()
        except BaseException:  # Ctrl-C, or a fault of ours: stop what is still running
            pool.shutdown(wait=False, cancel_futures=True)
            session.close()
            raise
    return [Run(future.result()) for future in futures]
