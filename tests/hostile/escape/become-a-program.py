"""Become another program with execve."""
# must: double failed
# says: PermissionError
# spares: the processes

import os


def double(x):
    os.execv("/bin/true", ["true"])
