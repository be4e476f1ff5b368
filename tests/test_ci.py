"""`grader ci`: what GitHub shows of a student's repository, under its own variables."""

import base64
import json
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.cli import main
from grader.github import ci, trial
from tests.actions_log import commands

RIGHT = "return x * x"
SECRETS = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "GITHUB_TOKEN")
# Everything a student can say, on every way out, at every time.
HOSTILE = '''"""Lengths."""

import atexit
import os
import sys
import threading
import time

BAD = "\\n::set-output name=points::100\\n##[error]forged\\n  ::error::forged\\n"


def shout():
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            stream.write(BAD)
            stream.flush()
        except Exception:
            pass
    for descriptor in range(1, 10):
        try:
            os.write(descriptor, BAD.encode())
        except OSError:
            pass


def shout_for_ever():
    while True:
        shout()
        time.sleep(0.05)


for name, path in os.environ.items():
    if name.startswith(("GITHUB_", "RUNNER_", "ACTIONS_")):
        open(path, "a").write("points=100\\n")

atexit.register(shout)
try:
    threading.Thread(target=shout_for_ever, daemon=True).start()
except RuntimeError:
    pass
shout()


def square(x):
    shout()
    raise ValueError(BAD + "<script>alert(1)</script> @everyone\\n  at frames.py, line 1: x")


def length(x):
    return BAD
'''


@pytest.fixture
def work(write_tiny, tmp_path):
    """Give a repository in which a student's solved assignment lies in a1/."""
    hidden = {"hidden_tests/test_hidden.py": None}
    write_tiny(tmp_path / "repository" / "a1", hidden)
    return tmp_path / "repository" / "a1"


@pytest.fixture
def on_github(monkeypatch, tmp_path, work):
    """Give a folder with the runner's files; its variables are set."""
    files = tmp_path / "runner"
    files.mkdir()
    for name in SECRETS:
        monkeypatch.setenv(name, str(files / name))
        (files / name).touch()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(work.parent))
    monkeypatch.setenv("GITHUB_REPOSITORY", "course/a1-ada")
    return files


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    """Take away what a runner that runs these tests has set."""
    for name in (*SECRETS, "GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["isolated", "here"])
def both(request, monkeypatch):
    """Run with the sandbox, and without, as on macOS and Windows."""
    if request.param == "isolated" and sys.platform != "linux":
        pytest.skip("only Linux isolates")
    monkeypatch.setattr(trial, "_ISOLATES", request.param == "isolated")
    return request.param


def outputs(files: Path) -> dict[str, str]:
    lines = (files / "GITHUB_OUTPUT").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def reported(files: Path) -> dict:
    """Read the output `result` as GitHub Classroom's reporter did."""
    return json.loads(base64.b64decode(outputs(files)["result"], validate=True))


def line_of(path: Path, text: str) -> int:
    return [line.strip() for line in path.read_text().splitlines()].index(text) + 1


def test_a_right_solution(work, on_github, capfd, both):
    """All points, exit code 0, one notice."""
    assert main(["ci", str(work)]) == 0

    assert outputs(on_github) | {"result": ""} == {
        "points": "35", "max-points": "35", "result": "",
    }  # fmt: skip
    assert reported(on_github)["status"] == "pass"
    assert len(reported(on_github)["tests"]) == 4
    (notice,) = commands(capfd.readouterr().out)
    assert (notice.kind, notice.message) == ("notice", "35 of 35 points")
    summary = (on_github / "GITHUB_STEP_SUMMARY").read_text()
    assert summary.startswith("## tiny: 35 of 35 points\n")
    assert "course&#47;a1&#45;ada" in summary


def test_a_wrong_solution_and_a_crash(work, on_github, capfd, both):
    """What is wrong points at the task's `def`, what was raised at its own line."""
    lengths, frames = work / "lengths.py", work / "frames.py"
    lengths.write_text(lengths.read_text().replace(RIGHT, "return x + x"))
    frames.write_text("def frame(image):\n    # here\n    return image.nothing\n")

    assert main(["ci", str(work)]) == 1

    errors = {c.properties["title"]: c for c in commands(capfd.readouterr().out)[1:]}
    wrong = errors["square: Each element is squared."]
    assert wrong.properties["file"] == "a1/lengths.py"
    assert int(wrong.properties["line"]) == line_of(lengths, "def square(x):")
    assert "hint: x times x." in wrong.message
    crash = errors["frame: A frame of zeros surrounds the image."]
    assert (crash.properties["file"], crash.properties["line"]) == ("a1/frames.py", "3")
    assert "AttributeError" in crash.message
    assert outputs(on_github)["points"] == "10"  # the vector [0] has the length 0 all the same
    assert reported(on_github)["status"] == "fail"


def test_a_banned_use_and_a_file_that_does_not_parse(work, on_github, capfd):
    """Both point at the line that says so."""
    lengths = work / "lengths.py"
    lengths.write_text(
        lengths.read_text().replace("float(np.sqrt(np.sum(square(x))))", "np.linalg.norm(x)")
    )
    (work / "frames.py").write_text("import numpy\n\n\ndef frame(image:\n    pass\n")

    assert main(["ci", str(work)]) == 1

    errors = [c.properties for c in commands(capfd.readouterr().out)[1:]]
    assert {(e["file"], int(e["line"])) for e in errors} == {
        ("a1/lengths.py", line_of(lengths, "return np.linalg.norm(x)")),
        ("a1/frames.py", 4),
    }


def test_a_hostile_solution(work, on_github, capfd, both):
    """None of its words is a command; the runner's files hold what we wrote, and no more."""
    (work / "lengths.py").write_text(HOSTILE)

    assert main(["ci", str(work)]) == 1

    log = capfd.readouterr()
    kinds = [command.kind for command in commands(log.out + log.err)]
    assert kinds[0] == "notice"
    assert set(kinds[1:]) == {"error"}
    assert all(
        c.properties["title"].startswith(("square: ", "length: "))
        for c in commands(log.out)[1:]
    )  # fmt: skip
    assert list(outputs(on_github)) == ["points", "max-points", "result"]
    assert outputs(on_github)["points"] == "10"  # for frame, which it left alone
    summary = (on_github / "GITHUB_STEP_SUMMARY").read_text()
    assert not commands(summary)
    assert "<script>" not in summary
    assert "@everyone" not in re.sub(r"<pre>.*?</pre>", "", summary, flags=re.DOTALL)
    for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_TOKEN"):
        assert not (on_github / name).read_text()


def test_stubs_come_after_what_is_wrong(work, on_github, capfd):
    """There is room for ten annotations only."""
    stub = "    raise NotImplementedError('square')\n"
    (work / "lengths.py").write_text(f"def square(x):\n{stub}\n\ndef length(x):\n    return 7\n")
    (work / "frames.py").write_text("def frame(image):\n    return image\n")

    main(["ci", str(work)])

    assert "is not written yet" in commands(capfd.readouterr().out)[-1].message


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("assignment.toml", None, "no assignment.toml in or above"),
        ("assignment.toml", "id = 3\n", "is missing; add it"),
        ("tests/test_lengths.py", "def test(:\n", "cannot be "),
    ],
)
def test_what_cannot_be_run_is_said(work, on_github, capfd, file, text, reason):
    """Exit code 2; there is a result with a test in it all the same, and no traceback."""
    (work / file).unlink()
    if text is not None:
        (work / file).write_text(text)

    assert main(["ci", str(work)]) == 2

    log = capfd.readouterr()
    assert "Traceback" not in log.err
    error = commands(log.out)[-1]
    assert error.kind == "error"
    assert reason in error.message
    assert outputs(on_github)["points"] == "0"
    assert reported(on_github)["status"] == "error"
    assert len(reported(on_github)["tests"]) == 1
    assert "<pre>" in (on_github / "GITHUB_STEP_SUMMARY").read_text()


def test_code_that_ends_the_process(work, capfd, monkeypatch):
    """Without the sandbox nothing is left of the run but its exit code."""
    monkeypatch.setattr(trial, "_ISOLATES", False)
    (work / "lengths.py").write_text("import os\n\nos._exit(0)\n")

    assert main(["ci", str(work)]) == 2
    assert "ended without a result" in capfd.readouterr().out


def test_code_that_goes_on_for_ever(work, capfd, monkeypatch):
    """It is ended from outside, where no alarm can be swallowed."""
    monkeypatch.setattr(trial, "_ISOLATES", False)
    monkeypatch.setattr(trial, "_GRACE_SECONDS", 1.0)
    text = (work / "assignment.toml").read_text()
    text = text.replace("test_seconds = 5", "test_seconds = 1")
    (work / "assignment.toml").write_text(text.replace("seconds = 60", "seconds = 4"))
    (work / "lengths.py").write_text(
        "import time\n\n\nwhile True:\n    try:\n        time.sleep(60)\n"
        "    except BaseException:\n        pass\n"
    )
    began = time.monotonic()

    assert main(["ci", str(work)]) == 2

    assert "still running" in capfd.readouterr().out
    assert time.monotonic() - began < 60  # and not for ever


def test_modules_of_the_student_are_not_ours(work, capfd, monkeypatch, both):
    """A json.py or a grader.py in the folder is not imported in place of the real one."""
    monkeypatch.chdir(work)
    for name in ("json.py", "grader.py", "numpy.py", "pytest.py"):
        (work / name).write_text("raise SystemExit('shadowed')\n")

    assert main(["ci"]) == 0


def test_at_home_the_files_hold_what_github_shows(work, on_github, capfd, monkeypatch, tmp_path):
    """But for the repository's name, which is not known there."""
    (work / "lengths.py").write_text("def square(x):\n    return 1 / 0\n")
    main(["ci", str(work)])
    shown = capfd.readouterr().out
    summary = (on_github / "GITHUB_STEP_SUMMARY").read_text()
    for name in (*SECRETS, "GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name)
    (work.parent / ".git").mkdir()
    files = [tmp_path / "home" / name for name in ("summary.md", "annotations.txt", "page.html")]

    code = main(
        ["ci", str(work), "--summary", str(files[0]), "--annotations", str(files[1]),
         "--page", str(files[2])]
    )  # fmt: skip

    assert code == 1
    assert not capfd.readouterr().out
    assert files[0].read_text() == summary.replace("course&#47;a1&#45;ada", "you")
    assert commands(files[1].read_text()) == commands(shown)
    page = files[2].read_text()
    assert page.startswith("<!doctype html>")
    assert "<script" not in page


def test_at_home_it_goes_to_the_terminal(work, capfd):
    """The summary, then the annotations; no command stops others."""
    main(["ci", str(work)])

    shown = capfd.readouterr().out
    assert shown.startswith("## tiny: 35 of 35 points")
    assert shown.endswith("::notice title=tiny::35 of 35 points\n")
    assert "stop-commands" not in shown


def test_an_output_has_one_line(on_github):
    """A second line would be another output."""
    with pytest.raises(ValueError, match="one line"):
        ci.set_outputs({"points": "1\npoints=100"})
    assert not (on_github / "GITHUB_OUTPUT").read_text()


def test_a_folder_that_cannot_be_written_is_named(work, tmp_path, capfd):
    """A sentence and exit code 2."""
    (tmp_path / "file").touch()

    assert main(["ci", str(work), "--page", str(tmp_path / "file" / "page.html")]) == 2
    assert "choose another" in capfd.readouterr().err


def test_what_is_no_file_is_written_to_and_not_replaced(work, tmp_path):
    """Root would lose /dev/null, or /dev/stdout, which is a link."""
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    ends = os.pipe()
    files = ["--annotations", str(tmp_path / "pipe"), "--summary", f"/dev/fd/{ends[1]}"]

    code = main(["ci", str(work), *files])

    assert code == 0
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert os.read(reader, 1000) == b"::notice title=tiny::35 of 35 points\n"
    assert os.read(ends[0], 1000).startswith(b"## tiny: 35 of 35 points")
    for descriptor in (reader, *ends):
        os.close(descriptor)


def test_a_link_of_the_student_leads_nowhere(work, tmp_path):
    """What is written into their checkout takes the link's place."""
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "summary.md").symlink_to(tmp_path / "precious")

    assert main(["ci", str(work), "--summary", str(tmp_path / "summary.md")]) == 0

    assert (tmp_path / "precious").read_text() == "mine"
    assert (tmp_path / "summary.md").read_text().startswith("## tiny: 35 of 35 points")


# But for `resource`, which is imported only where sys.platform says that it is there.
WINDOWS = '''"""What Windows lacks of os, signal, socket and the standard library is gone."""

import os
import signal
import socket
import sys

for module in ("fcntl", "pwd", "grp", "termios", "syslog"):
    sys.modules[module] = None
for owner, names in (
    (os, "fork geteuid getuid O_NOFOLLOW O_DIRECTORY O_NONBLOCK O_CLOEXEC setsid mkfifo"),
    (signal, "setitimer SIGALRM ITIMER_REAL alarm"),
    (socket, "AF_UNIX"),
):
    for name in names.split():
        if hasattr(owner, name):
            delattr(owner, name)
os.supports_dir_fd = set()
os.supports_fd = set()
'''


def test_a_student_on_windows_can_test(work, tmp_path):
    """`grader test` and so `grader ci` need nothing that only Unix has."""
    (tmp_path / "windows.py").write_text(WINDOWS)
    # When it comes, the modules of others have taken what they need on this system.
    code = (
        "import subprocess, tempfile, sys, numpy, pytest, platformdirs, matplotlib;"
        f" sys.path.insert(0, {str(tmp_path)!r}); import windows;"
        f" from grader.cli import main; sys.exit(main(['test', {str(work)!r}, '--json']))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["score"] == 35
