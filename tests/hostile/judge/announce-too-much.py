"""Announce a body of a million gigabytes."""
# must: double crashed
# says: interfered
# spares: the grades, the processes

import kit


def double(x):
    kit.write(kit.frame(b"null", b"x", body_size=1 << 50))
    kit.wait()
