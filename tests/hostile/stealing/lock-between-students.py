"""Signal to the next student with a lock on a file that both can read."""
# must: double failed
# says: PermissionError
# spares: the neighbours

import fcntl
import os

import kit


def double(x):
    kit.show(fcntl.flock(open(os.__file__), fcntl.LOCK_EX))
