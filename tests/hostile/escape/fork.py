"""Fork."""
# must: double failed
# says: PermissionError
# spares: the processes

import os

import kit


def double(x):
    if os.fork() == 0:
        os._exit(0)
    kit.show("a child was born")
