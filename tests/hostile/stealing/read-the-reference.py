"""Read the hidden reference from its file."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the reference

import kit


def double(x):
    kit.show(open(kit.REFERENCE).read())
