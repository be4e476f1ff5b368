"""Read the keys that the kernel keeps for the user."""
# must: double crashed
# says: SIGSYS
# spares: the memory of the grader

import kit


def double(x):
    kit.show(kit.call(kit.on(250, 219), 11, -4, bytes(64), 64, 0))
