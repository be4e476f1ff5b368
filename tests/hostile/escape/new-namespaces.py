"""Make namespaces, in which this process would be root."""
# must: double failed
# says: PermissionError
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(272, 97), 0x1000_0000))
