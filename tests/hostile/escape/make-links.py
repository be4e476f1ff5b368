"""Make links to files that others may read."""
# must: double failed, classify failed
# says: (PermissionError|Read-only|FileNotFound).*(PermissionError|Read-only|FileNotFound|cross)
# spares: the disk

import os

import kit


def double(x):
    os.symlink(kit.REFERENCE, f"/tmp/{kit.MARK}")


def classify(points):
    os.link(kit.NEIGHBOUR, f"/tmp/{kit.MARK}")
