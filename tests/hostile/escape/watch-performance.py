"""Watch what other processes do, by performance counters."""
# must: double crashed
# says: SIGSYS
# spares: the memory of the grader

import kit


def double(x):
    kit.show(kit.call(kit.on(298, 241), bytes(128), -1, 0, -1, 0))
