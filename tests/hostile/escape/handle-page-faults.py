"""Hold the kernel up in the middle of a copy with userfaultfd."""
# must: double crashed
# says: SIGSYS
# spares: the processes

import kit


def double(x):
    kit.show(kit.call(kit.on(323, 282), 0))
