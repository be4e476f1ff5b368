"""Leave a message for the next student in shared memory that outlives the process."""
# must: double failed
# says: PermissionError
# spares: the disk, the neighbours

import kit


def double(x):
    kit.show(kit.call(kit.on(29, 194), kit.SHARED_KEY, 4096, 0o1666))
