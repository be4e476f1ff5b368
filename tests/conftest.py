"""A tiny assignment, written to a folder: solved, with public and hidden tests, 100 points."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Write = Callable[..., Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

TINY = {
    "assignment.toml": """
id = "tiny"
title = "Lengths and frames"
dataset = "digits"
packages = ["numpy"]

[limits]
test_seconds = 5
submission_seconds = 60
memory_mb = 512

[[task]]
name = "square"
file = "lengths.py"
points = 20

[[task]]
name = "length"
file = "lengths.py"
points = 40
requires = ["square"]
banned = ["numpy.linalg.norm"]

[[task]]
name = "frame"
file = "frames.py"
points = 40
""",
    "lengths.py": '''"""Lengths of vectors."""

import numpy as np


def square(x):
    """Square each element."""
    return x * x


def length(x):
    """Return the length of a vector."""
    return float(np.sqrt(np.sum(square(x))))
''',
    "frames.py": '''"""Frames around images."""

import numpy as np


def frame(image):
    """Put a frame of zeros around an image."""
    H, W = image.shape
    framed = np.zeros((H + 2, W + 2), image.dtype)
    framed[1:-1, 1:-1] = image
    return framed
''',
    "tests/test_lengths.py": '''"""Public tests of lengths.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose


@pytest.mark.task("square", points=5)
def test_worked_example(student):
    """Each element is squared."""
    actual = student.lengths.square(np.array([1.0, -2.0]))
    assert_allclose(actual, np.array([1.0, 4.0]), name="squares", hint="x times x.")


@pytest.mark.task("length", points=10)
@pytest.mark.parametrize(("x", "expected"), [([3.0, 4.0], 5.0), ([0.0], 0.0)], ids=["3-4", "0"])
def test_length(student, x, expected):
    """The length of a known vector."""
    assert_allclose(student.lengths.length(np.array(x)), expected, name="length")
''',
    "tests/test_frames.py": '''"""Public tests of frames.py."""

import numpy as np
import pytest

from grader.checks import assert_allclose


@pytest.mark.task("frame", points=10)
def test_frame(student):
    """A frame of zeros surrounds the image."""
    expected = np.array([[0, 0, 0], [0, 7, 0], [0, 0, 0]])
    actual = student.frames.frame(np.array([[7]]))
    assert_allclose(actual, expected, name="framed", picture=True)
''',
    "hidden_tests/test_hidden.py": '''"""Hidden tests."""

import numpy as np
import pytest

from grader.checks import assert_allclose


@pytest.mark.task("square", points=15)
def test_random_squares(student, reference, rng):
    """Random vectors are squared."""
    x = rng.standard_normal(8)
    assert_allclose(student.lengths.square(x), reference.lengths.square(x), name="squares")


@pytest.mark.task("length", points=20)
def test_random_length(student, reference, rng):
    """The length of a random vector."""
    x = rng.standard_normal(8)
    assert_allclose(student.lengths.length(x), reference.lengths.length(x), name="length")


@pytest.mark.task("frame", points=30)
def test_frame_of_a_digit(student, reference, dataset):
    """A digit gets a frame."""
    digit = dataset.train_images[0]
    assert_allclose(student.frames.frame(digit), reference.frames.frame(digit), name="framed")
''',
}


@pytest.fixture(scope="session")
def write_tiny() -> Write:
    """Give `write_tiny(folder, {file: text})`: the tiny assignment with these files changed.

    A file whose text is None is left out.
    """

    def write(folder: Path, changes: Mapping[str, str | None] | None = None) -> Path:
        for name, text in {**TINY, **(changes or {})}.items():
            if text is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def tiny(write_tiny: Write, tmp_path: Path) -> Path:
    """Give the folder of the tiny assignment, solved."""
    return write_tiny(tmp_path / "tiny")


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """Let commands hear Ctrl-C: a shell that starts the tests in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def run_python() -> Run:
    """Give `run_python("-m", "grader", "test", cwd=folder)`: what a user's shell would do."""

    def run(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        ours = ("PYTEST_", "COVERAGE_", "NO_COLOR", "FORCE_COLOR", "PY_COLORS")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd, env=clean, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run
