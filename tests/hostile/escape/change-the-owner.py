"""Give a file to somebody else."""
# must: double failed
# says: PermissionError
# spares: the disk

import os

import kit


def double(x):
    os.chown(kit.REFERENCE, 65534, 65534)
