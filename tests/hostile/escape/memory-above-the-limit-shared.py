"""Take a little more shared memory than is allowed, and be right."""
# must: double failed
# says: Cannot allocate memory|MemoryError|OSError
# spares: the processes, the grades

import mmap


def double(x):
    work = mmap.mmap(-1, 600 << 20)
    work[-1] = 1
    return x + x * work[-1]
