"""Type a command into the terminal of whoever runs the grader."""
# must: double failed
# says: PermissionError
# spares: the terminal

import fcntl

import kit


def double(x):
    for number in range(3):
        fcntl.ioctl(number, 0x5412, b"\n")
    kit.show("it was typed")
