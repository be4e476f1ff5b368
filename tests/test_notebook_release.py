"""Making notebooks: from a percent script, as a companion and as the form solved in cells."""

import json
import shutil
import sys
import types
from pathlib import Path

import nbformat
import pytest

from grader.authoring.release import Form, release, render, stale
from grader.cli import main
from grader.course import read_assignment
from grader.errors import GraderError
from grader.notebooks.cells import Cell, code, markdown, read_script, write_notebook
from grader.notebooks.colab import open_assignment
from grader.notebooks.companion import checked_task, placed_task, read_companion
from grader.notebooks.pieces import take_apart, without_own_imports
from grader.notebooks.workbook import workbook

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
COURSE = sorted(path.parent.name for path in REFERENCE.glob("*/notebook.py"))
DESCRIPTION = """
id = "a1"
title = "Padding"
dataset = "digits"
packages = ["numpy"]
[limits]
test_seconds = 1
submission_seconds = 10
memory_mb = 512
[[task]]
name = "pad"
file = "padding.py"
points = 60
[[task]]
name = "Net"
file = "network.py"
points = 40
"""
PADDING = '''"""Frames around images."""

import numpy as np

SIZE = 2


# All around.
def pad(image):
    """Put a frame around an image."""
    ### BEGIN SOLUTION
    return np.full_like(image, "secret") + image[::-1]
    ### END SOLUTION
'''
NETWORK = '''"""A network."""

from padding import pad


class Net:
    """A network."""

    def forward(self, X):
        """Return probabilities."""
        ### BEGIN SOLUTION
        return pad(X) / 2
        ### END SOLUTION
'''
SCRIPT = """# ruff: noqa: D100

# %% [markdown]
# # Padding
#
# A *lesson*.

# %%
import numpy as np
from network import Net
from padding import (
    pad,
)

from grader.notebook import check

# %%
check("pad")

# %%
print(pad(np.ones(3)))

# %%
# Write Net here.

# %% [markdown]
# Now check it.

# %%
check("Net")
"""


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "reference" / "a1"
    folder.mkdir(parents=True)
    for name, text in (
        ("assignment.toml", DESCRIPTION), ("padding.py", PADDING), ("network.py", NETWORK),
        ("notebook.py", SCRIPT),
    ):  # fmt: skip
        (folder / name).write_text(text)
    return folder


def cells_of(content):
    notebook = nbformat.reads(content.decode(), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return [(cell.id, cell.source) for cell in notebook.cells]


def test_a_script_is_read_cell_by_cell():
    """What stands above the first cell is not the student's."""
    cells = read_script(SCRIPT, "notebook.py")
    assert [cell.kind for cell in cells] == [
        "markdown", "code", "code", "code", "code", "markdown", "code",
    ]  # fmt: skip
    assert cells[0].source == "# Padding\n\nA *lesson*."
    assert checked_task(cells[2]) == "pad"
    assert placed_task(cells[4]) == "Net"


@pytest.mark.parametrize(
    ("text", "says"),
    [("x = 1", "notebook.py has no cells"), ("# %% [raw]\n# x", "a cell of kind 'raw'")],
)
def test_a_script_that_is_none_is_refused(text, says):
    """With its name, and what to do."""
    with pytest.raises(GraderError, match=says):
        read_script(text, "notebook.py")


def test_a_notebook_is_valid_and_always_the_same():
    """Ids come from the text, outputs and counts do not exist, and doubles get other ids."""
    cells = [markdown("Text"), code("x = 1"), code("x = 1"), code("y", "task-y")]
    content = write_notebook(cells)
    assert content == write_notebook(cells)
    names = [name for name, _ in cells_of(content)]
    assert len(set(names)) == 4
    assert names[3] == "task-y"
    assert names[2] == f"{names[1]}-2"
    notebook = json.loads(content)
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    )
    metadata = Cell(kind="code", source="z", metadata={"tags": ["a"]})
    assert json.loads(write_notebook([metadata]))["cells"][0]["metadata"] == {"tags": ["a"]}


def test_a_release_brings_the_companion(source, tmp_path):
    """Set up for Colab first; a place for a task is only for the other form."""
    assignment = read_assignment(source)
    out = tmp_path / "out"
    release(assignment, out)
    assert stale(assignment, out) == []
    cells = cells_of((out / "a1" / "notebook.ipynb").read_bytes())
    assert cells[0][0] == "set-up"
    assert 'open_assignment("a1")' in cells[0][1]
    assert [name for name, _ in cells if name.startswith("check-")] == ["check-pad", "check-Net"]
    assert not any("Write Net here" in text for _, text in cells)
    (source / "notebook.py").write_text(SCRIPT + "# %%\n# new\n")
    assert stale(assignment, out) == ["notebook.ipynb"]


def test_the_form_solved_in_cells(source):
    """Each task stands before its check or where the script says, with what its file gives."""
    files = render(read_assignment(source), Form.NOTEBOOK)
    assert "padding.py" not in files
    cells = cells_of(files["notebook.ipynb"])
    names = [name for name, _ in cells]
    assert names.index("given-padding") < names.index("task-pad") < names.index("check-pad")
    assert names.index("check-pad") < names.index("task-Net") < names.index("check-Net") - 1
    assert "given-network" not in names  # it gives nothing but an import of ours
    text = dict(cells)
    assert text["given-padding"] == "import numpy as np\n\nSIZE = 2"
    assert text["task-pad"].startswith("# All around.\ndef pad(image):")
    assert 'raise NotImplementedError("pad")' in text["task-pad"]
    assert not any("from padding" in each or "from network" in each for _, each in cells)
    assert not any("*lesson*" in each for _, each in cells)  # it speaks of files


def test_an_assignment_without_a_script_gets_a_plain_notebook(source):
    """In the form solved in cells; in the other one it has none."""
    (source / "notebook.py").unlink()
    assignment = read_assignment(source)
    assert "notebook.ipynb" not in render(assignment)
    cells = cells_of(render(assignment, Form.NOTEBOOK)["notebook.ipynb"])
    ours = [name for name, _ in cells if name.startswith(("task-", "check-"))]
    assert ours == ["task-pad", "check-pad", "task-Net", "check-Net"]
    assert any("Frames around images." in text for _, text in cells)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('check("Net")', 'check("net")'), "no task 'net'"),
        (('check("Net")', "print()"), 'have one with check\\("Net"\\)'),
        (('check("Net")', 'check("pad")'), "2 cells check pad"),
    ],
)
def test_each_task_is_checked_once(source, change, says):
    """Else a student would never hear of it."""
    (source / "notebook.py").write_text(SCRIPT.replace(*change))
    with pytest.raises(GraderError, match=says):
        render(read_assignment(source))


@pytest.mark.parametrize(
    "leak", ['np.full_like(image, "secret") + image[::-1]', "# test_odd_shapes"]
)
@pytest.mark.parametrize("form", list(Form))
def test_a_notebook_gives_nothing_away(source, leak, form):
    """The guard reads its text, and not its JSON, in which quotation marks look otherwise."""
    (source / "hidden_tests").mkdir()
    (source / "hidden_tests" / "test_hidden.py").write_text("def test_odd_shapes(): pass")
    (source / "notebook.py").write_text(f"{SCRIPT}\n# %%\nreturn_ = None\n# %%\nif 1:\n    0\n")
    render(read_assignment(source), form)
    line = leak if leak.startswith("#") else f"return {leak}"
    (source / "notebook.py").write_text(f"{SCRIPT}\n# %%\ndef f(image):\n    {line}\n    0\n")
    with pytest.raises(GraderError, match=r"released notebook\.ipynb"):
        render(read_assignment(source), form)


def test_a_module_as_a_whole_has_no_meaning_in_cells():
    """The author is told which line."""
    with pytest.raises(GraderError, match=r"'import padding' cannot be used"):
        without_own_imports("import padding", ["padding"], "notebook.py")
    with pytest.raises(GraderError, match="has no function or class 'pad'"):
        take_apart("x = 1", ["pad"], [], "padding.py")


def test_the_command_writes_each_form_to_a_place_of_its_own(source, monkeypatch, capsys):
    """`--notebook` leaves assignments/ alone, and `--check` knows of it."""
    monkeypatch.chdir(source.parent.parent)
    assert main(["release", "a1"]) == 0
    assert main(["release", "a1", "--notebook"]) == 0
    assert Path("assignments/a1/padding.py").is_file()
    assert not Path("notebooks/a1/padding.py").exists()
    assert main(["release", "a1", "--notebook", "--check"]) == 0
    Path("notebooks/a1/notebook.ipynb").write_text("{}")
    capsys.readouterr()
    assert main(["release", "a1", "--notebook", "--check"]) == 1
    assert "run `grader release a1 --notebook`" in capsys.readouterr().out


@pytest.mark.parametrize("name", COURSE)
def test_the_courses_notebooks_can_be_released(name):
    """Every task has its check; solved, the cells define all tasks again."""
    assignment = read_assignment(REFERENCE / name)
    for form in Form:
        assert cells_of(render(assignment, form)["notebook.ipynb"])
    texts = {file: (assignment.folder / file).read_text() for file in assignment.files}
    names = [cell.id for cell in workbook(read_companion(assignment), texts, assignment)]
    assert [each for each in names if each.startswith("task-")] == [
        f"task-{task.name}" for task in assignment.tasks
    ]


def test_on_colab_the_folder_is_found_in_drive_or_asked_for(source, tmp_path, monkeypatch, capsys):
    """Colab's own modules are stood in for: they exist on its machines only."""
    drive = tmp_path / "drive"
    (drive / "MyDrive" / "old" / "a0").mkdir(parents=True)
    (drive / "MyDrive" / "old" / "a0" / "assignment.toml").write_text(
        DESCRIPTION.replace('"a1"', '"a0"')
    )
    upload = tmp_path / "a1.zip"
    colab = types.ModuleType("google.colab")
    colab.drive = types.ModuleType("google.colab.drive")
    colab.drive.mount = lambda _path: None
    colab.files = types.ModuleType("google.colab.files")
    colab.files.upload = lambda: {str(upload): b""} if upload.exists() else {}
    for name in ("drive", "files"):
        monkeypatch.setitem(sys.modules, f"google.colab.{name}", getattr(colab, name))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GraderError, match="is not in your Drive; run this cell again"):
        open_assignment("a1", drive)
    shutil.make_archive(str(upload.with_suffix("")), "zip", source.parent, "a1")
    open_assignment("a1", drive)
    assert Path.cwd() == drive / "MyDrive" / "a1"
    open_assignment("a1", tmp_path / "nowhere")  # a second time there is nothing to do
    assert "Choose the .zip" in capsys.readouterr().out
