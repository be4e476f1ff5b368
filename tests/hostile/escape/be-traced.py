"""Ask to be traced, so that the parent must wait."""
# must: double crashed
# says: SIGSYS
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(101, 117), 0, 0, 0, 0))
