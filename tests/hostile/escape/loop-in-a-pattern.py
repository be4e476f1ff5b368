"""Match a pattern that takes exponential time."""
# must: classify timeout
# says: still running when its time was up
# spares: the processes, the grades

import re


def classify(points):
    return re.match(r"(a+)+$", "a" * 60 + "b")
