"""Open the gradebook.db of a course of nbgrader's, with nbgrader's own code.

nbgrader is no base dependency, and is imported only here and only when it is needed.
"""

import glob
import importlib
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.exports.texts import one_line


def import_nbgrader(module: str) -> Any:
    """Import a module of nbgrader, which is no base dependency.

    Raises
    ------
    GraderError
        If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise GraderError(
            f'nbgrader is not installed ({error.name}): pip install "deltagrade[nbgrader]"'
        ) from None


def handed_in(path: Path) -> set[str]:
    """Return who has a folder in the course's submitted/."""
    return {folder.name for folder in (path.parent / "submitted").glob("*/") if folder.is_dir()}


def unlisted(path: Path, assignments: Iterable[str]) -> str:
    """Say how formgrader can be made to list submissions that nbgrader has not autograded."""
    for name in assignments:
        submitted = path.parent.glob(f"submitted/*/{glob.escape(name)}")
        waiting = [
            s for s in submitted if not (path.parent / "autograded" / s.parent.name / name).exists()
        ]
        if waiting:
            return (
                f"formgrader lists {len(waiting)} of them only when they are in autograded/:"
                f' nbgrader autograde {name} "--Autograde.autograde_preprocessors=[]" copies them'
                " there, and runs nothing"
            )
    return ""


def demand_theirs(path: Path) -> None:
    """Refuse to write into a database of anybody else's, such as our own gradebook."""
    if not path.exists():
        if path.suffix == ".db" and path.parent.is_dir():
            return
        raise GraderError(f"there is no {path}; name the folder of a course of nbgrader with -o")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise GraderError(f"{path} cannot be read ({error}); name nbgrader's gradebook") from None
    if tables and not {"alembic_version", "grade", "submitted_notebook"} <= tables:
        raise GraderError(f"{path} is no gradebook of nbgrader; name its course's folder with -o")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open nbgrader's gradebook; say what is wrong with it in a sentence."""
    api = import_nbgrader("nbgrader.api")
    errors = import_nbgrader("sqlalchemy.exc")
    url = f"sqlite:///{path.resolve()}"
    before = os.environ.get("PATH", "")
    # For a new gradebook it runs `alembic`, which lies beside this interpreter.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        with warnings.catch_warnings(), api.Gradebook(url, _course(path)) as book:
            # How nbgrader itself makes a submission is something that SQLAlchemy warns of.
            warnings.simplefilter("ignore", errors.SAWarning)
            yield book
    except errors.SQLAlchemyError as error:
        reason = one_line(str(getattr(error, "orig", error)))
        raise GraderError(
            f"{path} cannot be written ({reason}); close what else writes to it, run nbgrader db"
            " upgrade if it is of an older version, and export again"
        ) from error
    finally:
        os.environ["PATH"] = before


def _course(path: Path) -> str:
    """Return the course that a gradebook is about."""
    if path.exists():
        with closing(sqlite3.connect(path)) as database, suppress(sqlite3.Error):
            courses = [str(name) for (name,) in database.execute("SELECT id FROM course")]
            if len(courses) == 1:
                return courses[0]
    return "default_course"
