"""Overwrite the hidden tests."""
# must: double failed
# says: PermissionError|Read-only file system|FileNotFoundError
# spares: the disk

import kit


def double(x):
    open(kit.TESTS, "w").close()
