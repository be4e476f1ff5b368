"""Write the archives of the example class: `python tests/submission_archives.py`.

Git shows nobody what is in an archive, so it is written down here. A test
compares the archives in the class with what this file says they hold.
"""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

CLASS = Path(__file__).parent / "submissions"
FILES = ("images.py", "padding.py", "convolution.py", "edges.py")

# As an operating system's "compress" makes it: one folder down, with things of its own.
ZIPPED = {
    "a1_convolution/README.md": b"# Images, padding and convolution\n",
    **{f"a1_convolution/{name}": (CLASS / "perfect" / name).read_bytes() for name in FILES},
    "__MACOSX/a1_convolution/._images.py": b"\0\5\x16\7",
}

# padding.py is right. The others would change the outcome of every test, were they ever read.
HOSTILE = {
    "padding.py": (CLASS / "syntax-error" / "padding.py").read_bytes(),
    "conftest.py": b"""\
import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    report.outcome = "passed"
    report.longrepr = None
    return report
""",
    "pytest.ini": b"[pytest]\naddopts = -p conftest --deselect tests\n",
    "numpy.py": b"raise SystemExit(0)\n",
    "sitecustomize.py": b"import os\n\nos._exit(0)\n",
    "tests/test_padding.py": b"def test_pad2d():\n    assert True\n",
}


def as_zip(files: dict[str, bytes]) -> bytes:
    """Return a zip that is the same on every day and with every compressor."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)  # of 1980
            member.create_system = 3  # Unix, wherever this runs
            archive.writestr(member, content)
    return stream.getvalue()


def as_tar_gz(files: dict[str, bytes]) -> bytes:
    """Return a tar.gz that is the same on every day."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=0)


def archives() -> dict[str, bytes]:
    """Return the content of each archive of the class."""
    zipped = as_zip(ZIPPED)
    return {
        "zipped-in-a-folder.zip": zipped,
        "damaged.zip": zipped[: len(zipped) * 2 // 3],  # as after an interrupted upload
        "hostile-conftest-is-ignored.tar.gz": as_tar_gz(HOSTILE),
    }


if __name__ == "__main__":
    for name, content in archives().items():
        (CLASS / name).write_bytes(content)
