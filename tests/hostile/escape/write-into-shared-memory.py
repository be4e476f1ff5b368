"""Write a file that lives in memory, by the name of shared memory."""
# must: double failed
# says: PermissionError|Read-only file system|FileNotFoundError
# spares: the disk

from multiprocessing import shared_memory

import kit


def double(x):
    kit.show(shared_memory.SharedMemory(kit.MARK, create=True, size=1 << 20).name)
