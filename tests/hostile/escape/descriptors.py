"""Open descriptors until there are none."""
# must: double failed
# says: Too many open files
# spares: the processes, the grades

import os


def double(x):
    for _ in range(5000):
        os.dup(0)
