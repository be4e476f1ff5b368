"""Fork with the bare system call, without flags."""
# must: double failed
# says: PermissionError
# spares: the processes

import os

import kit


def double(x):
    if kit.call(kit.on(56, 220), 17, 0, 0, 0, 0) == 0:
        os._exit(0)
    kit.show("a child was born")
