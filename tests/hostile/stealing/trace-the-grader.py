"""Attach to the grader as a debugger does."""
# must: double crashed
# says: SIGSYS
# spares: the memory of the grader, the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(101, 117), 16, kit.GRADER, 0, 0))
