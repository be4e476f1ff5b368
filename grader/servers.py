"""Start the two fork servers of a grading run as processes.

The worker zygote gets next to nothing of our environment and, where bubblewrap
is there, of our file system. The examiner gets the zygote's control socket, so
that each of its children can ask for workers.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

import grader
from grader.errors import GraderError
from grader.sandbox import policy, tier
from grader.sandbox.workers import SandboxError, start_worker
from grader.threads import ONE_THREAD

LONGEST_LOG: Final = 4000
_END_SECONDS: Final = 5.0
_PACKAGE: Final = Path(grader.__file__).resolve().parent
# What numpy must know about the machine; nothing else of our environment reaches a worker.
_PASSED_ON: Final = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "LD_LIBRARY_PATH")


class Server:
    """A fork server's process, our end of its control socket, and its complaints."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        keep: Sequence[socket.socket] = (),
    ) -> None:
        self.control, theirs = socket.socketpair()
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                [*command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=dict(environment),
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us to handle
                pass_fds=[theirs.fileno(), *(file.fileno() for file in keep)],
            )

    def has_ended(self) -> bool:
        """Whether the process is gone, which it should not be before `close`."""
        return self._process.poll() is not None

    def log(self) -> str:
        """Return the end of what the server complained about."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace")[-LONGEST_LOG:].strip()

    def close(self) -> None:
        """Close the control socket, upon which the server ends with all its children."""
        self.control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()


def start_zygote(
    packages: Sequence[str],
    *,
    memory_bytes: int,
    cpu_seconds: int,
    hidden: Path,
    threads: bool = False,
    devices: Sequence[str] = (),
) -> Server:
    """Start the worker zygote.

    Parameters
    ----------
    packages : sequence of str
        What submissions may import besides the standard library.
    memory_bytes, cpu_seconds : int
        The limits of each worker.
    hidden : Path
        A file that no worker may read, to try on.
    threads : bool
        Whether a worker may start threads.
    devices : sequence of str
        The device files of a GPU that workers may use; its driver needs threads.
    """
    readable, listable = policy.interpreter_paths(packages)
    configuration = {
        "packages": list(packages),
        "hidden": str(hidden.resolve()),
        "policy": {
            "readable": readable,
            "listable": listable,
            "memory_bytes": memory_bytes,
            "cpu_seconds": cpu_seconds,
            "threads": threads or bool(devices),
            "devices": devices,
        },
    }
    namespaces = tier.bubblewrap_prefix([*readable, *listable, str(_PACKAGE)], devices)
    module = [sys.executable, "-P", "-m", "grader.sandbox.zygote", json.dumps(configuration)]
    return Server([*namespaces, *module], _bare_environment())


def start_examiner(workers: Server, configuration: Mapping[str, object]) -> Server:
    """Start the examiner, which will ask `workers` for workers."""
    module = [sys.executable, "-P", "-m", "grader.examiner"]
    arguments = [str(workers.control.fileno()), json.dumps(configuration)]
    environment = os.environ | ONE_THREAD
    environment.pop("PYTEST_ADDOPTS", None)
    if data := environment.get("GRADER_DATA"):
        environment["GRADER_DATA"] = str(
            Path(data).absolute()
        )  # it has a working directory of its own
    return Server([*module, *arguments], environment, keep=[workers.control])


def attest(workers: Server) -> dict[str, Any]:
    """Learn from a first worker what isolation this machine gives."""
    try:
        child, attestation = start_worker(workers.control)
    except SandboxError as error:
        raise GraderError(f"the sandbox does not start: {error}\n{workers.log()}") from None
    child.close()
    return attestation


def _bare_environment() -> dict[str, str]:
    """Return all that a worker may know of our environment: next to nothing."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(_PACKAGE.parent),  # however this package was installed
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        **ONE_THREAD,
        **passed_on,
    }


def demand_tier(found: tier.Tier, require: tier.Tier, explanation: str) -> None:
    """Refuse to grade with less isolation than is required.

    Raises
    ------
    GraderError
        With the `explanation` why there is no more.
    """
    if not found.at_least(require):
        raise GraderError(
            f"this machine isolates submissions only at tier {found}, not {require}:"
            f" {explanation}; if you trust every submission, say --require-sandbox {found}"
        )
