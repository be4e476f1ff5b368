"""Attacks by folders: links, pipes, names, and what other tools would read and obey."""

import os
import socket
from pathlib import Path

from tests.hostile.files.desk import RIGHT, STUB, Desk, parcel


@parcel
def link_to_the_reference(desk: Desk) -> None:
    """Hand in a symbolic link to the reference.

    status: rejected
    says: answers.py is a link
    spares: the reference
    """
    desk.folder({})
    (desk.entry / "answers.py").symlink_to(desk.told("REFERENCE"))


@parcel
def link_to_a_neighbour(desk: Desk) -> None:
    """Hand in a link to a neighbour's folder, in place of a folder.

    status: rejected
    says: it is a link
    spares: the neighbours
    """
    desk.entry.symlink_to(Path(desk.told("NEIGHBOUR")).parent)


@parcel
def link_inside(desk: Desk) -> None:
    """Hand in a folder that holds a link to a neighbour's folder, where the files would be.

    status: rejected
    says: inner is a link
    spares: the neighbours
    """
    desk.entry.mkdir()
    (desk.entry / "inner").symlink_to(Path(desk.told("NEIGHBOUR")).parent)


@parcel
def second_name_of_a_neighbour(desk: Desk) -> None:
    """Hand in a hard link: a second name of the file that a neighbour handed in.

    status: rejected
    says: answers.py is a hard link
    spares: the reference
    """
    desk.folder({})
    hidden = desk.entry.parent.parent / "tmp" / "another-student's.py"
    hidden.write_bytes(RIGHT)
    os.link(hidden, desk.entry / "answers.py")


@parcel
def pipe_without_a_writer(desk: Desk) -> None:
    """Hand in a FIFO, at which a reader waits for ever.

    status: rejected
    says: answers.py is not a regular file
    spares: the processes
    """
    desk.folder({})
    os.mkfifo(desk.entry / "answers.py")


@parcel
def socket_for_a_file(desk: Desk) -> None:
    """Hand in a socket in place of a file.

    status: rejected
    says: answers.py is not a regular file
    spares: the processes
    """
    desk.folder({})
    with socket.socket(socket.AF_UNIX) as sock:
        here = os.open(desk.entry, os.O_RDONLY)
        sock.bind(f"/proc/self/fd/{here}/answers.py")  # a path has room for 107 bytes
        os.close(here)


@parcel
def folder_for_a_file(desk: Desk) -> None:
    """Hand in a folder that is called like a file.

    status: rejected
    says: answers.py is not a regular file
    spares: the grades
    """
    desk.folder({"answers.py/answers.py": RIGHT})


@parcel
def sparse_file(desk: Desk) -> None:
    """Hand in a file of three gigabytes that takes no room on the disk.

    status: rejected
    says: answers.py is larger than
    spares: the processes
    """
    with (desk.folder({}) / "answers.py").open("wb") as file:
        file.truncate(3 << 30)


@parcel
def thousands_of_files(desk: Desk) -> None:
    """Hand in more files than anybody would look at.

    status: rejected
    says: it holds more than 2000 files
    spares: the processes
    """
    folder = desk.folder({"answers.py": RIGHT})
    for number in range(2100):
        (folder / f"{number}").touch()


@parcel
def names_alike_by_case(desk: Desk) -> None:
    """Hand in two files whose names differ by case, of which one must count.

    status: rejected
    says: it holds .* beside
    spares: the grades
    """
    desk.folder({"answers.py": STUB, "Answers.PY": RIGHT})


@parcel
def names_alike_by_unicode(desk: Desk) -> None:
    """Hand in a file whose name is spelled with the sign for kelvin.

    status: rejected
    says: it holds .* beside
    spares: the grades
    """
    desk.folder({"answers.py": STUB, "\u212ait.py": RIGHT})


@parcel
def configuration_of_pytest(desk: Desk) -> None:
    """Hand in what pytest would read and obey.

    says: double is not written yet
    spares: the grades
    """
    hook = b"import pytest\n\n\ndef pytest_runtest_makereport():\n    raise SystemExit(0)\n"
    desk.folder(
        {
            "answers.py": STUB,
            "conftest.py": hook,
            "pytest.ini": b"[pytest]\naddopts = --deselect hidden_tests -p conftest\n",
            "pyproject.toml": b'[tool.pytest.ini_options]\naddopts = "--co"\n',
            "tox.ini": b"[pytest]\naddopts = --co\n",
            "setup.cfg": b"[tool:pytest]\naddopts = --co\n",
        }
    )


@parcel
def modules_in_the_way(desk: Desk) -> None:
    """Hand in modules that would be imported in place of others, and before everything else.

    says: extra files ignored: grader.py, numpy.py.*double is not written yet
    spares: the grades
    """
    ends = b"import os\n\nos._exit(0)\n"
    names = ("numpy", "random", "pytest", "grader", "sitecustomize", "usercustomize")
    modules = {f"{name}.py": ends for name in names}
    desk.folder({"answers.py": STUB, **modules, "site.pth": b"import os; os._exit(0)\n"})


@parcel
def tests_of_its_own(desk: Desk) -> None:
    """Hand in easier tests, a description with other points, and another workflow.

    says: double is not written yet
    spares: the grades, the disk
    """
    desk.folder(
        {
            "answers.py": STUB,
            "assignment.toml": b'id = "target"\ntitle = "easy"\n',
            "tests/test_answers.py": b"def test_double():\n    pass\n",
            "hidden_tests/test_secrets.py": b"def test_double():\n    pass\n",
            ".github/workflows/grade.yml": b"on: push\njobs: {}\n",
            "results.json": b'{"score": 100}',
        }
    )


@parcel
def names_that_steer(desk: Desk) -> None:
    """Hand in extra files whose names hold escape sequences and formulas.

    says: extra files ignored
    spares: the terminal, the spreadsheet
    """
    names = ("\x1b[2J\x07.py", "=cmd|' C calc'!A0.py", "\u202epassed.py", "<script>.py")
    desk.folder({"answers.py": STUB, **dict.fromkeys(names, b"")})
