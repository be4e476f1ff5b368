"""Weaker machines: reported truthfully, refused where they must be, and never silently used.

An older Landlock, a kernel without seccomp and a machine without bubblewrap are made
by small edits of a copy of the package, and by a PATH on which nothing is found.
"""

import contextlib
import functools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.sandbox import landlock
from tests.hostile import watch
from tests.hostile.corpus import committed
from tests.hostile.lab import Report, Setting, experiment
from tests.hostile.layers import Edit, patched
from tests.hostile.people import ImpossibleError, has_bubblewrap, person
from tests.hostile.verdict import complaints

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or landlock.supported_abi() < 4,
    reason="this needs a kernel with Landlock 4, to take parts of it away",
)

ATTACKS = {attack.title: attack for attack in committed()}
EVERYTHING = os.environ.get("HOSTILE") == "all"

_ABI = "newest_landlock_abi: int = sys.maxsize"
MACHINES = {
    "as it is": (),
    "landlock 1": (Edit("sandbox/policy.py", _ABI, "newest_landlock_abi: int = 1"),),
    "landlock 4": (Edit("sandbox/policy.py", _ABI, "newest_landlock_abi: int = 4"),),
    "no seccomp": (
        Edit(
            "sandbox/seccomp.py",
            'return syscall("seccomp", _SET_MODE_FILTER, _FLAG_TSYNC, holder) == 0',
            "return holder is None",
        ),
    ),
}
TOO_WEAK = {
    "landlock 1": r"files are not protected \(Landlock 1\): use a kernel with Landlock 3",
    "no seccomp": r"system calls are not filtered: use a kernel with seccomp",
}
# Whatever reads, lists or changes a file; and what Landlock scopes only from version 6 on.
FILES = [
    title
    for title in ATTACKS
    if re.match(r"(stealing/(read|list|walk|climb|import|open)|escape/(write|overwrite))", title)
    and ATTACKS[title].tier == "reduced"
]
OTHERS = [
    "escape/truncate-a-file", "escape/delete-a-neighbour", "escape/rename-a-neighbour",
    "escape/make-folders", "escape/make-links", "escape/kill-the-parent", "escape/connect-by-tcp",
    "escape/connect-a-pair", "escape/send-to-an-abstract-name", "escape/kill-with-other-calls",
]  # fmt: skip


@contextmanager
def machine(name: str) -> Iterator[Path]:
    """Give a package that finds itself on such a machine."""
    with patched(MACHINES[name]) as package:
        yield package


def told_by_doctor(name: str, *, bubblewrap: bool, user: str = "me") -> dict[str, object]:
    """Return what `grader doctor` says of the sandbox there."""
    with machine(name) as package, tempfile.TemporaryDirectory() as empty:
        try:
            who = person(user, package)
        except ImpossibleError as error:
            pytest.skip(str(error))
        path = {} if bubblewrap else {"PATH": empty}
        done = subprocess.run(
            [who.python, "-m", "grader", "doctor", "--json"], cwd="/",
            env={**who.environment, **path}, capture_output=True, text=True, check=True,
            **who.identity,
        )  # fmt: skip
    return json.loads(done.stdout)["sandbox"]


def graded(
    name: str, titles: Sequence[str], *options: str, tier: str = "reduced", user: str = "me"
) -> Report:
    """Grade these attacks there."""
    with machine(name) as package:
        setting = Setting(tier=tier, user=user, package=package, options=options)
        return experiment([ATTACKS[title] for title in titles], setting, neighbours=False)


@pytest.mark.parametrize("name", TOO_WEAK)
def test_doctor_says_what_a_weak_machine_lacks(name):
    """Bubblewrap does not make up for it; the reason comes with a remedy."""
    for bubblewrap in (False, True):
        sandbox = told_by_doctor(name, bubblewrap=bubblewrap)
        assert sandbox["tier"] == "none"
        assert re.match(TOO_WEAK[name], str(sandbox["reason"]))


@pytest.mark.parametrize("name", ["as it is", "landlock 4"])
def test_doctor_says_whether_bubblewrap_is_missing(name):
    """Without it the tier is reduced; with it, full."""
    sandbox = told_by_doctor(name, bubblewrap=False)
    assert sandbox["tier"] == "reduced"
    assert "install bubblewrap" in str(sandbox["reason"])
    if has_bubblewrap("me"):
        sandbox = told_by_doctor(name, bubblewrap=True)
        assert (sandbox["tier"], sandbox["reason"]) == ("full", "nothing is missing")


@pytest.mark.parametrize("user", ["me", "nobody"])
def test_doctor_says_whether_it_runs_as_root(user):
    """Root is told, an ordinary user is not; the tier is the same."""
    sandbox = told_by_doctor("as it is", bubblewrap=False, user=user)
    assert sandbox["root"] is (user == "me" and os.geteuid() == 0)
    assert sandbox["tier"] == "reduced"


@pytest.mark.parametrize("name", TOO_WEAK)
def test_a_weak_machine_grades_nobody(name):
    """Hidden tests are not run against a submission that could read them."""
    report = graded(name, ["stealing/read-the-reference"])
    assert report.code == 2
    assert "isolates submissions only at tier none, not reduced" in report.said
    assert re.search(TOO_WEAK[name], report.said)
    assert report.results == {}


@pytest.mark.parametrize("name", TOO_WEAK)
def test_a_weak_machine_is_stated_in_each_result(name):
    """Whoever insists gets grades, and each says what it is worth."""
    report = graded(name, ["faking/one-for-all"], "--require-sandbox", "none")
    assert report.code == 0, report.said
    tiers = {result["environment"]["sandbox"] for result in report.results.values()}
    assert tiers == {"none"}


def test_reduced_is_not_taken_for_full():
    """Whoever asks for the full tier gets it, or nothing."""
    report = graded("as it is", ["faking/one-for-all"], "--require-sandbox", "full")
    assert report.code == 2
    assert "isolates submissions only at tier reduced, not full" in report.said
    assert report.results == {}


@functools.cache
def on_older_landlock(version: int) -> Report:
    options = ("--require-sandbox", "none") if version < 3 else ()
    return graded(f"landlock {version}", [*FILES, *OTHERS], *options)


@pytest.mark.parametrize("title", [*FILES, *OTHERS])
@pytest.mark.parametrize("version", [1, 4])
def test_older_landlock_still_stops_an_attack(version, title):
    """With version 4 as promised; with version 1 as well, though nobody promises it."""
    if version == 1 and not EVERYTHING:
        pytest.skip("this is tried with HOSTILE=all")
    report = on_older_landlock(version)
    assert report.tier == ("reduced" if version == 4 else "none")
    assert complaints(ATTACKS[title], report) == []


PDEATHSIG = Edit("sandbox/policy.py", "prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)", "prctl")


@pytest.mark.parametrize(("edits", "survive"), [((), False), ((PDEATHSIG,), True)])
def test_a_worker_dies_with_its_server(edits, survive):
    """Even when the server is killed with -9; and it is the kernel's signal that does it."""
    survivors: list[int] = []

    def kill_the_server(base: Path) -> None:
        workers = wait_for_worker(base)
        os.kill(parent_of(workers[0]), signal.SIGKILL)
        time.sleep(0.5)
        survivors.extend(pid for pid in workers if is_running(pid))
        for pid in survivors:
            os.kill(pid, signal.SIGKILL)

    with patched(edits) as package:
        report = experiment(
            [ATTACKS["escape/loop-in-python"]], Setting(tier="reduced", package=package),
            neighbours=False, meanwhile=kill_the_server,
        )  # fmt: skip
    assert bool(survivors) is survive
    assert "the worker zygote has ended" in report.said
    assert "the processes" not in report.incidents


def wait_for_worker(base: Path) -> list[int]:
    """Return the workers: the children of the zygote, once one of them is computing."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        lines = [line for line in watch.running(str(base)) if "grader.sandbox.zygote" in line]
        pids = [int(line.partition(":")[0]) for line in lines]
        workers = [pid for pid in pids if parent_of(pid) in pids]
        if any(seconds_used(pid) > 0.2 for pid in workers):
            return workers
        time.sleep(0.02)
    raise TimeoutError("no worker was started")


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def parent_of(pid: int) -> int:
    """Return a process's parent, 0 if it is gone."""
    with contextlib.suppress(OSError):
        return int(_stat(pid)[1])
    return 0


def seconds_used(pid: int) -> float:
    """Return the processor time of a process."""
    with contextlib.suppress(OSError):
        return int(_stat(pid)[11]) / os.sysconf("SC_CLK_TCK")
    return 0.0


def is_running(pid: int) -> bool:
    """Whether a process is there and not only waiting to be buried."""
    with contextlib.suppress(OSError):
        return _stat(pid)[0] != "Z"
    return False
