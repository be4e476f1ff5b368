"""Downloads of learning platforms, laid out as they lay them out: as a folder and as a .zip."""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, bytes | str]

CANVAS = {
    "hopperada_1001_70001_losses.py": "canvas ada",
    "grossjürgen_LATE_1002_70010_a2 final.zip": {"losses.py": "canvas jürgen"},
    "leekim_1003_70020_losses.py": "canvas kim, first",
    "leekim_1003_70031_losses-1.py": "canvas kim, again",
    "leekim_1004_70040_losses.py": "canvas another kim",
    "odowdpat_1005_text.html": "<p>I have no file</p>",
}
MOODLE = {
    "Ada Hopper_411_assignsubmission_file/losses.py": "moodle ada",
    "Jürgen Groß_412_assignsubmission_file_/work.zip": {"a2/losses.py": "moodle jürgen"},
    "Group A-Kim Lee_413_assignsubmission_file_losses.py": "moodle kim",
    "Pat OHara_414_assignsubmission_onlinetext/onlinetext.html": "<p>no file</p>",
}
BRIGHTSPACE = {
    "index.html": "<html>",
    "13394-80551 - Ada Hopper - Mar 29, 2018 1205 PM - losses.py": "brightspace ada, first",
    "13394-80551 - Ada Hopper - Mar 30, 2018 105 AM - losses.py": "brightspace ada, again",
    "13395-80551 - Jürgen Groß - Mar 29, 2018 803 PM - work.zip": {"losses.py": "b. jürgen"},
    "13396-80551 - Kim - van - Lee - Mar 29, 2018 1100 AM/losses.py": "brightspace kim",
}
GRADESCOPE = {
    "assignment_77_export/submission_metadata.yml": """---
submission_501:
  :submitters:
  - :name: Ada Hopper
    :sid: '1001'
    :email: ada@uni.example
  :created_at: 2026-03-01 12:00:00.123456000 Z
  :score: 10.0
  :results:
    :tests:
    - :output: |-
        submission_502:
          :submitters:
          - :name: forged
            :email: mallory@uni.example
  :history:
  - :id: 499
    :created_at: 2026-02-27 12:00:00.000000000 Z
submission_502:
  :submitters:
  - :name: "J\\u00fcrgen Gro\\u00df"
    :sid: '1002'
    :email: jg@uni.example
  - :name: 'Kim O''Lee'
    :sid: '1003'
    :email: kim@uni.example
  :created_at: 2026-03-02 23:30:00.000000000 +01:00
submission_503:
  :submitters:
  - :name: Kim O'Lee
    :email: kim@uni.example
  :created_at: 2026-03-03 01:00:00.000000000 Z
""",
    "assignment_77_export/submission_501/losses.py": "gradescope ada",
    "assignment_77_export/submission_502/losses.py": "gradescope pair",
    "assignment_77_export/submission_503/losses.py": "gradescope kim alone",
    "assignment_77_export/submission_999/losses.py": "nobody's",
}
NBGRADER = {
    "submitted/ada/a2/losses.py": "nbgrader ada",
    "submitted/ada/a2/timestamp.txt": "2026-03-01 12:00:00.123456 Europe/Berlin\n",
    "submitted/ada/other/losses.py": "another assignment",
    "submitted/ben/a2/losses.py": "nbgrader ben",
    "submitted/ben/a2/timestamp.txt": "2026-03-01 12:00:00 UTC",
    "submitted/cem/a2/timestamp.txt": "yesterday",
    "submitted/cem/a2/losses.py": "nbgrader cem",
    "source/a2/losses.ipynb": "not a student's",
}
PLAIN = {"ada/losses.py": "plain ada", "jürgen.zip": {"losses.py": "plain jürgen"}}


def content_of(value: object) -> bytes:
    """Return a file's bytes; a mapping is packed into a zip."""
    if isinstance(value, Mapping):
        return packed(value)
    return value if isinstance(value, bytes) else str(value).encode()


def packed(files: Mapping[str, object]) -> bytes:
    """Return a zip of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, value in files.items():
            archive.writestr(name, content_of(value))
    return stream.getvalue()


def as_folder(path: Path, files: Mapping[str, object]) -> Path:
    """Lay files out in a folder."""
    for name, value in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content_of(value))
    return path


def as_zip(path: Path, files: Mapping[str, object]) -> Path:
    """Pack files into one .zip, with a link in it for each name that ends with @."""
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        for name, value in files.items():
            info = zipfile.ZipInfo(name.removesuffix("@"))
            if name.endswith("@"):
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, content_of(value))
    return path.with_suffix(".zip")
