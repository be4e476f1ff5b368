"""Enter the namespaces of another process."""
# must: double crashed
# says: SIGSYS
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(308, 268), 0, 0))
