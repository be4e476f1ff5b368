"""Make an anonymous file in memory, which counts against no limit of this process."""
# must: double failed
# says: PermissionError
# spares: the disk, the processes

import os

import kit


def double(x):
    kit.show(os.memfd_create(kit.MARK))
