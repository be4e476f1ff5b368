"""Lower the limits of the parent, so that it can do nothing more."""
# must: double failed
# says: PermissionError
# spares: the processes, the grades

import os
import resource

import kit


def double(x):
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))
    kit.show("the parent is limited")
