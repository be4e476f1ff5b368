"""Hold the reference by a path descriptor, and open it again from there."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the reference

import os

import kit


def double(x):
    held = os.open(kit.REFERENCE, os.O_PATH)
    kit.show(open(f"/proc/self/fd/{held}").read())
