"""Write files so that a reader never sees half of one."""

import secrets
from pathlib import Path

from grader.errors import GraderError


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace `path` by `content` in one step; a file that is already so is left alone.

    A device or a pipe, such as /dev/stdout, is written to.

    Raises
    ------
    GraderError
        If it cannot be written; what was there before is still there.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        if _is_device(path):
            path.write_bytes(data)
            return
        if path.is_file() and path.read_bytes() == data:
            return
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise GraderError(
            f"cannot write {path} ({error.strerror}); make room or choose another folder,"
            " and run the same command again"
        ) from error


def make_folder(folder: Path) -> None:
    """Make a folder, and those around it, where they are not there yet.

    Raises
    ------
    GraderError
        If it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GraderError(
            f"cannot make the folder {folder} ({error.strerror}); choose another"
        ) from error


def _is_device(path: Path) -> bool:
    """Whether a file must not take its place.

    A link is replaced, unless it is one of the system's: a file that is written into a
    stranger's folder must not lead us to another one.
    """
    if path.is_symlink():
        return path.is_relative_to("/dev")
    return path.exists() and not path.is_file()
