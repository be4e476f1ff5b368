"""Compute for ever, in Python."""
# must: classify timeout
# says: still running when its time was up
# spares: the processes, the grades


def classify(points):
    while True:
        pass
