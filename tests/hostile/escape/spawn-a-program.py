"""Start a program with posix_spawn."""
# must: double failed
# says: PermissionError
# spares: the processes

import os

import kit


def double(x):
    kit.show(os.posix_spawn("/bin/true", ["true"], {}))
