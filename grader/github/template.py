"""Lay out what GitHub gets of an assignment: a template repository, or a bundle.

A template repository is the released assignment with a workflow, the action that it
uses, a dev container and a badge. It holds all that it needs but the actions of GitHub
itself, which it names by commit.

Classroom 50 gets a bundle instead: its autograder.py and the released assignment.
"""

import json
import pprint
from pathlib import Path
from typing import Final

import grader
from grader.authoring.proof import demand_proof
from grader.authoring.release import render
from grader.course import Assignment
from grader.errors import GraderError
from grader.files import make_folder, write_atomically

_TEMPLATES: Final = Path(__file__).parent / "templates"
_WORKFLOW: Final = ".github/workflows/autograde.yml"
# From the page that shows README.md, which knows the repository's name as we do not.
_BADGE: Final = "[![autograde](../../actions/workflows/autograde.yml/badge.svg)](../../actions)"
_UNREAD: Final = ("README.md", "figures/", "notebook.ipynb", "quiz.toml")  # by the tests


def release_repository(assignment: Assignment, folder: Path) -> list[Path]:
    """Write the students' template repository; return what is new or different.

    Files that this release does not have are left alone: the folder may be a clone.

    Raises
    ------
    GraderError
        If the assignment must not be released, or the folder is not one for it.
    """
    demand_proof(assignment)
    files = repository(assignment)
    _demand_target(folder, assignment)
    return _write(files, folder)


def release_bundle(assignment: Assignment, folder: Path) -> list[Path]:
    """Write Classroom 50's bundle; return what is new or different.

    Raises
    ------
    GraderError
        If the assignment must not be released, or the folder is not one for it.
    """
    demand_proof(assignment)
    files = bundle(assignment)
    _demand_target(folder, assignment)
    return _write(files, folder)


def repository(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of the template repository."""
    released = render(assignment)
    package = package_for(assignment)
    readme = released.get("README.md", f"# {assignment.title}\n".encode())
    return released | {
        "README.md": f"{_BADGE}\n\n".encode() + readme,
        _WORKFLOW: _filled("autograde.yml", package=package),
        ".github/actions/autograde/action.yml": _filled("action.yml"),
        ".devcontainer/devcontainer.json": _filled(
            "devcontainer.json", title=json.dumps(assignment.title)[1:-1], package=package
        ),
    }


def bundle(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of Classroom 50's bundle."""
    script = _filled(
        "autograder.py.template",
        files=pprint.pformat(list(assignment.files), width=88, compact=True),
        package=json.dumps(package_for(assignment)),
    )
    released = {
        f"assignment/{name}": content
        for name, content in render(assignment).items()
        if not name.startswith(_UNREAD)
    }
    return {"autograder.py": script, **released}


def package_for(assignment: Assignment) -> str:
    """Return what pip must install for an assignment: this release."""
    extra = "[torch]" if "torch" in assignment.packages else ""
    return f"deltagrade{extra}=={grader.__version__}"


def _filled(template: str, **values: str) -> bytes:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"{{{{ {name} }}}}", value)
    return text.encode()


def _demand_target(folder: Path, assignment: Assignment) -> None:
    here, source = folder.resolve(), assignment.folder.resolve()
    if here.is_relative_to(source) or source.is_relative_to(here):
        raise GraderError(f"{folder} would mix with the source {source}; choose another folder")
    for precious in ("hidden_tests", "mutants.toml", "reference"):
        if (folder / precious).exists():
            raise GraderError(f"{folder} holds {precious}, which no release does; choose another")


def _write(files: dict[str, bytes], folder: Path) -> list[Path]:
    written = []
    for name, content in sorted(files.items()):
        path = folder / name
        if path.is_file() and path.read_bytes() == content:
            continue
        make_folder(path.parent)
        write_atomically(path, content)
        written.append(path)
    return written
