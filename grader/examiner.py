"""The examiner: the process that knows the answers and runs no student's code.

    python -P -m grader.examiner WORKERS CONFIGURATION CONTROL

It is a pytest run that collects an assignment's tests once and then serves:
each request forks a child, which runs the collected tests on one submission,
calls into a worker for everything that is the student's, and sends back a list
of results.
"""

import json
import os
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import numpy.random  # a child that first needed it would pay for its load
import pytest

from grader import data
from grader.course import read_assignment
from grader.direct import call_directly, is_direct
from grader.examination import Examination
from grader.flags import find_flags
from grader.misconceptions import Misconceptions
from grader.plugin import CUDA, DATASET, EXAMINATIONS, NOT_RUN, PLUGINS, TEST, write_no_tracebacks
from grader.protocol import Channel
from grader.remote import RemoteModules
from grader.results import Test
from grader.sandbox import forkserver, torch_warmup
from grader.sandbox.tier import Tier
from grader.sandbox.workers import Worker
from grader.student import Reference, own_files

DIRECT = pytest.StashKey[bool]()  # whether an item can be called without pytest


class Examiner:
    """The pytest plugin that serves instead of running the tests itself."""

    def __init__(
        self, control: socket.socket, workers: socket.socket, configuration: dict[str, Any]
    ) -> None:
        self._control = control
        self._workers = workers
        self._configuration = configuration
        self._assignment = read_assignment(Path(configuration["folder"]))
        folder = self._assignment.folder
        self._known = Misconceptions.read(folder)
        self._provided = own_files(folder, self._assignment.provided)
        self._free = self._assignment.unbanned_files
        # In a student's own folder the "reference" would be the student's code.
        self._reference = (
            Reference(folder, own_files(folder, self._assignment.modules))
            if configuration["hidden"]
            else None
        )

    def pytest_configure(self, config: pytest.Config) -> None:
        """Load the data before the first fork, so that the children share it."""
        write_no_tracebacks(config)
        config.stash[DATASET] = self._configuration["dataset"]
        config.stash[CUDA] = self._configuration["cuda"]
        _ = data.load(config.stash[DATASET]).pixel_mean  # which each child would work out anew

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Fork for each submission until the last client is gone."""
        if session.testsfailed:
            return True  # the reports of what could not be collected are on stderr
        if self._reference is not None:
            self._reference.load()
        torch_warmup.warm_up()
        for item in session.items:
            _ = item.location  # computed here once, it is cached for every child
            item.stash[DIRECT] = is_direct(item)
        channel = forkserver.serve(self._control, keep=[self._workers.fileno()])
        if channel is not None:
            try:
                self._answer(channel, session)
            except BaseException:
                traceback.print_exc()  # who asked reads it in place of the answer
                sys.stderr.flush()
            finally:
                os._exit(0)  # unconfiguring pytest would cost more than many a submission
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Spare a test pytest's machinery where it makes no difference."""
        if not (isinstance(item, pytest.Function) and item.stash[DIRECT]):
            return None  # pytest runs it
        call_directly(item, item.config.stash[EXAMINATIONS][self._assignment.folder])
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say what could not be collected."""
        if report.failed:
            print(report.longreprtext, file=sys.stderr)

    def _answer(self, channel: Channel, session: pytest.Session) -> None:
        request = channel.receive()
        tests = [item.stash[TEST] for item in session.items if TEST in item.stash]
        if request is None:
            channel.send(json.dumps([test.to_json() for test in tests]).encode())
            return
        examination = self._examine(session, tests, request)
        if self._configuration["pictures"]:
            examination.save_pictures(Path(self._configuration["pictures"]))
        results = [result.to_json() for result in examination.results()]
        # Here and not in the grader itself: no source can take more down than this process.
        flags = find_flags(request["sources"], self._free) if request["flags"] else ()
        channel.send(json.dumps({"results": results, "flags": flags}).encode())

    def _examine(
        self, session: pytest.Session, tests: list[Test], request: dict[str, Any]
    ) -> Examination:
        """Run every collected test on one submission."""
        sources = request["sources"] | self._provided
        worker = Worker(self._workers, sources, Tier(request["tier"]))
        examination = Examination(
            self._assignment,
            RemoteModules(worker, sources),
            tests,
            reference=self._reference,
            known=self._known,
            seed=request["seed"],
            deadline=time.monotonic() + self._assignment.limits.submission_seconds,
            pictures=bool(self._configuration["pictures"]),
        )
        session.config.stash[EXAMINATIONS][self._assignment.folder] = examination
        items = [item for item in session.items if TEST in item.stash]
        if request["order"] is not None:
            drawn = numpy.random.default_rng(request["order"]).permutation(len(items))
            items = [items[position] for position in drawn]
        for item, following in zip(items, [*items[1:], None], strict=True):
            if NOT_RUN in item.stash:
                examination.record_not_run(item.stash[TEST], item.stash[NOT_RUN])
                continue
            if examination.out_of_time():
                examination.record_too_late(item.stash[TEST])
                continue
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if examination.deserves_another_try(item.stash[TEST]):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        worker.close()
        return examination


def main() -> int:
    """Collect and serve."""
    workers, text, control = sys.argv[1:]
    configuration = json.loads(text)
    sys.dont_write_bytecode = True  # the folder that holds the tests is read, never written to
    examiner = Examiner(
        socket.socket(fileno=int(control)), socket.socket(fileno=int(workers)), configuration
    )
    folder = configuration["folder"]
    # A conftest.py above the tests is the student's, if the folder is.
    own = folder if configuration["hidden"] else f"{folder}/tests"
    options = [f"--rootdir={folder}", f"--confcutdir={own}", "-c", os.devnull]
    options += [
        "--import-mode=importlib",
        "--strict-markers",
        "--capture=no",
        *PLUGINS,
    ]
    selection = ["-k", configuration["select"]] if configuration["select"] else []
    return int(pytest.main([*options, *selection, *configuration["tests"]], plugins=[examiner]))


if __name__ == "__main__":
    raise SystemExit(main())
