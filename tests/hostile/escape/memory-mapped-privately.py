"""Take memory page by page, mapped in private."""
# must: double failed
# says: Cannot allocate memory|MemoryError|OSError
# spares: the processes, the grades

import mmap


def double(x):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 26, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
        kept[-1][:: mmap.PAGESIZE] = b"x" * (len(kept[-1]) // mmap.PAGESIZE)
