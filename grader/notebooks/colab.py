"""Open an assignment's folder on Colab.

A Colab machine is empty and is thrown away afterwards. The student's folder therefore
lies in their Drive: it is looked for there, and is asked for as a .zip when it is not
found.
"""

import importlib
import os
import shutil
from pathlib import Path
from typing import Any, Final

from grader.course import DESCRIPTION, read_assignment
from grader.errors import GraderError

_DRIVE: Final = Path("/content/drive")
_DEPTHS: Final = ("*", "*/*", "*/*/*")  # below My Drive


def open_assignment(name: str, drive: Path = _DRIVE) -> None:
    """Make an assignment's folder the working folder.

    Parameters
    ----------
    name : str
        The assignment's id.
    drive : Path
        Where Drive is mounted.

    Raises
    ------
    GraderError
        If it is not there and is not uploaded either.
    """
    if Path(DESCRIPTION).is_file():
        return  # opened before
    _colab("drive").mount(str(drive))
    home = drive / "MyDrive"
    folder = _find(name, home) or _ask_for(name, home)
    os.chdir(folder)
    print(f"working in {folder}: what you write here is kept in your Drive")


def _find(name: str, home: Path) -> Path | None:
    for depth in _DEPTHS:
        for path in sorted(home.glob(f"{depth}/{DESCRIPTION}")):
            if read_assignment(path.parent).id == name:
                return path.parent
    return None


def _ask_for(name: str, home: Path) -> Path:
    print(f"There is no {name} in your Drive yet. Choose the .zip that you were given.")
    for file in _colab("files").upload():
        shutil.unpack_archive(file, home)
    folder = _find(name, home)
    if folder is None:
        raise GraderError(
            f"the assignment {name} is not in your Drive; run this cell again and choose its .zip"
        )
    return folder


def _colab(module: str) -> Any:
    return importlib.import_module(f"google.colab.{module}")
