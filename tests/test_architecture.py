"""The shape of the code: imports point down, and little runs beside a student's code."""

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "grader"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
}


def imports_of(path: Path) -> set[str]:
    """Return our own modules that a module imports, at its top or in a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from grader import data` names a module, `from grader.data import load` does not.
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [
                name if name in MODULES or f"{name}.__init__" in MODULES else node.module
                for name in inner
            ]
        else:
            continue
        found |= {name for name in names if name.startswith("grader.")}
    return found


def room(module: str) -> str:
    """Return the folder that a module lies in, or the module itself at the top."""
    return ".".join(module.split(".")[:2])


def test_imports_point_down():
    """Folders and modules can be laid out in floors: nothing imports what stands above it."""
    house: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        house.setdefault(room(module), set()).update(map(room, imports_of(path)))
    for name, below in house.items():
        below.discard(name)

    floors = list(graphlib.TopologicalSorter(house).static_order())

    assert floors.index("grader.worker") < floors.index("grader.sandbox")
    assert floors.index("grader.checks") < floors.index("grader.examination")


def test_the_process_of_a_worker_loads_nothing_that_knows_answers():
    """What runs beside a student's code has no tests, checks, data, course or pytest loaded."""
    code = "import sys, grader.sandbox.zygote; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert {name for name in loaded if name.startswith("grader.") and "sandbox" not in name} == {
        "grader.alarm", "grader.codec", "grader.crossing", "grader.decoder", "grader.errors",
        "grader.protocol", "grader.sources", "grader.tensors", "grader.worker",
    }  # fmt: skip
    assert not loaded & {"pytest", "_pytest", "torch", "matplotlib", "sqlite3"}
