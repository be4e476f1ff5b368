"""Empty a file by opening it to read."""
# must: double failed
# says: PermissionError|Read-only file system|FileNotFoundError
# spares: the disk

import os

import kit


def double(x):
    os.open(f"{kit.GITHUB}/env", os.O_RDONLY | os.O_TRUNC)
    os.truncate(kit.NEIGHBOUR, 0)
