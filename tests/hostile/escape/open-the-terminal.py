"""Open the terminal of whoever runs the grader."""
# must: double failed
# says: PermissionError|FileNotFoundError|No such device
# spares: the terminal

import kit


def double(x):
    open("/dev/tty", "w").write("\x1b[2J")
