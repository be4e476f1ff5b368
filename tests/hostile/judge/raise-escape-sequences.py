"""Carry escape sequences out in the message of an exception, and in the line that raised it."""
# must: double failed
# says: double raised ValueError
# spares: the grades, the terminal


def double(x):
    raise ValueError("\x1b[2J\x1b[H\x9b\u202epassed\r")  # ‮
