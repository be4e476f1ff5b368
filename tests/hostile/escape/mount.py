"""Mount another file system over this one."""
# must: double crashed
# says: SIGSYS
# spares: the disk

import kit


def double(x):
    kit.show(kit.call(kit.on(165, 40), b"none", b"/tmp", b"tmpfs", 0, b""))
