"""Stop this process, so that it neither runs nor ends."""
# must: classify timeout
# says: still running when its time was up
# spares: the processes, the grades

import os
import signal


def classify(points):
    os.kill(os.getpid(), signal.SIGSTOP)
