"""Where annotations point."""

from pathlib import Path

import pytest

from grader.course import read_assignment
from grader.exports.view import view
from grader.github.places import Places, repository_root
from grader.results import Outcome
from tests.exports_examples import grade, result


@pytest.fixture
def locate(tiny):
    """Give `locate(text, task)`: where an annotation with that text points, as "file:line"."""
    places = Places(read_assignment(tiny), tiny.parent)

    def locate(text, task="square"):
        (test,) = view(
            grade(result(Outcome.FAILED, task=task, feedback=text)), show_hidden=False
        ).tests
        found = places(test)
        return f"{found.file}:{found.line}" if found else ""

    return locate


def line_of(folder: Path, file: str, text: str) -> int:
    return (folder / file).read_text().splitlines().index(text) + 1


@pytest.mark.parametrize(
    "text",
    [
        "length raised ValueError: no\n  at lengths.py, line 6: x = 1",
        "length was still running when its time was up\n  at lengths.py, line 6",
        "lengths.py, line 6 uses numpy.linalg.norm",
        "lengths.py, line 6 imports scipy",
        "lengths.py cannot be imported: SyntaxError: invalid syntax (lengths.py, line 6)",
        "lengths.py cannot be imported: SyntaxError: line 6 is not utf-8 text; save the file",
        "lengths.py cannot be imported: NameError: x\n  at lengths.py, line 6: x",
    ],
)
def test_the_line_that_a_sentence_of_ours_names(locate, text):
    """What was raised, what is banned, and what cannot be read."""
    assert locate(text, task="frame") == "tiny/lengths.py:6"


@pytest.mark.parametrize(
    "text",
    [
        "result differs from what is expected",
        "square raised ValueError: see lengths.py, line 1",
        "square raised ValueError: no\n  at secrets.py, line 3: x",
        "square raised ValueError: no\n  at lengths.py, line 4000: x",
        "square raised ValueError: no\n  at lengths.py, line 0: x",
        "square raised ValueError: no\n  at lengths.py, line 99999999999999999999: x",
        "it differs\n  printed: a\n             at frames.py, line 2: x",
    ],
)
def test_otherwise_the_definition_of_the_task(locate, tiny, text):
    """What a student wrote into a message is no place, and nor is a line that is not there."""
    line = line_of(tiny, "lengths.py", "def square(x):")
    assert locate(text) == f"tiny/lengths.py:{line}"


def test_of_several_places_the_last_is_ours(locate):
    """The first are in the student's own message."""
    text = "square raised ValueError: a\n  at frames.py, line 1: b\n  at lengths.py, line 2: c"
    assert locate(text) == "tiny/lengths.py:2"


@pytest.mark.parametrize(
    "source", ["def other(): pass\n", "def square(x:\n", "x = " + "(" * 5000, "\0", ""]
)
def test_nowhere_if_neither_is_known(locate, tiny, source):
    """A file without the task, or one that cannot be read."""
    (tiny / "lengths.py").write_text(source)
    assert not locate("square is not written yet")


def test_a_missing_file_is_nowhere(locate, tiny):
    """There is nothing to point at."""
    (tiny / "lengths.py").unlink()
    assert not locate("lengths.py is missing")


def test_the_root_is_the_checkout(tiny, monkeypatch):
    """The runner says where it is; at home it is where .git lies."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert repository_root(tiny) == tiny
    (tiny.parent / ".git").mkdir()
    assert repository_root(tiny) == tiny.parent
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tiny))
    assert repository_root(tiny) == tiny
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tiny / "tests"))  # not around it
    assert repository_root(tiny) == tiny.parent
