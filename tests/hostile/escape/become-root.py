"""Become root again."""
# must: double failed
# says: PermissionError
# spares: the processes

import os

import kit


def double(x):
    os.setresuid(0, 0, 0)
    kit.show(os.getresuid())
