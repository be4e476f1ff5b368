"""Attacks by sources: what parsers choke on, and what reads in two ways."""

from tests.hostile.files.desk import RIGHT, STUB, Desk, parcel


@parcel
def source_of_brackets(desk: Desk) -> None:
    """Hand in brackets inside brackets, until a parser runs out of stack.

    says: nested too deeply|too many nested parentheses|cannot be imported
    spares: the processes
    """
    desk.folder({"answers.py": b"x = " + b"(" * 100_000 + b")" * 100_000})


@parcel
def source_of_signs(desk: Desk) -> None:
    """Hand in a number with a hundred thousand minus signs.

    says: nested too deeply|cannot be imported
    spares: the processes
    """
    desk.folder({"answers.py": b"x = " + b"-" * 100_000 + b"1"})


@parcel
def source_of_dots(desk: Desk) -> None:
    """Hand in an attribute of an attribute, a hundred thousand deep.

    says: nested too deeply|cannot be imported|more code
    spares: the processes
    """
    desk.folder({"answers.py": b"import numpy as np\nx = np" + b".add" * 100_000})


@parcel
def source_of_statements(desk: Desk) -> None:
    """Hand in as many statements as fit: each becomes a thousand bytes in whoever reads them.

    must: classify failed|timeout, apply failed|timeout, Pile failed|timeout, total passed|timeout
    says: more code than can be read
    spares: the processes
    """
    desk.folder({"answers.py": RIGHT + b"x=1\n" * 240_000})


@parcel
def source_of_digits(desk: Desk) -> None:
    """Hand in an integer of a million digits, which takes a parser minutes.

    says: cannot be imported
    spares: the processes
    """
    desk.folder({"answers.py": RIGHT + b"x = " + b"9" * 900_000})


@parcel
def source_of_fstrings(desk: Desk) -> None:
    """Hand in texts inside texts inside texts.

    says: cannot be imported|nested too deeply
    spares: the processes
    """
    desk.folder({"answers.py": RIGHT + b"x = " + b"f'{f\"{" * 5000})


@parcel
def source_with_a_nul(desk: Desk) -> None:
    """Hand in a file with a NUL byte, behind which some readers see nothing.

    says: NUL byte
    spares: the grades
    """
    desk.folder({"answers.py": RIGHT + b"\0\nimport os; os._exit(0)\n"})


@parcel
def source_in_another_encoding(desk: Desk) -> None:
    """Hand in UTF-16, which reads as something else byte by byte.

    says: not utf-8 text
    spares: the grades
    """
    desk.folder({"answers.py": RIGHT.decode().encode("utf-16")})


@parcel
def source_in_two_encodings(desk: Desk) -> None:
    """Hand in a file that a coding comment makes read differently: a comment becomes code.

    must: double failed
    says: double is not written yet
    spares: the grades
    """
    lines = ("# coding: utf-7", *STUB.decode().splitlines(), "# +AAo-def double(x): return x +- x")
    desk.folder({"answers.py": "\n".join([*lines, ""]).encode()})


@parcel
def source_that_is_broken_text(desk: Desk) -> None:
    """Hand in bytes that are no text at all, with a syntax error that quotes them.

    says: not utf-8 text
    spares: the terminal
    """
    desk.folder({"answers.py": b"x = = '\x1b[2J\xff\xfe\x80'\n"})


@parcel
def source_with_an_error_that_steers(desk: Desk) -> None:
    """Hand in a syntax error on a line that holds escape sequences.

    says: cannot be imported: SyntaxError
    spares: the terminal
    """
    desk.folder({"answers.py": b"x = = '\x1b[2J\x07\xe2\x80\xae'\n"})
