"""Kill the process group."""
# must: double failed, classify failed
# says: PermissionError.*PermissionError
# spares: the processes, the grades

import os
import signal


def double(x):
    os.killpg(0, signal.SIGKILL)


def classify(points):
    os.kill(0, signal.SIGKILL)
