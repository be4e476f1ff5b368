"""Take memory that is mapped as shared, which not every limit counts."""
# must: double failed
# says: Cannot allocate memory|MemoryError|OSError
# spares: the processes, the grades

import mmap


def double(x):
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 26))
        kept[-1][:: mmap.PAGESIZE] = b"x" * (len(kept[-1]) // mmap.PAGESIZE)
