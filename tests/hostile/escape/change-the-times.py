"""Make a file look as if it had been handed in earlier."""
# must: double failed
# says: PermissionError
# spares: the disk

import os

import kit


def double(x):
    os.utime(kit.NEIGHBOUR, (0, 0))
