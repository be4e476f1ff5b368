"""Fork with clone3, whose flags lie in memory, out of a filter's sight."""
# must: double failed
# says: Function not implemented|PermissionError
# spares: the processes

import os

import kit


def double(x):
    if kit.call(435, bytes(64), 64) == 0:
        os._exit(0)
    kit.show("a child was born")
