"""Load a module into the kernel."""
# must: double crashed
# says: SIGSYS
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(175, 105), b"", 0, b""))
