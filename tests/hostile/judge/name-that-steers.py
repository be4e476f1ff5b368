"""Raise an exception whose very name holds escape sequences."""
# must: double failed
# says: double raised
# spares: the grades, the terminal


def double(x):
    raise type("\x1b[2J\x1b[1;32mpassed\x07", (Exception,), {})("x")
