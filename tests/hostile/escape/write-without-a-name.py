"""Write a file without a name, which takes room and is never found."""
# must: double failed
# says: PermissionError|Read-only file system
# spares: the disk

import os


def double(x):
    os.open("/tmp", os.O_TMPFILE | os.O_RDWR, 0o600)
