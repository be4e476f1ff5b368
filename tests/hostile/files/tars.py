"""Attacks by tars."""

import gzip
import io
import tarfile
import zlib

from tests.hostile.files.desk import RIGHT, STUB, Desk, parcel


def _special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


@parcel
def tar_with_a_link(desk: Desk) -> None:
    """Hand in a tar in which answers.py is a link to the reference.

    status: rejected
    says: answers.py in it is not a regular file
    spares: the reference
    """
    link = _special("answers.py", tarfile.SYMTYPE, desk.told("REFERENCE"))
    desk.file(".tar.gz", gzip.compress(desk.tar(link, right=False)))


@parcel
def tar_with_a_second_name(desk: Desk) -> None:
    """Hand in a tar in which answers.py is a second name of a neighbour's file.

    status: rejected
    says: answers.py in it is not a regular file
    spares: the neighbours
    """
    link = _special("answers.py", tarfile.LNKTYPE, desk.told("NEIGHBOUR"))
    desk.file(".tgz", gzip.compress(desk.tar(link, right=False)))


@parcel
def tar_with_a_device(desk: Desk) -> None:
    """Hand in a tar with a device among its files.

    status: rejected
    says: in it is not a regular file
    spares: the disk
    """
    desk.file(".tar.gz", gzip.compress(desk.tar(_special("sda", tarfile.BLKTYPE))))


@parcel
def tar_with_a_pipe(desk: Desk) -> None:
    """Hand in a tar with a FIFO among its files.

    status: rejected
    says: in it is not a regular file
    spares: the processes
    """
    desk.file(".tar.gz", gzip.compress(desk.tar(_special("pipe", tarfile.FIFOTYPE))))


@parcel
def tar_that_climbs(desk: Desk) -> None:
    """Hand in a tar with a name that climbs out of the folder it is unpacked in.

    status: rejected
    says: points out of the archive
    spares: the disk
    """
    member = (f"a/../../{desk.told('MARK')}", b"left behind")
    desk.file(".tar.gz", gzip.compress(desk.tar(member)))


@parcel
def tar_that_climbs_in_its_long_form(desk: Desk) -> None:
    """Hand in a tar whose harmless name has a long form that climbs.

    status: rejected
    says: points out of the archive
    spares: the disk
    """
    name = f"../../{desk.told('MARK')}".encode()
    long, _ = _special("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    desk.file(".tar.gz", gzip.compress(desk.tar((long, name + b"\0"), ("harmless.txt", b"x"))))


@parcel
def tar_bomb(desk: Desk) -> None:
    """Hand in a tar.gz of two hundred kilobytes that inflates to two hundred megabytes.

    status: rejected
    says: what it unpacks to is larger than
    spares: the processes
    """
    deflater = zlib.compressobj(wbits=31)
    zeros = deflater.compress(bytes(1 << 20))
    parts = [deflater.compress(desk.tar()), zeros]
    parts += [deflater.compress(bytes(1 << 20)) for _ in range(200)]
    desk.file(".tar.gz", b"".join([*parts, deflater.flush()]))


@parcel
def tar_with_a_negative_size(desk: Desk) -> None:
    """Hand in a tar with a member of negative size, at which a reader turns back for ever.

    status: rejected
    says: it is not a readable tar.gz file
    spares: the processes
    """
    whole = bytearray(desk.tar(("notes.txt", b"x" * 600)))
    at = whole.rindex(b"notes.txt")
    whole[at + 124 : at + 136] = b"\xff" * 10 + b"\xf0\x00"  # base 256, negative
    whole[at + 148 : at + 156] = b" " * 8
    checksum = sum(whole[at : at + 512])
    whole[at + 148 : at + 156] = b"%06o\0 " % checksum
    desk.file(".tar.gz", gzip.compress(bytes(whole)))


@parcel
def tar_that_is_sparse(desk: Desk) -> None:
    """Hand in a tar with a file of gigabytes of which only the holes are written down.

    status: rejected
    says: sparse or enormous|not a readable tar.gz
    spares: the processes
    """
    info = tarfile.TarInfo("answers.py")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": str(1 << 40)}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info.size = len(RIGHT)
        archive.addfile(info, io.BytesIO(RIGHT))
    desk.file(".tar.gz", gzip.compress(stream.getvalue()))


@parcel
def tar_of_attributes(desk: Desk) -> None:
    """Hand in a tar of ten thousand headers that describe a member to come.

    status: rejected
    says: more than 2000 files
    spares: the processes
    """
    header, _ = _special("pax", tarfile.XHDTYPE)
    desk.file(".tar.gz", gzip.compress(desk.tar(*[(header, b"10 path=x\n")] * 10_000)))


@parcel
def tar_with_something_behind(desk: Desk) -> None:
    """Hand in a tar.gz with a second archive behind its end.

    status: rejected
    says: something follows its end
    spares: the grades
    """
    stub = desk.tar(("answers.py", STUB), right=False)
    desk.file(".tar.gz", gzip.compress(desk.tar()) + gzip.compress(stub))


@parcel
def tar_cut_short(desk: Desk) -> None:
    """Hand in a tar.gz that ends early.

    status: rejected
    says: it is not a readable tar.gz
    spares: the grades
    """
    desk.file(".tar.gz", gzip.compress(desk.tar())[:-200])
