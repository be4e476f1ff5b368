"""Start a child that borrows this process's memory."""
# must: double failed
# says: PermissionError
# spares: the processes

import os

import kit


def double(x):
    if kit.call(kit.on(58, 220), 0x4111, 0, 0, 0, 0) == 0:
        os._exit(0)
    kit.show("a child was born")
