"""The trusted side of the sandbox: start workers, call into them, replace them.

Trust: everything a worker sends is written by the student's process. An answer
counts only if it is well formed, answers the question asked (each carries a
token of its own) and comes before the deadline; then it is plain data, and
handles that mean nothing but to be sent back.
"""

import contextlib
import math
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from grader.crossing import Handles, Proxy, Request
from grader.errors import (
    ClosedError,
    DeadlineError,
    GraderError,
    ProtocolError,
    UnusableError,
)
from grader.raised import StudentError, as_raised
from grader.sandbox.forkserver import Child, FloodError, request_child
from grader.sandbox.tier import Tier, tier_of

_START_SECONDS: Final = 30.0
_END_SECONDS: Final = 2.0


class SandboxError(Exception):
    """The sandbox itself does not work: our fault, never the student's."""


class WorkerEndedError(Exception):
    """The worker died or broke the protocol; the sentence is for the student."""


# What an error in a function that the submission called back is, if it is not the caller's.
_VERDICTS: Final = (
    ClosedError,
    DeadlineError,
    GraderError,
    ProtocolError,
    SandboxError,
    StudentError,
    UnusableError,
    WorkerEndedError,
)


class Worker:
    """A process that runs one submission, started on first use and after each death.

    Parameters
    ----------
    control : socket
        The worker zygote's control socket.
    sources : mapping of str to bytes
        The submission.
    expected : Tier
        The isolation that every worker must attest before it gets the sources.

    Attributes
    ----------
    life : object
        Another one for each process and each test: an object of the submission
        lives as long as that. Handles from another life stand for nothing.
    """

    def __init__(
        self, control: socket.socket, sources: Mapping[str, bytes], expected: Tier
    ) -> None:
        self._control = control
        self._sources = dict(sources)
        self._expected = expected
        self._child: Child | None = None
        self._forgets = False
        self._last_words = ""
        self.life = object()
        self.cpu_seconds = math.inf  # of the worker that last ran out of time, in its whole life

    def forget(self) -> None:
        """Let go of the submission's objects: a test begins."""
        self.life = object()
        self._forgets = True

    def call(
        self,
        owner: str | Proxy | None,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        *,
        observe: bool,
        deadline: float,
        handles: Handles | None = None,
    ) -> dict[str, Any]:
        """Call into the submission; the answer is data and handles, and still a claim.

        What `owner` and `name` mean is said in `Request`. An argument may itself be
        a function. It stays here: the submission's calls of it come back as questions,
        and are answered in between.

        Raises
        ------
        DeadlineError
            If no answer came before the absolute deadline.
        WorkerEndedError
            If the worker died, or sent something else than an answer.
        SandboxError
            If no worker could be started, or it attests too little.
        """
        callbacks: dict[int | str, Callable[..., Any]] = {}
        if any(map(callable, args)) or any(map(callable, kwargs.values())):
            callbacks = _callbacks(args, kwargs)
            args = [None if place in callbacks else value for place, value in enumerate(args)]
            kwargs = {key: None if key in callbacks else value for key, value in kwargs.items()}
        question = Request(
            token=secrets.token_hex(8),
            owner=owner,
            name=name,
            args=list(args),
            kwargs=dict(kwargs),
            callbacks=list(callbacks),
            observe=observe,
            forget=self._forgets,
        )
        child = self._child or self._start()
        child.channel.handles = handles
        try:
            return self._ask(child, question, callbacks, deadline)
        except BaseException as error:
            try:
                if isinstance(error, DeadlineError):
                    ending = child.stop(time.monotonic() + _END_SECONDS)
                    self.cpu_seconds = ending.cpu_seconds if ending else math.inf
                ended = self._why_it_ended(child, error)
            finally:
                self.close()  # whatever went wrong, this worker is not asked again
            if ended:
                raise WorkerEndedError(ended) from None
            raise

    def _ask(
        self,
        child: Child,
        question: Request,
        callbacks: Mapping[int | str, Callable[..., Any]],
        deadline: float,
    ) -> dict[str, Any]:
        child.channel.send(tuple(question), deadline)
        self._forgets = False
        while True:
            reply = child.receive(deadline)
            if (
                type(reply) is not dict
                or type(reply.get("id")) is not str  # an array would be compared by element
                or reply["id"] != question.token
            ):
                raise ProtocolError("it answered a question that was not asked")
            if "callback" not in reply:
                return reply
            with _blaming(question.name or "a call"):
                value = _call_back(callbacks, reply)
                if self._child is not child:
                    raise ClosedError("it ended while it was called in turn")
                child.channel.send({"value": value}, deadline)

    def take_output(self) -> str:
        """Return what the submission printed since the last call, a dead worker's too."""
        printed = self._last_words + (self._child.take_output() if self._child else "")
        self._last_words = ""
        return printed

    def close(self) -> None:
        """Kill the worker, if there is one."""
        if self._child is not None:
            self._last_words = self._child.take_output()
            self._child.close()
            self._child = None

    def _start(self) -> Child:
        child, attestation = start_worker(self._control)
        attested = tier_of(attestation)
        if attested is not self._expected:
            child.close()
            raise SandboxError(f"a worker attested {attested}, not {self._expected}")
        try:
            child.channel.send(self._sources, time.monotonic() + _START_SECONDS)
        except (ClosedError, DeadlineError) as error:
            child.close()
            raise SandboxError(f"a worker took no sources ({error})") from None
        self._child, self.life = child, object()
        return child

    @staticmethod
    def _why_it_ended(child: Child, error: BaseException) -> str:
        """Say what became of the worker, or nothing if it is not to blame for the error."""
        if isinstance(error, ProtocolError):
            return "interfered with the grader's connection"
        if not isinstance(error, ClosedError):
            return ""
        if isinstance(error, FloodError):
            return f"was stopped: {error}"
        ending = child.ending(time.monotonic() + _END_SECONDS)
        if ending is None:
            return "closed its connection to the grader"
        return f"ended the whole process ({_status(ending.status)})"


def _status(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"


def _callbacks(
    args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[int | str, Callable[..., Any]]:
    """Return the arguments that are functions of this side, and do not live in the worker."""
    positions: list[tuple[int | str, Any]] = [*enumerate(args), *kwargs.items()]
    return {
        position: value
        for position, value in positions
        if callable(value) and not isinstance(value, Proxy)
    }


def _call_back(
    callbacks: Mapping[int | str, Callable[..., Any]], request: Mapping[str, Any]
) -> Any:
    """Call a test's function as the submission asks."""
    position, arguments = request["callback"], request.get("args")
    if type(position) not in (int, str) or position not in callbacks or type(arguments) is not list:
        raise ProtocolError("it called a function that it was not given")
    return callbacks[position](*arguments)


@contextlib.contextmanager
def _blaming(function: str) -> Iterator[None]:
    """Make an error in a test's function one of the submission, which called it.

    The same function works for the reference. Otherwise a submission could make the
    reference raise, and pass for a defect of ours. A verdict of the test itself, and
    what is our fault, stay what they are.
    """
    try:
        yield
    except (AssertionError, *_VERDICTS):
        raise
    except Exception as error:
        builtin = next(c for c in type(error).__mro__ if c.__module__ == "builtins")
        facts = {
            "type": type(error).__name__,
            "builtin": builtin.__name__,
            "message": str(error),
            "place": "the function of the test, which it called with this",
        }
        raise as_raised(function, facts) from error


def start_worker(control: socket.socket) -> tuple[Child, dict[str, Any]]:
    """Fork one confined worker; return it with its attestation.

    The attestation is believable because it is sent before the worker has seen a
    single byte of a submission.
    """
    try:
        child = request_child(control)
    except ClosedError as error:
        raise SandboxError(f"no worker could be started ({error})") from None
    try:
        return child, child.receive(time.monotonic() + _START_SECONDS)
    except (ClosedError, DeadlineError, ProtocolError) as error:
        child.close()
        raise SandboxError(f"no worker could be started ({error})") from None
