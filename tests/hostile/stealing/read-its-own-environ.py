"""Read the environment with which this process was started, as the kernel keeps it."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the environment

import kit


def double(x):
    kit.show(open("/proc/self/environ").read())
