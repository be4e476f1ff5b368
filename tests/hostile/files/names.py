"""Attacks by the names of students."""

from tests.hostile.files.desk import STUB, Desk, named


@named("=cmd|' C calc'!A0")
def formula(desk: Desk) -> None:
    """Be called like a spreadsheet's formula.

    says: double is not written yet
    spares: the spreadsheet
    """
    desk.folder({"answers.py": STUB})


@named("<img src=x onerror=alert(1)>")
def markup(desk: Desk) -> None:
    """Be called like a piece of a web page.

    says: double is not written yet
    spares: the pages
    """
    desk.folder({"answers.py": STUB})


@named("@SUM(1)")
def older_formula(desk: Desk) -> None:
    """Be called like a formula of an older spreadsheet.

    says: double is not written yet
    spares: the spreadsheet
    """
    desk.folder({"answers.py": STUB})
