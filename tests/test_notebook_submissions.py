"""Handing in a notebook: found, read, refused or taken apart, and graded."""

import json
import time
import zipfile

import pytest

from grader.cli import main
from grader.course import Assignment, Limits, Task
from grader.errors import GraderError, SubmissionRejectedError
from grader.submissions.dissection import dissect
from grader.submissions.intake import Entry, find_submissions, read_submission
from grader.submissions.layouts import find_class
from grader.submissions.notebook import MAX_NOTEBOOK, read_cells
from tests.notebook_files import notebook

PAD = "def pad2d(image):\n    return image"
BOTH = notebook(PAD, "def sobel(image):\n    return pad2d(image)")


def _task(name, file):
    return Task(name=name, file=file, points=50, requires=(), banned=())


@pytest.fixture
def assignment(tmp_path):
    limits = Limits(test_seconds=1, submission_seconds=1, memory_mb=1)
    tasks = _task("pad2d", "padding.py"), _task("sobel", "edges.py")
    return Assignment(
        id="a1", title="A", dataset="digits", packages=("numpy",), limits=limits, tasks=tasks,
        folder=tmp_path / "reference",
    )  # fmt: skip


def write(path, content=BOTH):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_notebook_becomes_the_assignments_files(tmp_path, assignment):
    """By name, each with what it needs, and without the outputs."""
    path = write(tmp_path / "ada.ipynb")
    submission = read_submission(Entry("ada", path), assignment)
    assert submission.rejected == ""
    assert list(submission.sources) == ["padding.py", "edges.py"]
    assert b"def pad2d" in submission.sources["edges.py"]
    assert b"sobel" not in submission.sources["padding.py"]
    with_outputs = json.loads(BOTH)
    with_outputs["cells"][0]["outputs"] = [{"output_type": "stream", "text": "100 of 100 points"}]
    with_outputs["metadata"] = {"grade": 100, "kernelspec": {"name": "!rm -rf"}}
    again = read_submission(
        Entry("ada", write(tmp_path / "b.ipynb", json.dumps(with_outputs).encode())), assignment
    )
    assert again.sha256 == submission.sha256


def test_notebooks_are_found_however_they_are_handed_in(tmp_path, assignment):
    """As a file, in a folder, one folder down, or in a zip; not what Jupyter keeps beside them."""
    folder = tmp_path / "class"
    write(folder / "ada.ipynb")
    write(folder / "ben" / "hw.ipynb")
    write(folder / "ben" / ".ipynb_checkpoints" / "hw-checkpoint.ipynb", notebook("x = 1"))
    write(folder / "cleo" / "week 1" / "notebook.ipynb")
    write(folder / "cleo" / "week 1" / "scratch.ipynb", notebook("x = 1"))
    with zipfile.ZipFile(folder / "dan.zip", "w") as archive:
        archive.writestr("deep/hw.ipynb", BOTH)
    entries = find_submissions(folder, assignment)
    assert [entry.student for entry in entries] == ["ada", "ben", "cleo", "dan"]
    hashes = {read_submission(entry, assignment).sha256 for entry in entries}
    assert len(hashes) == 1
    assert not any(read_submission(entry, assignment).rejected for entry in entries)


@pytest.mark.parametrize("packed", [False, True])
def test_files_go_before_a_notebook(tmp_path, assignment, packed):
    """The companion notebook lies beside the files that are handed in."""
    path = write(tmp_path / "ada" / "padding.py", b"def pad2d(): return 'file'").parent
    write(path / "notebook.ipynb")
    if packed:
        with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
            for file in path.iterdir():
                archive.write(file, file.name)
        path = tmp_path / "ada.zip"
    submission = read_submission(Entry("ada", path), assignment)
    assert submission.sources == {"padding.py": b"def pad2d(): return 'file'"}
    assert submission.notes == ("files missing: edges.py",)


@pytest.mark.parametrize("packed", [False, True])
def test_of_several_notebooks_none_is_guessed(tmp_path, assignment, packed):
    """Unless one has the name that was released."""
    path = tmp_path / "ada"
    write(path / "one.ipynb")
    write(path / "two.ipynb")
    if packed:
        with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
            for file in path.iterdir():
                archive.write(file, file.name)
        path = tmp_path / "ada.zip"
    rejected = read_submission(Entry("ada", path), assignment).rejected
    assert rejected == (
        f"{path.name}: it holds several notebooks (one.ipynb, two.ipynb); hand in one of them"
    )


def test_a_class_may_be_a_zip_or_a_download_of_notebooks(tmp_path, assignment):
    """Plain, and as Canvas and nbgrader name them."""
    names = {
        "plain": ["ada.ipynb", "ben/hw.ipynb"],
        "canvas": ["lovelaceada_1_11_hw.ipynb", "kingben_2_12_hw.ipynb"],
        "nbgrader": ["ada/a1/hw.ipynb", "ada/a1/timestamp.txt", "ben/a1/hw.ipynb"],
    }
    for layout, files in names.items():
        with zipfile.ZipFile(tmp_path / f"{layout}.zip", "w") as archive:
            for name in files:
                archive.writestr(name, BOTH if name.endswith("ipynb") else "2026-11-24 12:00 UTC")
        found = find_class(tmp_path / f"{layout}.zip", assignment)
        assert found.layout == layout
        assert len(found.entries) == 2
        for entry in found.entries:
            assert list(read_submission(entry, assignment).sources) == ["padding.py", "edges.py"]


def test_a_students_own_folder_is_no_class(tmp_path, assignment):
    """The released name gives it away."""
    write(tmp_path / "mine" / "notebook.ipynb")
    with pytest.raises(GraderError, match=r"is itself one submission \(it holds notebook.ipynb\)"):
        find_submissions(tmp_path / "mine", assignment)


REFUSED = {
    "no JSON": (b"PK\x03\x04", "hw.ipynb is not UTF-8|damaged"),
    "not UTF-8": (b'{"nbformat": 4, "cells": ["\xff"]}', "hw.ipynb is not UTF-8 text"),
    "a list": (b"[]", "hw.ipynb is no notebook"),
    "true for a number": (b'{"nbformat": true, "cells": []}', "names no nbformat"),
    "an old format": (b'{"nbformat": 3, "worksheets": []}', "has nbformat 3, and only 4"),
    "a huge number": (b'{"nbformat": ' + b"9" * 5000 + b"}", "is damaged"),
    "cells of text": (b'{"nbformat": 4, "cells": ["x"]}', "its cells are none"),
    "no cells": (b'{"nbformat": 4}', "its cells are none"),
    "a cell of numbers": (
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "a cell has no text",
    ),
    "a cell without text": (
        b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "a cell has no text",
    ),
    "nested without end": (b"[" * 100_000, "is damaged"),
    "lists without end": (b"[" + b"[]," * 1_500_000 + b"[]]", "too large; clear its outputs"),
    "too many bytes": (b" " * (MAX_NOTEBOOK + 1), "too large; clear its outputs"),
    "too much code": (notebook("#" * 1_000_001), "more than 1 MB of code"),
    "too many cells": (notebook(*["x"] * 2001), "more than 2000 cells"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_ordinary_notebook_is_refused_with_the_remedy(case):
    """The sentence names the file and says what to do."""
    content, says = REFUSED[case]
    with pytest.raises(SubmissionRejectedError, match=says) as error:
        read_cells("hw.ipynb", content)
    assert "hw.ipynb" in str(error.value)
    assert ";" in str(error.value)


def test_a_damaged_notebook_stops_nobody_else(tmp_path, assignment):
    """It is rejected, with its name."""
    path = write(tmp_path / "ada" / "hw.ipynb", b"{")
    rejected = read_submission(Entry("ada", path.parent), assignment).rejected
    assert rejected == (
        "ada: hw.ipynb is damaged (it is not JSON); open it in Jupyter and save it again"
    )
    path = write(tmp_path / "ben.ipynb", notebook("x = 1"))
    rejected = read_submission(Entry("ben", path), assignment).rejected
    assert rejected.startswith("ben.ipynb: it defines none of pad2d, sobel; hand in the notebook")


def test_half_a_character_is_none(assignment):
    """JSON can write it, and UTF-8 cannot."""
    content = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}'
    assert read_cells("hw.ipynb", content) == ["x = '?'"]


def test_markdown_and_raw_cells_are_not_code():
    """Nor are their texts looked at."""
    cells = [
        {"cell_type": "markdown", "source": ["def pad2d(): pass"]},
        {"cell_type": "raw", "source": "x"},
        {"cell_type": "code", "source": ["x = 1\n", "y = 2"]},
    ]
    content = json.dumps({"nbformat": 4, "cells": cells}).encode()
    assert read_cells("hw.ipynb", b"\xef\xbb\xbf" + content) == ["x = 1\ny = 2"]


def test_nothing_of_a_notebook_is_run_to_take_it_apart(tmp_path, assignment):
    """Not a default value, a decorator, an annotation or a class's body."""
    mark = tmp_path / "ran"
    run = f"open({str(mark)!r}, 'w').write('x')"
    cells = [f"@{run}\ndef pad2d(a: {run} = {run}):\n    pass", f"class sobel:\n    x = {run}", run]
    dissect("hw.ipynb", notebook(*cells), assignment.tasks_by_file)
    assert not mark.exists()


HOSTILE = {
    "deep operators": "def pad2d(): return " + "-" * 90_000 + "1",
    "deep attributes": "x = " + "a." * 90_000 + "b",
    "a chain of statements": "\n".join(f"a{i} = a{i - 1}" for i in range(40_000)),
    "quotation marks": "!x\n" + "'''\\'''" * 20_000,
    "brackets": "!x\n" + "([{" * 60_000,
    "backslashes": "!x\n" + "\\\n" * 100_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_notebook_is_refused_or_inert(case, assignment):
    """It can use up the time of its own process and no more."""
    began = time.monotonic()
    try:
        dissected = dissect("hw.ipynb", notebook(HOSTILE[case], PAD), assignment.tasks_by_file)
    except SubmissionRejectedError as error:
        assert "hw.ipynb cannot be taken apart" in str(error)  # noqa: PT017 - one of two outcomes
    else:
        assert b"def pad2d" in dissected.sources["padding.py"]
    assert time.monotonic() - began < 60  # a limit of ours, not a measurement


def test_a_notebook_is_graded_in_the_sandbox(tmp_path, capsys):
    """The solved functions of a1 earn their points from cells, in whatever order and company."""
    solved = "import numpy as np\n\n%time\ndef to_float(image):\n    return image / 255.0"
    hostile = "import os\nos._exit(0)\nraise SystemExit\ndef to_float(image):\n    os._exit(0)"
    banned = "import numpy as np\ndef pad2d(image, h, w, mode='zero'):\n    return np.pad(image, h)"
    write(tmp_path / "class" / "good.ipynb", notebook(solved, "while True: pass"))
    write(tmp_path / "class" / "hostile.ipynb", notebook(hostile))
    write(tmp_path / "class" / "banned.ipynb", notebook(banned))
    out = tmp_path / "out"
    code = main(
        ["grade", "a1", str(tmp_path / "class"), "--out", str(out), "--jobs", "1",
         "--require-sandbox", "none"]
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 0, printed.err
    results = {
        name: json.loads((out / "results" / f"{name}.json").read_text())
        for name in ("good", "hostile", "banned")
    }
    assert results["good"]["score"] == 4
    assert results["hostile"]["score"] == 0
    assert {t["outcome"] for t in results["hostile"]["tests"] if t["task"] == "to_float"} == {
        "crashed"
    }
    assert results["banned"]["score"] == 0
    said = [test["feedback"] for test in results["banned"]["tests"] if test["task"] == "pad2d"]
    assert all("uses numpy.pad" in text for text in said)
