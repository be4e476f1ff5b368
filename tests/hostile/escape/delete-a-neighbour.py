"""Delete what another student handed in."""
# must: double failed
# says: PermissionError|Read-only file system|FileNotFoundError
# spares: the disk, the neighbours

import os

import kit


def double(x):
    os.unlink(kit.NEIGHBOUR)
