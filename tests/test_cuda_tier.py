"""The CUDA tier: without a GPU nothing of it is run, and every report says so."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader import cuda, servers
from grader.cli import main
from grader.course import read_assignment
from grader.cuda import CUDA_TIER
from grader.errors import GraderError
from grader.exports import FORMATS
from grader.exports.formats import STUDENT
from grader.remote import RemoteModules
from grader.results import Outcome
from grader.sandbox.tier import Tier, tier_of
from grader.sandbox.workers import Worker

REASON = "not run: no CUDA device"
TESTS = '''"""Tests that need a GPU."""

import pytest


@pytest.mark.cuda
def test_{name}_frames_on_the_gpu(student):
    """Frames are put on the GPU."""
    open("run", "w").close()
'''
OPENS = b"""
import fcntl

def ask(device):
    try:
        with open(device, "r+b", buffering=0) as file:
            fcntl.ioctl(file, 0x4601)
    except OSError as error:
        return f"{type(error).__name__} {error.errno}"

def own_map():
    try:
        with open("/proc/self/maps") as file:
            return "libc" in file.read()
    except OSError as error:
        return f"{type(error).__name__} {error.errno}"
"""
without_gpu = pytest.mark.skipif(
    bool(cuda.device_nodes()), reason="there is a GPU: what is said without one was not tried"
)


@pytest.fixture
def course(write_tiny, tmp_path, monkeypatch):
    """Give a course whose assignment has a public and a hidden test of the CUDA tier."""
    tests = {f"{name}/test_gpu.py": TESTS.format(name=name) for name in ("tests", "hidden_tests")}
    write_tiny(tmp_path / "reference" / "tiny", tests)
    write_tiny(tmp_path / "class" / "ada")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def graded(course):
    """Give the folder of results of a class that was graded without --cuda."""
    assert main(["grade", "tiny", "class", "--out", "out", "--require-sandbox", "none"]) == 0
    return course / "out"


@without_gpu
def test_a_grade_says_what_was_not_run(graded, capsys):
    """Full points, and the tier on its own line; the points of no task are changed."""
    result = json.loads((graded / "results" / "ada.json").read_text())
    tier = [test for test in result["tests"] if test["task"] == CUDA_TIER]
    assert result["score"] == 100
    assert [(test["outcome"], test["feedback"], test["points"]) for test in tier] == [
        ("not run", REASON, 0.0)
    ] * 2
    assert CUDA_TIER not in {task["task"] for task in result["tasks"]}
    assert main(["grade", "tiny", "class", "--out", "out", "--require-sandbox", "none"]) == 0
    assert f"{CUDA_TIER}: {REASON}" in capsys.readouterr().out
    again = ["grade", "tiny", "class", "--out", "out", "--require-sandbox", "none", "--json"]
    assert main(again) == 0
    assert json.loads(capsys.readouterr().out)["cuda"] == REASON
    assert f"{CUDA_TIER}: {REASON}" in (graded / "grades.csv").read_text("utf-8")
    assert not list(graded.parent.rglob("run"))


@without_gpu
@pytest.mark.parametrize("name", sorted(STUDENT))
def test_every_export_of_a_student_says_so(graded, monkeypatch, capsysbinary, name):
    """In the words of the format, if it has some."""
    for variable in ("CLASSROOM", "ASSIGNMENT", "USERNAME", "COMMIT_URL", "RELEASE_URL"):
        monkeypatch.setenv(variable, "x")
    monkeypatch.setenv("SUBMISSION_TAG", "submit/x")
    monkeypatch.setenv("REVIEW_URL", "x")
    assert name in FORMATS
    assert main(["export", name, "out", "--student", "ada"]) == 0
    text = capsysbinary.readouterr().out
    if name == "classroom":
        import base64  # noqa: PLC0415

        text = base64.b64decode(text)
    assert REASON.encode() in text


@without_gpu
def test_the_pages_say_so(graded):
    """The student's, as HTML and Markdown, and the class's."""
    for page in ("index.html", "feedback/ada.html", "feedback/ada.md"):
        assert REASON in (graded / page).read_text(encoding="utf-8")


@without_gpu
@pytest.mark.parametrize("isolated", [[], ["--isolated"]])
def test_a_student_reads_it_and_is_not_held_up(course, capsys, isolated):
    """Everything else passes, so all is well."""
    assert main(["test", "class/ada", *isolated]) == 0 or not isolated
    folder = course / "reference" / "tiny"
    assert main(["test", str(folder), *isolated]) == 0
    printed = capsys.readouterr().out
    assert f"{CUDA_TIER}" in printed
    assert REASON in printed
    assert "All of these pass." in printed


@without_gpu
def test_plain_pytest_skips_it_with_the_reason(course):
    """As any editor would show."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "tests/test_gpu.py"],
        cwd=course / "reference" / "tiny",
        env=os.environ | {"PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 skipped" in done.stdout
    assert REASON in done.stdout


@without_gpu
@pytest.mark.parametrize("command", [["grade", "tiny", "class"], ["test", "reference/tiny"]])
def test_demanding_a_gpu_that_is_not_there_is_an_error(course, capsys, command):
    """Exit 2, and what to do; nothing is graded."""
    assert main([*command, "--cuda"]) == 2
    assert capsys.readouterr().err == (
        "grader: no CUDA device; run this where there is an NVIDIA GPU, or leave --cuda out\n"
    )
    assert not (course / "grader-results").exists()


def test_the_reason_names_the_option_where_there_is_a_gpu(monkeypatch):
    """A driver is there, and nobody asked."""
    monkeypatch.setattr(cuda, "device_nodes", lambda: ("/dev/nvidia0",))
    assert cuda.why_not_run(demanded=False) == "not run: --cuda was not given"
    assert cuda.why_not_run(demanded=True) == ""


def test_the_tier_has_no_task_and_no_points(course):
    """A marker that says otherwise is an error of the author."""
    folder = course / "reference" / "tiny"
    path = folder / "hidden_tests" / "test_gpu.py"
    marked = path.read_text().replace("cuda\n", 'cuda\n@pytest.mark.task("frame", points=1)\n')
    path.write_text(marked)
    with pytest.raises(GraderError, match="a test of the CUDA tier has no task; remove that mark"):
        read_tests(folder)


def read_tests(folder):
    """Collect an assignment's tests."""
    from grader.session import Session  # noqa: PLC0415

    session = Session(read_assignment(folder), tests=("tests", "hidden_tests"), dataset="digits")
    with session:
        return session.tests


def test_nothing_to_mend_is_not_wrong():
    """Only a passed test and one that was not run."""
    fine = {outcome for outcome in Outcome if not outcome.is_wrong}
    assert fine == {Outcome.PASSED, Outcome.NOT_RUN}


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox needs Linux")
@pytest.mark.parametrize("devices", [(), ("/dev/full",)], ids=["without", "with"])
def test_only_this_tier_opens_devices(devices):
    """A device that was admitted can be opened, and asked anything that it understands."""
    workers = servers.start_zygote(
        ["numpy"], memory_bytes=2**30, cpu_seconds=9, hidden=Path(__file__), devices=devices
    )
    with contextlib.closing(workers):
        found = tier_of(servers.attest(workers))
        worker = Worker(workers.control, {"gpu.py": OPENS}, found)
        with contextlib.closing(worker):
            student = RemoteModules(worker, {})
            student.begin(time.monotonic() + 60)
            told = student.gpu.ask("/dev/full")
            others = student.gpu.ask("/dev/zero")
            own_map = student.gpu.own_map()  # which a driver looks at
    assert own_map == (True if devices else "PermissionError 13")
    assert others == "PermissionError 13"
    assert told == ("OSError 25" if devices else "PermissionError 13")  # 25: it has no such request
    assert found is not Tier.NONE
