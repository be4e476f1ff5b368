"""List the folder of the reference: a name may say enough."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the reference

import os

import kit


def double(x):
    kit.show(os.listdir(os.path.dirname(kit.REFERENCE)))
