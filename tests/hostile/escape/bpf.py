"""Load a program into the kernel."""
# must: double crashed
# says: SIGSYS
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(321, 280), 0, bytes(128), 128))
