"""Raise the limits of this process."""
# must: double failed
# says: not allowed|PermissionError|current limit exceeds
# spares: the processes

import resource

import kit


def double(x):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    kit.show(resource.getrlimit(resource.RLIMIT_NOFILE))
