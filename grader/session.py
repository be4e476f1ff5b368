"""A grading session: the examiner and the worker zygote of one assignment.

    with Session(assignment, tests=("tests", "hidden_tests"), dataset="digits") as session:
        results = session.examine(sources, seed=1)

`examine` may be called from several threads; each call is one fork of the
examiner, which asks for workers of its own.
"""

import contextlib
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from grader import servers
from grader.course import DESCRIPTION, Assignment
from grader.cuda import device_nodes
from grader.errors import ClosedError, DeadlineError, GraderError, ProtocolError
from grader.results import Result, Test
from grader.sandbox.forkserver import Child, request_child
from grader.sandbox.privileges import refuse_inspection
from grader.sandbox.tier import Tier, explain, tier_of
from grader.servers import LONGEST_LOG, Server

_START_SECONDS: Final = 120.0
_GRACE_SECONDS: Final = 30.0  # beyond a submission's own limit, for the examiner's work


class ExaminerError(GraderError):
    """A submission could not be examined: our fault, never the student's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What came of one submission."""

    results: tuple[Result, ...]
    flags: tuple[str, ...]  # where an instructor should look


class Session:
    """Both fork servers of one assignment, ready to grade.

    Parameters
    ----------
    assignment : Assignment
        Read from the folder that holds the tests: the reference for a grade, a
        student's own folder for `grader test --isolated`.
    tests : sequence of str
        The folders of tests, relative to the assignment's.
    dataset : str
        The dataset the tests get.
    select : str
        Run only the tests that this `-k` expression matches.
    pictures : Path, optional
        Where to save a picture of each image that is wrong.
    cuda : bool
        Run the tests of the CUDA tier too, and let submissions use the GPU.

    Raises
    ------
    GraderError
        On entering, if the tests cannot be collected or no worker can be started.
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        tests: Sequence[str],
        dataset: str,
        select: str = "",
        pictures: Path | None = None,
        cuda: bool = False,
    ) -> None:
        self.assignment = assignment
        self.tier = Tier.NONE
        self.explanation = ""  # of the tier
        self.tests: tuple[Test, ...] = ()
        folder = assignment.folder.resolve()
        self._configuration = {
            "folder": str(folder),
            "tests": [str(folder / name) for name in tests],
            "hidden": "hidden_tests" in tests,
            "dataset": dataset,
            "select": select,
            "pictures": str(pictures.resolve()) if pictures else "",
            "cuda": cuda,
        }
        self._devices = device_nodes() if cuda else ()
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Start both servers, side by side."""
        refuse_inspection()  # this process has read every submission
        limits = self.assignment.limits
        with contextlib.ExitStack() as undo:
            undo.callback(self._cleanup.close)
            workers = servers.start_zygote(
                self.assignment.packages,
                memory_bytes=limits.memory_mb * 2**20,
                cpu_seconds=math.ceil(limits.submission_seconds) + 1,
                hidden=self.assignment.folder / DESCRIPTION,
                devices=self._devices,
            )
            self._cleanup.callback(workers.close)
            self._workers = workers
            examiner = servers.start_examiner(workers, self._configuration)
            self._cleanup.callback(examiner.close)
            self._control = examiner.control
            attestation = servers.attest(workers)
            self.tier, self.explanation = tier_of(attestation), explain(attestation)
            self.tests = self._describe_tests(examiner)
            undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End both servers, and whatever they have started."""
        self._cleanup.close()

    def examine(
        self, sources: Mapping[str, bytes], *, seed: int, order: int | None = None
    ) -> tuple[Result, ...]:
        """Run the tests on one submission, in an `order` drawn from that seed if there is one.

        Raises
        ------
        ExaminerError
            If no result came back, which is never the student's fault.
        """
        return self._examine(sources, seed=seed, order=order, flags=False).results

    def examine_and_flag(self, sources: Mapping[str, bytes], *, seed: int) -> Examined:
        """Run the tests on one submission, and find what deserves an instructor's look.

        Raises
        ------
        ExaminerError
            As `examine`.
        """
        return self._examine(sources, seed=seed, order=None, flags=True)

    def _examine(
        self, sources: Mapping[str, bytes], *, seed: int, order: int | None, flags: bool
    ) -> Examined:
        seconds = self.assignment.limits.submission_seconds + _GRACE_SECONDS
        request = {
            "sources": dict(sources),
            "seed": seed,
            "order": order,
            "tier": str(self.tier),
            "flags": flags,
        }
        try:
            child = request_child(self._control)
        except ClosedError:
            raise GraderError("the examiner has ended; run the same command again") from None
        with contextlib.closing(child):
            reply = _ask(child, request, seconds)
        if self._workers.has_ended():
            raise GraderError("the worker zygote has ended; run the same command again")
        found = json.loads(reply)
        return Examined(
            results=tuple(Result.from_json(entry) for entry in found["results"]),
            flags=tuple(found["flags"]),
        )

    @staticmethod
    def _describe_tests(examiner: Server) -> tuple[Test, ...]:
        try:
            with contextlib.closing(request_child(examiner.control)) as child:
                reply = _ask(child, None, _START_SECONDS)
        except (ClosedError, ExaminerError):
            raise GraderError(f"the tests cannot be collected:\n{examiner.log()}") from None
        return tuple(Test.from_json(entry) for entry in json.loads(reply))


def _ask(child: Child, request: object, seconds: float) -> bytes:
    """Send the examiner's child a request and return its answer."""
    deadline = time.monotonic() + seconds
    try:
        child.channel.send(request, deadline)
        reply = child.receive(deadline)
    except (ClosedError, DeadlineError, ProtocolError) as error:
        printed = child.take_output().strip()[-LONGEST_LOG:]
        raise ExaminerError(f"the examiner gave no answer: {error}\n{printed}".strip()) from None
    if not isinstance(reply, bytes):
        raise ExaminerError("the examiner gave an answer of the wrong kind")
    return reply
