"""Print just what is allowed, in every test."""
# must: double failed
# says: printed: aaaa
# spares: the disk, the grades


def double(x):
    print("a" * 1_300_000)
    return 0
