"""A submission in a worker, as a test sees it.

    net = student.network.TwoLayerNet(hidden=8, rng=rng)
    loss, gradients = net.backward(X, labels)

Data comes back as a copy. What is no data, such as `net`, stays in the worker;
here a proxy stands for it, and whatever is done to that is done there.

Trust: what comes back is plain data, handles, or a text that names an exception.
A handle is a number to send back and a name to show; the checks never ask the
object behind it anything. Texts are cleaned of control characters here and
escaped by whoever shows them.
"""

import contextlib
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader.alarm import TimeUp, alarm
from grader.errors import DeadlineError, UnusableError
from grader.proxies import Deed, Proxies, RemoteFunction
from grader.raised import StudentError, as_raised, claimed_text, clean
from grader.results import Outcome
from grader.sandbox.workers import Worker, WorkerEndedError
from grader.student import Module

_GRACE_SECONDS: Final = 5.0  # for the test's own work on a submission's answers


class RemoteModules:
    """The modules of a submission, in a worker."""

    def __init__(self, worker: Worker, sources: Mapping[str, bytes]) -> None:
        self.incident: Outcome | None = None
        self.starved = False  # whether the time ran out on a machine that was busy elsewhere
        self._worker = worker
        self._sources = sources
        self._proxies = Proxies(self, worker)
        self._began = self._deadline = 0.0

    def __getattr__(self, module: str) -> Module:
        def find(name: str, function: str) -> RemoteFunction:
            return RemoteFunction(self, name, function)

        found = Module(module, find, self.source(f"{module}.py"))
        self.__dict__[module] = found  # the next time it is there
        return found

    def source(self, file: str) -> bytes | None:
        """Return a file's content, or None if it is missing."""
        return self._sources.get(file)

    def begin(self, deadline: float) -> None:
        """Start a test: its calls must be answered by the absolute deadline."""
        self._began, self._deadline = time.monotonic(), deadline
        self.incident, self.starved = None, False
        self._worker.forget()
        self._worker.take_output()

    def interrupted(self) -> contextlib.AbstractContextManager[object]:
        """Stop a test that is itself too slow: every call has its deadline already."""
        return alarm(self._deadline + _GRACE_SECONDS)

    def printed(self) -> str:
        """Return what the submission printed since the test began."""
        return clean(self._worker.take_output())

    def explain(self, error: BaseException | None) -> str:
        """Return the sentence of an exception that came from the worker."""
        if error is None or isinstance(error, UnusableError):
            return str(error or "")
        return error.sentence if isinstance(error, StudentError) else ""

    def do(
        self, deed: Deed, args: Sequence[Any], kwargs: Mapping[str, Any], *, observe: bool = False
    ) -> dict[str, Any]:
        """Call into the worker; raise what the submission raised."""
        try:
            reply = self._worker.call(
                deed.owner,
                deed.name,
                args,
                kwargs,
                observe=observe,
                deadline=self._deadline,
                handles=self._proxies,
            )
        except (DeadlineError, TimeUp) as error:
            self.incident = Outcome.TIMEOUT
            waited = time.monotonic() - self._began
            self.starved = (
                isinstance(error, DeadlineError) and self._worker.cpu_seconds < waited / 2
            )
            raise UnusableError(f"{deed.title} was still running when its time was up") from None
        except WorkerEndedError as error:
            self.incident = Outcome.CRASHED
            raise UnusableError(f"{deed.title} {error}") from None
        if "value" in reply:
            return reply
        if "raised" in reply:
            raise as_raised(deed.title, reply["raised"])
        if "refused" in reply:
            reason = f"{deed.title} returned {claimed_text(reply['refused'])}"
            raise UnusableError(f"{reason}; return numbers, arrays or lists of them")
        raise UnusableError(claimed_text(reply.get("unusable")))
