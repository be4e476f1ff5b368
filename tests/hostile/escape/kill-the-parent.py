"""Kill the parent, which starts the others."""
# must: double failed
# says: PermissionError
# spares: the processes, the grades

import os
import signal


def double(x):
    os.kill(os.getppid(), signal.SIGKILL)
