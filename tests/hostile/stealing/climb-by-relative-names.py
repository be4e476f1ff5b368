"""Open the reference through /proc/self/root and by climbing from the working folder."""
# must: double failed, classify failed
# says: (PermissionError|FileNotFoundError).*(PermissionError|FileNotFoundError)
# spares: the reference

import kit


def double(x):
    kit.show(open(f"/proc/self/root{kit.REFERENCE}").read())


def classify(points):
    kit.show(open("../" * 40 + kit.REFERENCE.lstrip("/")).read())
