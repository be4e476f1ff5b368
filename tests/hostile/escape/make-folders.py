"""Make folders until the disk has room for no more."""
# must: double failed
# says: PermissionError|Read-only file system
# spares: the disk

import os

import kit


def double(x):
    for number in range(1000):
        os.mkdir(f"/tmp/{kit.MARK}-{number}")
