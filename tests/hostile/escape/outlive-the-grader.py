"""Ask no longer to die with the parent."""
# must: double failed
# says: PermissionError
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(157, 167), 1, 0, 0, 0, 0))
