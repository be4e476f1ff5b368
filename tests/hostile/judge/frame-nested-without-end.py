"""Send a header of opening brackets alone."""
# must: double crashed
# says: interfered
# spares: the grades

import kit


def double(x):
    kit.write(kit.frame(b"[" * 200_000))
    kit.wait()
