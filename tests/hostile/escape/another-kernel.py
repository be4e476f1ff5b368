"""Boot another kernel."""
# must: double crashed
# says: SIGSYS
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(246, 104), 0, 0, 0, 0))
