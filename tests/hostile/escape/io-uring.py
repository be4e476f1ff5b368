"""Open files through io_uring, whose operations no filter sees."""
# must: double crashed
# says: SIGSYS
# spares: the reference

import kit


def double(x):
    kit.show(kit.call(425, 8, bytes(120)))
