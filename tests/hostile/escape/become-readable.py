"""Become dumpable, so that others of this user can look inside."""
# must: double failed
# says: PermissionError
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(157, 167), 4, 1, 0, 0, 0))
