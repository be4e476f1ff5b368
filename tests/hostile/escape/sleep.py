"""Sleep, which uses no processor time that a limit could count."""
# must: classify timeout
# says: still running when its time was up
# spares: the processes, the grades

import time


def classify(points):
    time.sleep(100)
