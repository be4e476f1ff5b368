"""Write a file into the folder in which this process started."""
# must: double failed
# says: PermissionError|Read-only file system
# spares: the disk

import kit


def double(x):
    open(kit.MARK, "w").write("left behind")
