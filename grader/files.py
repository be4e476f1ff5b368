"""Write files so that a reader never sees half of one."""

import secrets
from pathlib import Path

from grader.errors import GraderError


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace `path` by `content` in one step; a file that is already so is left alone.

    Raises
    ------
    GraderError
        If it cannot be written; what was there before is still there.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
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
