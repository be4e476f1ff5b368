"""List who else handed in."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the neighbours

import os

import kit


def double(x):
    kit.show(os.listdir(kit.CLASS))
