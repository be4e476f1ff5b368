"""Pack the grader that is running into a wheel, so that the same one grades elsewhere.

A wheel of pure Python is a zip with a list of its files. Making it here needs no
build tool, and gives the same bytes each time.
"""

import base64
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import grader
from grader.errors import GraderError
from grader.gradescope.packing import pack

_NAME: Final = "deltagrade"
_PACKAGE: Final = Path(grader.__file__).resolve().parent
_WHEEL: Final = (
    "Wheel-Version: 1.0\nGenerator: deltagrade\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)


def wheel_name() -> str:
    """Return the file name that pip expects."""
    return f"{_NAME}-{grader.__version__}-py3-none-any.whl"


def build_wheel() -> bytes:
    """Return the wheel.

    Raises
    ------
    GraderError
        If it is not known what the grader needs to be installed.
    """
    info = f"{_NAME}-{grader.__version__}.dist-info"
    files = {
        f"grader/{path.relative_to(_PACKAGE).as_posix()}": path.read_bytes()
        for path in sorted(_PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    described, entry_points = _description()
    files |= {
        f"{info}/METADATA": described.encode(),
        f"{info}/WHEEL": _WHEEL.encode(),
        f"{info}/entry_points.txt": entry_points.encode(),
    }
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD").encode()
    return pack(files)


def _record(files: Mapping[str, bytes], itself: str) -> str:
    rows = [f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in files.items()]
    return "".join([*rows, f"{itself},,\n"])


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _description() -> tuple[str, str]:
    """Return METADATA and entry_points.txt: of the checkout, or as they were installed.

    A checkout's own description goes first: what was installed of it may be older.
    """
    project = _PACKAGE.parent / "pyproject.toml"
    if project.is_file():
        table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        return "\n".join(_headers(table)) + "\n", "\n".join(_entry_points(table)) + "\n"
    try:
        installed = metadata.distribution(_NAME)
    except metadata.PackageNotFoundError as error:
        raise GraderError(f"{_NAME} is not installed here; install it with pip first") from error
    return installed.read_text("METADATA") or "", installed.read_text("entry_points.txt") or ""


def _headers(project: Mapping[str, Any]) -> Iterator[str]:
    yield "Metadata-Version: 2.1"
    yield f"Name: {project['name']}"
    yield f"Version: {grader.__version__}"
    yield f"Requires-Python: {project['requires-python']}"
    yield from (f"Requires-Dist: {needed}" for needed in project["dependencies"])
    for extra, needs in project["optional-dependencies"].items():
        yield f"Provides-Extra: {extra}"
        yield from (f"Requires-Dist: {needed}; extra == '{extra}'" for needed in needs)


def _entry_points(project: Mapping[str, Any]) -> Iterator[str]:
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    for group, points in groups.items():
        yield f"[{group}]"
        yield from (f"{name} = {target}" for name, target in points.items())
