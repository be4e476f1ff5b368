"""Write a file for anybody to find into the temporary folder."""
# must: double failed
# says: PermissionError|Read-only file system
# spares: the disk

import kit


def double(x):
    open(f"/tmp/{kit.MARK}", "w").write("left behind")
