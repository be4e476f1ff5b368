"""The command line: help, versions, exit codes, and that the README does not lie."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    "test", "ci", "grade", "merge", "export", "gradebook", "diff", "demo", "release", "verify",
    "calibrate", "github", "doctor", "data",
)  # fmt: skip


def grader(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_help_names_every_command():
    """`grader --help` lists the commands, and these tests know them all."""
    shown = grader("--help").stdout

    assert set(re.findall(r"^    (\w+)", shown, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command):
    """`grader COMMAND --help` ends with an example that starts with that command."""
    done = grader(command, "--help")

    assert done.returncode == 0
    assert f"example:\n  grader {command}" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    """A command that the README does not mention is a command nobody finds."""
    assert f"grader {command}" in (ROOT / "README.md").read_text()


def test_help_imports_nothing_heavy():
    """`grader --help` must answer at once: no numpy, pytest, matplotlib or torch."""
    code = (
        "import sys\nfrom grader.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'pytest', 'matplotlib', 'torch', 'tqdm'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_printed():
    """`grader --version` prints one line."""
    assert re.fullmatch(r"grader \d+\.\d+\.\d+\n", grader("--version").stdout)


def test_no_command_is_an_error_with_usage():
    """Exit code 2, and the usage."""
    done = grader()

    assert done.returncode == 2
    assert "usage: grader" in done.stderr


def test_jobs_must_be_positive():
    """`--jobs 0` is refused in words."""
    done = grader("grade", "a1", ".", "--jobs", "0")

    assert done.returncode == 2
    assert "must be a number, at least 1" in done.stderr


def test_outside_a_course_the_checkout_is_used(tmp_path):
    """`grader release --check` outside of any course checks the one it came with."""
    done = grader("release", "--all", "--check", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_stale_release_is_reported(tmp_path):
    """`--check` names the file and exits with 1; a release mends it."""
    grader("release", "a1_convolution", "--out", str(tmp_path))
    stub = tmp_path / "a1_convolution" / "padding.py"
    stub.write_text(stub.read_text() + "# edited by hand\n")

    stale = grader("release", "a1_convolution", "--check", "--out", str(tmp_path))
    grader("release", "a1_convolution", "--out", str(tmp_path))
    mended = grader("release", "a1_convolution", "--check", "--out", str(tmp_path))

    assert stale.returncode == 1
    assert "padding.py is stale; run `grader release a1_convolution`" in stale.stdout
    assert (mended.returncode, mended.stdout) == (0, "")


def test_a_closed_pipe_is_no_traceback(tmp_path):
    """`grader doctor | head -0` ends quietly."""
    command = f"{sys.executable} -m grader doctor | head -c 1 >/dev/null"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    assert "Traceback" not in done.stderr


def test_the_readme_shows_what_the_demo_prints(demo_output):
    """The README's first screen is the demo's output, but for where it ran and how long."""
    readme = (ROOT / "README.md").read_text()
    shown = readme.partition("$ make demo\n")[2].partition("```")[0]

    def lasting(text):
        # How an endless loop fails depends on the machine's speed.
        lines = re.sub(
            r" in [\d.]+ s$|[^ ]*/(?=index|feedback|grades|results)", "", text, flags=re.M
        )
        return [line.partition("  graded ")[0] for line in lines.splitlines()]

    assert lasting(shown) == lasting(demo_output)


def test_the_demo_says_where_the_files_are(demo_output):
    """After the table come the paths of the grades and the results."""
    assert "grades.csv" in demo_output
    assert "results/" in demo_output


@pytest.fixture(scope="module")
def demo_output(tmp_path_factory):
    """Run `grader demo` once."""
    done = grader("demo", "--out", str(tmp_path_factory.mktemp("demo")))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_doctor_prints_json():
    """`grader doctor --json` prints one object and nothing else."""
    findings = json.loads(grader("doctor", "--json").stdout)

    assert findings["schema"] == "deltagrade/doctor/v1"
    assert findings["sandbox"]["tier"] in ("none", "reduced", "full")
    assert set(findings["datasets"]) >= {"digits"}
