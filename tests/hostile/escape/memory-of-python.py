"""Take memory as Python's own objects, until there is none."""
# must: double failed
# says: MemoryError
# spares: the processes, the grades


def double(x):
    kept = []
    while True:
        kept.append(bytearray(1 << 24))
