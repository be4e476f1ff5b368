"""Every notebook of the course, run by Jupyter: solved it must run, and unsolved stop readably."""

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.authoring.release import Form, render
from grader.course import read_assignment
from grader.notebooks.cells import NOTEBOOK, write_notebook
from grader.notebooks.companion import read_companion
from grader.notebooks.workbook import workbook

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
COURSE = sorted(path.parent.name for path in REFERENCE.glob("*/notebook.py"))
DRAWS = re.compile(r"^(figure, |show\()", re.MULTILINE)

pytestmark = pytest.mark.skipif(
    not (find_spec("nbconvert") and find_spec("ipykernel")),
    reason="needs Jupyter: pip install deltagrade[nbgrader]",
)


def write(name, form, folder, *, solved):
    """Write what students receive, or what a good student has made of it."""
    assignment = read_assignment(REFERENCE / name)
    files = render(assignment, form)
    if solved:
        texts = {file: (assignment.folder / file).read_text() for file in assignment.files}
        if form is Form.FILES:
            files |= {file: text.encode() for file, text in texts.items()}
        else:
            cells = workbook(read_companion(assignment), texts, assignment)
            files[NOTEBOOK] = write_notebook(cells)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def run(folder, *options):
    """Run the notebook in a kernel of its own, on the digits that are always there."""
    own = {"GRADER_DATA": "none", "JUPYTER_RUNTIME_DIR": "run", "IPYTHONDIR": "ipython"}
    paths = {name: str(folder / path) for name, path in own.items()}
    command = [
        sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", NOTEBOOK,
        "--output", "executed", "--ExecutePreprocessor.timeout=300", *options,
    ]  # fmt: skip
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **paths, "OMP_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )


def executed(folder):
    """Return the code cells of the notebook that was run, with the kinds of their outputs."""
    notebook = json.loads((folder / "executed.ipynb").read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
            yield cell["id"], "".join(cell["source"]), kinds


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("name", COURSE)
def test_a_solved_notebook_runs_and_draws(name, form, tmp_path):
    """From top to bottom: every check passes, and every figure is there."""
    write(name, form, tmp_path, solved=True)
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = list(executed(tmp_path))
    for cell, source, kinds in cells:
        if cell.startswith("check-"):
            assert {"text/html", "text/plain"} <= kinds, source
        if DRAWS.search(source) and "def show" not in source:
            assert "image/png" in kinds, source
    assert sum("image/png" in kinds for _, _, kinds in cells) >= 7
    tasks = {task.name for task in read_assignment(REFERENCE / name).tasks}
    assert {cell.removeprefix("check-") for cell, _, _ in cells if "check-" in cell} == tasks


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("name", COURSE)
def test_an_unsolved_notebook_stops_at_its_first_check(name, form, tmp_path):
    """In one line, without a traceback of ours."""
    write(name, form, tmp_path, solved=False)
    script = (REFERENCE / name / "notebook.py").read_text()
    first = re.findall(r'check\("(\w+)"\)', script)[0]
    done = run(tmp_path)
    assert done.returncode == 1
    said = done.stderr[done.stderr.index("CellExecutionError: ") :]
    assert f'check("{first}")' in said
    assert re.search(rf"^{first}: (not written yet|0 of \d+ tests pass)", said, re.MULTILINE)
    assert "grader/notebook.py" not in said
    assert "NotImplementedError" not in said
