"""`check`, called as a cell calls it: from a namespace that is a notebook's."""

import re
import sys
import types
from pathlib import Path

import pytest

from grader.course import read_assignment
from grader.notebook import Checked, CheckError, check
from grader.plugin import EXAMINATIONS  # noqa: F401 - loaded before a check loads it

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "a1_convolution"
FLIPPED = "turned = kernel[::-1, ::-1]"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Make a student's folder with a1 solved, and work in it."""
    for name in ("assignment.toml", "fingerprints.json"):
        if (REFERENCE / name).is_file():
            (tmp_path / name).write_bytes((REFERENCE / name).read_bytes())
    for file in read_assignment(REFERENCE).files:
        (tmp_path / file).write_bytes((REFERENCE / file).read_bytes())
    (tmp_path / "tests").mkdir()
    for path in (REFERENCE / "tests").glob("*.py"):
        (tmp_path / "tests" / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Notebook:
    """A kernel in small: runs cells in one namespace, and remembers them."""

    def __init__(self):
        self.history = [""]
        self.space = {"__name__": "__main__", "check": check, "get_ipython": lambda: self}
        self.history_manager = types.SimpleNamespace(input_hist_raw=self.history)

    def run(self, cell):
        """Run a cell; return the latest result of a check."""
        self.history.append(cell)
        exec(compile(cell, "<cell>", "exec"), self.space)  # noqa: S102 - that is what a kernel does
        return self.space.get("result")

    def check(self, task):
        """Run a cell that checks a task."""
        return self.run(f"result = check({task!r})")


def edit(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_a_right_file_passes(folder):
    """The result says so in text and in HTML."""
    checked = Notebook().check("convolve2d")
    assert checked.passed
    assert repr(checked) == "convolve2d: 5 of 5 tests pass, 6 of 6 points"
    assert "✓ convolve2d" in checked._repr_html_()


def test_a_script_says_what_passes_too(folder, run_python):
    """A script shows no value of its own, and its text may come from standard input."""
    script = "from grader.notebook import check\ncheck('convolve2d')\ncheck('pad2d')\n"
    (folder / "mine.py").write_text(script)
    for how in ("mine.py", "-"):
        done = run_python(how, cwd=folder, stdin=script)
        assert (done.returncode, done.stderr) == (0, "")
        passed = [line for line in done.stdout.splitlines() if "tests pass" in line]
        assert [line.partition(":")[0] for line in passed] == ["convolve2d", "pad2d"]


def test_a_change_in_a_file_counts_at_once(folder, capsys):
    """Without a new kernel; and what the notebook itself has imported stays what it was."""
    notebook = Notebook()
    notebook.run("import sys; sys.path.insert(0, '.')\nimport convolution\nbefore = convolution")
    try:
        assert notebook.check("convolve2d").passed
        edit(folder / "convolution.py", FLIPPED, "turned = kernel")
        with pytest.raises(CheckError, match=r"^convolve2d: 1 of 5 tests pass, 1 of 6 points$"):
            notebook.check("convolve2d")
        edit(folder / "convolution.py", "turned = kernel\n", f"{FLIPPED}\n")
        assert notebook.check("convolve2d").passed
        assert sys.modules["convolution"] is notebook.space["before"]
    finally:
        sys.path.remove(".")
        sys.modules.pop("convolution")
        sys.modules.pop("padding", None)


def test_a_check_leaves_nothing_behind(folder):
    """Neither modules of the tests nor finders of the student's files."""
    before, finders = set(sys.modules), list(sys.meta_path)
    Notebook().check("to_float")
    assert sys.meta_path == finders
    left = {
        name for name in set(sys.modules) - before if not name.startswith(("grader", "_pytest"))
    }
    assert not {name for name in left if "test_" in name or name in ("images", "padding")}


def test_what_is_wrong_is_shown_with_pictures_and_a_hint(folder, capsys):
    """Before the error that stops `run all`; the same words as `grader test`."""
    edit(folder / "convolution.py", FLIPPED, "turned = kernel")
    shown = []
    display = types.SimpleNamespace(display=types.SimpleNamespace(display=shown.append))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "IPython", display)
        with pytest.raises(CheckError) as error:
            Notebook().check("convolve2d")
    assert error.value._render_traceback_() == ["convolve2d: 1 of 5 tests pass, 1 of 6 points"]
    (checked,) = shown
    page = checked._repr_html_()
    assert page.count('src="data:image/png;base64,') >= 3
    assert "result[1, 1] is 9, expected 1" in page
    assert re.search(r"180\s+degrees", page)
    assert page.count("<details") == page.count("</details>") == 4
    assert page.count(" open>") == 1
    assert "result[1, 1] is 9, expected 1" in repr(checked)


def test_without_html_the_text_is_printed(folder, capsys):
    """A script or a plain interpreter has no other way."""
    edit(folder / "convolution.py", FLIPPED, "turned = kernel")
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(sys.modules, "IPython", raising=False)
        with pytest.raises(CheckError):
            Notebook().check("convolve2d")
    assert "worst: result[" in capsys.readouterr().out


def test_a_function_of_the_notebook_goes_before_the_file(folder):
    """It is tested with what it needs, and the note says where it has to go in the end."""
    notebook = Notebook()
    notebook.run("import numpy as np\nWHITE = 255")
    notebook.run("def half(x):\n    return x / WHITE")
    notebook.run("def to_float(image):\n    return half(image.astype(np.float64))")
    checked = notebook.check("to_float")
    assert checked.passed
    assert checked.notes == ("This is the to_float of your notebook. Hand it in in images.py.",)
    notebook.run("def to_float(image):\n    return image / 256")
    with pytest.raises(CheckError, match="to_float: 0 of 2"):
        notebook.check("to_float")
    notebook.run("del to_float")
    assert notebook.check("to_float").notes == ()


def test_without_files_the_tasks_are_in_the_notebook(folder, capsys):
    """What was not defined yet is named; what a task builds on is found in cells, too."""
    for file in ("images.py", "padding.py", "convolution.py", "edges.py"):
        (folder / file).unlink()
    notebook = Notebook()
    with pytest.raises(CheckError, match="pad2d is not defined; run the cell that defines it"):
        notebook.check("pad2d")
    notebook.run(
        "import numpy as np\ndef pad2d(image, pad_height, pad_width, mode='zero'):\n    pass"
    )
    with pytest.raises(CheckError, match="pad2d: 0 of 4 tests pass"):
        notebook.check("pad2d")
    notebook.run("def pad2d(*arguments, **options):\n    raise NotImplementedError('pad2d')")
    with pytest.raises(CheckError, match="not written yet; 4 tests will look at it"):
        notebook.check("pad2d")


def test_a_failure_of_what_a_task_builds_on_is_named(folder, capsys):
    """The tests of the required tasks run, though only those of the task are shown."""
    edit(folder / "convolution.py", FLIPPED, "turned = kernel")
    with pytest.raises(CheckError):
        Notebook().check("sobel_x")
    out = capsys.readouterr().out
    assert "sobel_x builds on convolve2d, which does not pass its own tests yet" in out
    assert "test_worked_example" not in out


def test_what_is_banned_is_banned_in_cells(folder, capsys):
    """As in the file that the task belongs to."""
    notebook = Notebook()
    notebook.run("import numpy as np\ndef frame(a, n):\n    return np.pad(a, n)")
    notebook.run("def pad2d(image, h, w, mode='zero'):\n    return frame(image, ((h, h), (w, w)))")
    with pytest.raises(CheckError):
        notebook.check("pad2d")
    assert "uses numpy.pad" in capsys.readouterr().out


def test_an_endless_loop_ends(folder, capsys):
    """At the test's time, and the kernel lives on."""
    notebook = Notebook()
    notebook.run("def gray_to_rgb(image):\n    while True:\n        pass")
    with pytest.raises(CheckError, match="gray_to_rgb: 0 of 2"):
        notebook.check("gray_to_rgb")
    assert "out of time" in capsys.readouterr().out
    assert notebook.check("to_float").passed


def test_what_cannot_be_checked_is_said_in_a_sentence(folder, tmp_path, monkeypatch):
    """A misspelt name, and a folder without an assignment."""
    with pytest.raises(CheckError, match=r"no task 'padd2d'; did you mean 'pad2d'\?"):
        Notebook().check("padd2d")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "assignment.toml").unlink()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(CheckError, match=r"no assignment\.toml in or above"):
        Notebook().check("pad2d")


def test_a_script_may_check_too(folder, monkeypatch):
    """Its own text takes the place of the cells."""
    script = folder / "mine.py"
    script.write_text(
        "from grader.notebook import check\ndef to_float(image):\n    return image / 255\n"
        "result = check('to_float')\n"
    )
    space = {"__name__": "__main__", "__file__": str(script)}
    exec(compile(script.read_text(), str(script), "exec"), space)  # noqa: S102 - as runpy would
    assert isinstance(space["result"], Checked)
    assert space["result"].notes


def test_what_a_student_prints_or_raises_is_text_in_html(folder):
    """A page of one's own in a message stays a message."""
    notebook = Notebook()
    notebook.run("def to_float(image):\n    raise ValueError('<script>alert(1)</script>\\x1b[2J')")
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        display = types.SimpleNamespace(display=types.SimpleNamespace(display=shown.append))
        patch.setitem(sys.modules, "IPython", display)
        with pytest.raises(CheckError):
            notebook.check("to_float")
    page = shown[0]._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
