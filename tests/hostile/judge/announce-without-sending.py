"""Announce the largest body allowed, and send nothing of it."""
# must: classify timeout
# says: still running
# spares: the grades, the processes

import kit


def classify(points):
    kit.write(kit.frame(b"null", b"x", body_size=64 << 20))
    while True:
        pass
