"""Who grades: this user, or nobody with a copy of everything that is needed.

A grader that runs as root and one that runs as an ordinary user are protected by
different layers, so the corpus is run as both. Nobody may not be able to read this
interpreter or this checkout (both may lie below /root); then another Python of the
same version and a copy of the packages must do.
"""

import atexit
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

import grader
from grader.sandbox.policy import interpreter_paths

NOBODY: Final = 65534
PACKAGE: Final = Path(grader.__file__).parent
_PROJECT: Final = PACKAGE.parent / "pyproject.toml"
_OURS: Final = ("PYTEST_", "COVERAGE_", "PYTHON")


class ImpossibleError(Exception):
    """Something that this machine cannot provide; the message says what it lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can run the grader."""

    name: str
    python: str
    environment: Mapping[str, str]
    identity: Mapping[str, Any]  # for subprocess
    package: Path  # the grader they run


def person(user: str, package: Path = PACKAGE) -> Person:
    """Return "me" or "nobody" with this package, or with a patched copy of it.

    Raises
    ------
    ImpossibleError
        If that user cannot run it.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
    name, python, identity = whoami(), sys.executable, {}
    if user == "nobody":
        name, python, identity = user, _python_of_nobody(), _identity(user)
        package = _copy_for_nobody(package)
    elif package == PACKAGE:
        package = _copy(package)
    environment |= {"PYTHONPATH": str(package.parent)}
    return Person(
        name=name, python=python, environment=environment, identity=identity, package=package
    )


def whoami() -> str:
    """Name the user who runs the tests, as far as it matters."""
    return "root" if os.geteuid() == 0 else "an ordinary user"


def has_bubblewrap(user: str) -> bool:
    """Whether that user can make namespaces with bubblewrap."""
    bwrap = shutil.which("bwrap")
    command = [bwrap or "", "--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "/bin/true"]
    return bool(bwrap) and _runs(command, user)


def _identity(user: str) -> dict[str, Any]:
    if user == "me":
        return {}
    if os.geteuid() != 0:
        raise ImpossibleError("only root can become nobody")
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _runs(command: Sequence[str], user: str, **environment: str) -> bool:
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, check=False, **_identity(user)
        )
    except OSError:
        return False
    return done.returncode == 0


@functools.cache
def _python_of_nobody() -> str:
    names = (f"python3.{sys.version_info.minor}", "python3")
    candidates = [sys.executable, *(shutil.which(name, path=os.defpath) for name in names)]
    home = _copy_for_nobody(PACKAGE).parent
    needed = "import numpy.random, pytest, grader.examiner"
    for python in filter(None, candidates):
        if _runs([python, "-c", needed], "nobody", PYTHONPATH=str(home)):
            return python
    raise ImpossibleError("nobody has no Python with NumPy: every one here is private to root")


@functools.cache
def _copy(package: Path) -> Path:
    """Copy the package, so that nobody's work on it disturbs a run, and no run harms it."""
    copy = _new_folder() / "grader"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@functools.cache
def _copy_for_nobody(package: Path) -> Path:
    """Copy the package, and link the packages it needs beside it, where nobody can read them."""
    home = _new_folder()
    shutil.copytree(_packages_for_nobody(), home, copy_function=os.link, dirs_exist_ok=True)
    shutil.copytree(package, home / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["chmod", "-R", "a+rX", home / "grader"], check=True)
    return home / "grader"


@functools.cache
def _packages_for_nobody() -> Path:
    home, site = _new_folder(), Path(np.__file__).parents[1]
    requirements = tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["dependencies"]
    needed = [re.split(r"[^\w-]", requirement)[0] for requirement in requirements]
    for path in map(Path, interpreter_paths(needed)[0]):
        if path.parent == site:
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, home / path.name)
    subprocess.run(["chmod", "-R", "a+rX", home], check=True)
    return home


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="home-of-the-grader-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
