"""Make a pipe's buffer as large as the kernel allows."""
# must: double failed
# says: PermissionError
# spares: the processes

import fcntl
import os

import kit


def double(x):
    kit.show(fcntl.fcntl(os.pipe()[1], 1031, 1 << 20))
