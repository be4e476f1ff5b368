"""Leave the session, to be found by no one."""
# must: double failed
# says: PermissionError
# spares: the processes

import os

import kit


def double(x):
    kit.show(os.setsid())
