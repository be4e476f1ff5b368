"""Carry a spreadsheet's formula out in the message of an exception."""
# must: double failed
# says: =HYPERLINK
# spares: the grades, the spreadsheet


class Formula(Exception):
    pass


Formula.__name__ = "=HYPERLINK"


def double(x):
    raise Formula("=cmd|' /C calc'!A0")
