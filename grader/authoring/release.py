"""Write what students receive: `reference/<id>/` without the answers.

What is released is named here, file by file and kind by kind; a file that
nobody named stays behind. `render` is pure, so the check in CI and the release
itself cannot disagree. A release replaces the whole folder at once.
"""

import re
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from grader.authoring.leaks import Secret, demand_no_leak
from grader.authoring.proof import demand_proof
from grader.authoring.quiz import without_answers
from grader.authoring.stub import Stub, make_stub
from grader.authoring.tier_text import without_other_tiers
from grader.course import DESCRIPTION, Assignment
from grader.errors import GraderError
from grader.files import make_folder
from grader.misconceptions import FINGERPRINTS, Misconceptions
from grader.notebooks.cells import NOTEBOOK, Cell, write_notebook
from grader.notebooks.companion import companion, read_companion
from grader.notebooks.workbook import workbook

# pytest takes the folder with this file for its root, whatever lies around it.
_PYTEST_TOML = b'[pytest]\ntestpaths = ["tests"]\n'
_GITIGNORE = b"__pycache__/\n.pytest_cache/\n.ipynb_checkpoints/\ngrader-results/\n"
_AS_THEY_ARE = ("README.md", "figures/*.png", "figures/*.svg", "tests/**/*.py")
_CACHES = {
    "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".ipynb_checkpoints",
    "grader-results",
}  # fmt: skip
_TEST = re.compile(r"^\s*(?:async )?def (test\w*)", re.MULTILINE)


class Form(StrEnum):
    """Where students solve the tasks."""

    FILES = "files"  # a companion notebook explains and draws
    NOTEBOOK = "notebook"


def render(assignment: Assignment, form: Form = Form.FILES) -> dict[str, bytes]:
    """Return the released files, by their path in the released folder.

    Raises
    ------
    GraderError
        If a solution or the name of a hidden test would be released.
    """
    folder = assignment.folder
    stubs = {name: _stub(assignment, name) for name in assignment.files}
    cells = _notebook(assignment, stubs, form)
    files = {
        DESCRIPTION: _description(folder).encode(),
        "pytest.toml": _PYTEST_TOML,
        ".gitignore": _GITIGNORE,
    }
    if form is Form.FILES:
        files |= {name: stub.text.encode() for name, stub in stubs.items()}
    if cells:
        files[NOTEBOOK] = write_notebook(cells)
    for pattern in (*_AS_THEY_ARE, *assignment.provided):
        for path in folder.glob(pattern):
            name = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                files[name.as_posix()] = path.read_bytes()
    if (folder / "quiz.toml").is_file():
        quiz = _text(folder / "quiz.toml")
        files["quiz.toml"] = without_answers(quiz, str(folder / "quiz.toml")).encode()
    known = Misconceptions.read(folder)
    if known.hints:
        files[FINGERPRINTS] = known.for_practice().to_text().encode()
    texts = {
        name: content.decode(errors="replace")
        for name, content in files.items()
        if not name.endswith(".png")
    }
    if cells:  # in a notebook's own text every quotation mark is escaped
        texts[NOTEBOOK] = "\n".join(cell.source for cell in cells)
    demand_no_leak(_secrets(stubs), _tests(folder / "hidden_tests"), texts)
    return dict(sorted(files.items()))


def _notebook(assignment: Assignment, stubs: dict[str, Stub], form: Form) -> list[Cell]:
    """Return the cells of the released notebook; none if there is no notebook."""
    cells = read_companion(assignment)
    if form is Form.NOTEBOOK:
        return workbook(cells, {name: stub.text for name, stub in stubs.items()}, assignment)
    return companion(cells, assignment) if cells else []


def _stub(assignment: Assignment, name: str) -> Stub:
    path = assignment.folder / name
    stub = make_stub(_text(path), str(path))
    tasks = [task.name for task in assignment.tasks if task.file == name]
    solved = {scope for region in stub.regions for scope in region.scope[:1]}
    given_away = [task for task in tasks if task in stub.definitions - solved]
    if given_away or (tasks and not stub.regions):
        raise GraderError(
            f"{path}: {(given_away or tasks)[0]} has no solution region, so its code would be"
            " released; put ### BEGIN SOLUTION and ### END SOLUTION around it"
        )
    return stub


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise GraderError(f"cannot read {path} ({error.strerror}); add it") from error
    except UnicodeDecodeError as error:
        raise GraderError(f"{path} is not UTF-8 ({error}); save it as UTF-8") from error


def _secrets(stubs: dict[str, Stub]) -> Iterator[Secret]:
    for name, stub in stubs.items():
        for region in stub.regions:
            for number, line in enumerate(region.lines, start=region.begin + 1):
                yield Secret(f"{name}:{number}", line)


def _description(folder: Path) -> str:
    """Return the description without the tiers of hidden tests, which would name them."""
    path = folder / DESCRIPTION
    return without_other_tiers(_text(path), set(_tests(folder / "tests")), str(path))


def _tests(folder: Path) -> Iterator[str]:
    """Yield the names of the test functions in a folder."""
    for path in sorted(folder.glob("**/*.py")):
        yield from _TEST.findall(_text(path))


def stale(assignment: Assignment, out: Path, form: Form = Form.FILES) -> list[str]:
    """Return the files that are missing, different or too many in the released folder."""
    demand_proof(assignment)
    return _differences(render(assignment, form), out / assignment.id)


def _differences(files: dict[str, bytes], target: Path) -> list[str]:
    present = {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file() and not _CACHES.intersection(path.relative_to(target).parts)
    }
    return sorted(
        name for name in files.keys() | present.keys() if files.get(name) != present.get(name)
    )


def release(assignment: Assignment, out: Path, form: Form = Form.FILES) -> list[Path]:
    """Write the released folder `out/<id>/`, and return the files that are new or different."""
    target = out / assignment.id
    demand_proof(assignment)
    files = render(assignment, form)
    _demand_replaceable(target, assignment)
    differences = _differences(files, target)
    if differences:
        make_folder(out)
        _replace(target, files)
    return [target / name for name in differences if name in files]


def _demand_replaceable(target: Path, assignment: Assignment) -> None:
    """Refuse to replace a folder that holds anything but an earlier release."""
    here, source = target.resolve(), assignment.folder.resolve()
    if here == source or here in source.parents or source in here.parents:
        raise GraderError(f"{target} would overwrite the source {source}; release elsewhere")
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise GraderError(f"{target} is not a folder; remove it, or release elsewhere")
    if not target.exists() or not any(target.iterdir()):
        return
    if not (target / DESCRIPTION).is_file():
        raise GraderError(f"{target} is no earlier release; remove it, or release elsewhere")
    for precious in (".git", "hidden_tests", "mutants.toml"):
        if (target / precious).exists():
            raise GraderError(
                f"{target} holds {precious}, which no release does; release elsewhere"
            )


def _replace(target: Path, files: dict[str, bytes]) -> None:
    """Write the folder beside its place, then swap: there is never half a release."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".release-") as work:
        fresh, former = Path(work) / "fresh", Path(work) / "former"
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if target.exists():
            target.rename(former)
        try:
            fresh.rename(target)
        except OSError:
            if former.exists():
                former.rename(target)
            raise
