"""Make a file readable by all."""
# must: double failed
# says: PermissionError
# spares: the disk

import os

import kit


def double(x):
    os.chmod(kit.REFERENCE, 0o777)
