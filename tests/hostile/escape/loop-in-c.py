"""Compute for ever inside one call of C code, where Python handles no signal."""
# must: classify timeout
# says: still running when its time was up
# spares: the processes, the grades


def classify(points):
    return pow(3, 10**9)
