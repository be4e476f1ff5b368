"""Attacks by zips."""

import io
import os
import stat
import struct
import zipfile

from tests.hostile.files.desk import RIGHT, STUB, Desk, parcel


@parcel
def zip_that_climbs(desk: Desk) -> None:
    """Hand in a zip with a name that climbs out of the folder it is unpacked in.

    status: rejected
    says: points out of the archive
    spares: the disk
    """
    desk.file(".zip", desk.zip((f"../../{desk.told('MARK')}", b"left behind")))


@parcel
def zip_from_the_root(desk: Desk) -> None:
    """Hand in a zip with an absolute name.

    status: rejected
    says: points out of the archive
    spares: the disk
    """
    desk.file(".zip", desk.zip((f"{desk.told('HOME')}/{desk.told('MARK')}", b"left behind")))


@parcel
def zip_with_backslashes(desk: Desk) -> None:
    """Hand in a zip with a name that climbs on another system.

    status: rejected
    says: is not a portable name
    spares: the disk
    """
    desk.file(".zip", desk.zip((f"..\\..\\{desk.told('MARK')}", b"left behind")))


@parcel
def zip_with_a_link(desk: Desk) -> None:
    """Hand in a zip in which answers.py is a link to the reference.

    status: rejected
    says: answers.py in it is not a regular file
    spares: the reference
    """
    info = zipfile.ZipInfo("answers.py")
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    desk.file(".zip", desk.zip((info, desk.told("REFERENCE").encode()), right=False))


@parcel
def zip_bomb(desk: Desk) -> None:
    """Hand in a zip of which one file inflates to a gigabyte, though it says otherwise.

    status: rejected
    says: Bad CRC|larger than
    spares: the processes
    """
    bomb = desk.zip(("answers.py", bytes(1 << 28)), right=False)
    directory = bomb.rindex(b"PK\x01\x02")
    struct.pack_into("<I", bomb, directory + 24, 100)
    desk.file(".zip", bomb)


@parcel
def zip_of_many(desk: Desk) -> None:
    """Hand in a zip of many members.

    status: rejected
    says: more than 2000 files
    spares: the processes
    """
    desk.file(".zip", desk.zip(*((f"{number}", b"") for number in range(30_000))))


@parcel
def zip_with_a_name_twice(desk: Desk) -> None:
    """Hand in a zip that holds two files of one name, of which one must count.

    status: rejected
    says: twice
    spares: the grades
    """
    desk.file(".zip", desk.zip(("./answers.py", STUB)))


@parcel
def zip_whose_members_overlap(desk: Desk) -> None:
    """Hand in a zip in which two members share their bytes.

    status: rejected
    says: its members overlap
    spares: the processes
    """
    archive = desk.zip(("notes.txt", b"notes" * 9))
    where = archive.rindex(b"PK\x01\x02") + 42  # where the last member begins
    struct.pack_into("<I", archive, where, 0)
    desk.file(".zip", archive)


@parcel
def zip_with_a_password(desk: Desk) -> None:
    """Hand in a zip that is encrypted.

    status: rejected
    says: is encrypted
    spares: the grades
    """
    archive = desk.zip()
    archive[6] |= 1
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    desk.file(".zip", archive)


@parcel
def zip_compressed_unusually(desk: Desk) -> None:
    """Hand in a zip by a method that inflates a whole block at once.

    status: rejected
    says: compressed unusually
    spares: the processes
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("answers.py", RIGHT)
        archive.writestr("kit.py", desk.kit)
    desk.file(".zip", stream.getvalue())


@parcel
def zip_with_another_folder_inside(desk: Desk) -> None:
    """Hand in a zip with two folders that hold the files, of which one must count.

    status: rejected
    says: several of its folders
    spares: the grades
    """
    members = [(f"{folder}/answers.py", content) for folder, content in (("a", STUB), ("b", RIGHT))]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    desk.file(".zip", stream.getvalue())


@parcel
def zip_in_a_folder_that_steers(desk: Desk) -> None:
    """Hand in a zip whose only folder has a name that steers a terminal.

    says: files found in folder .*double is not written yet|double is not written yet.*folder
    spares: the terminal, the spreadsheet
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("=\x1b[2J\u202e/answers.py", STUB)
        archive.writestr("=\x1b[2J\u202e/kit.py", desk.kit)
    desk.file(".zip", stream.getvalue())


@parcel
def zip_of_noise(desk: Desk) -> None:
    """Hand in noise that begins like a zip.

    status: rejected
    says: it is not a readable zip file
    spares: the grades
    """
    desk.file(".zip", b"PK\3\4" + os.urandom(100_000))


@parcel
def zip_that_lies_about_its_start(desk: Desk) -> None:
    """Hand in a zip whose directory begins where there is nothing.

    status: rejected
    says: it is not a readable zip file
    spares: the processes
    """
    archive = desk.zip()
    end = archive.rindex(b"PK\x05\x06")
    struct.pack_into("<II", archive, end + 12, 0xFFFFFFF0, 0xFFFFFFF0)
    desk.file(".zip", archive)
