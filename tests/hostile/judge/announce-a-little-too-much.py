"""Announce a body one byte above the limit, and wait for the memory to be set aside."""
# must: double crashed
# says: interfered
# spares: the grades, the processes

import kit


def double(x):
    kit.write(kit.frame(b"null", b"x", body_size=(64 << 20) + 1))
    kit.wait()
