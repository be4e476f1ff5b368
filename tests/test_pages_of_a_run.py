"""The pages that a real run of the grader writes, with pictures from the sandbox."""

import json
import re
from pathlib import Path

import pytest

from tests.html_pages import Page

TRAINING = '''"""A public test that shows a curve."""

import numpy as np
import pytest

from grader.checks import assert_allclose, show_curve


@pytest.mark.task("square", points=5)
def test_losses_fall(student):
    """Squares are as they should be."""
    losses = student.lengths.square(np.array([3.0, 2.0, 1.0]))
    show_curve(losses, name="loss of each step")
    assert_allclose(losses, np.array([9.0, 4.0, 1.0]), name="losses")
'''
HIDDEN = '''"""Hidden tests."""

import numpy as np
import pytest

from grader.checks import assert_allclose


@pytest.mark.task("square", points=10)
def test_random_squares(student, rng):
    """Random numbers are squared."""
    x = rng.standard_normal((6, 6))
    assert_allclose(student.lengths.square(x), x * x, name="cases", picture=True)


@pytest.mark.task("length", points=20)
def test_random_length(student):
    """The length of a vector."""
    assert_allclose(student.lengths.length(np.ones(4)), 2.0, name="length")


@pytest.mark.task("frame", points=30)
def test_frame_of_a_digit(student):
    """A frame."""
    assert_allclose(student.frames.frame(np.ones((1, 1)))[0, 0], 0.0, name="framed")
'''
WRONG = {
    "lengths.py": "def square(x):\n    print('squaring')\n    return x * 1.5\n\n\n"
    "def length(x):\n    return float((x @ x) ** 0.5)\n",
    "frames.py": "import numpy as np\n\n\ndef frame(image):\n    return np.pad(image, 1) + 1\n",
}


@pytest.fixture
def graded(tmp_path: Path, write_tiny, run_python) -> Path:
    """Grade a class of one, who squares wrongly, and return the folder of results."""
    changes = {"tests/test_training.py": TRAINING, "hidden_tests/test_hidden.py": HIDDEN}
    write_tiny(tmp_path / "reference" / "tiny", changes)
    submission = tmp_path / "class" / "ada"
    submission.mkdir(parents=True)
    for name, text in WRONG.items():
        (submission / name).write_text(text)
    done = run_python("-m", "grader", "grade", "tiny", "class", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "out/index.html" in done.stdout
    return tmp_path / "out"


def test_a_run_writes_pages_with_the_pictures_of_public_tests(graded):
    """The curve that was shown and the image that is wrong; hidden ones are in the results only."""
    result = json.loads((graded / "results" / "ada.json").read_text())
    pictures = {
        re.sub(".*::", "", test["test"]): [each["caption"] for each in test.get("pictures", [])]
        for test in result["tests"]
    }
    assert pictures["test_losses_fall"] == ["loss of each step"]
    assert [each.partition(":")[0] for each in pictures["test_frame"]] == [
        "got", "expected", "difference",
    ]  # fmt: skip
    assert len(pictures["test_random_squares"]) == 3

    page = Page((graded / "feedback" / "ada.html").read_text())
    words = [each["alt"] for each in page.named("img")]
    assert len(words) == 1 + 3
    assert "printed squaring" in page.text
    assert "Random numbers are squared." in page.text
    assert "cases differs" not in page.text
    assert "feedback/ada.html" in (graded / "index.html").read_text()
    assert (graded / "by-score.html").is_file()
    assert "cases differs" not in (graded / "feedback" / "ada.md").read_text()
