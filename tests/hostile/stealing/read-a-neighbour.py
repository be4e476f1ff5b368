"""Read what another student handed in."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the neighbours

import kit


def double(x):
    kit.show(open(kit.NEIGHBOUR).read())
