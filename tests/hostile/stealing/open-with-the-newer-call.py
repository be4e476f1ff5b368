"""Open the reference with openat2, which no older filter knows."""
# must: double failed
# says: PermissionError
# spares: the reference

import kit


def double(x):
    kit.show(kit.call(437, -100, kit.REFERENCE.encode(), bytes(24), 24))
