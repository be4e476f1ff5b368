"""Recurse in C until the stack has a hundred megabytes."""
# must: double crashed|failed
# says: SIGSEGV|RecursionError
# spares: the processes, the grades

import ctypes
import sys


class Deep:
    def __init__(self):
        self.depth = 0

    def __repr__(self):
        self.depth += 1
        return "" if self.depth > 120_000 else repr(self)


def double(x):
    sys.setrecursionlimit(1 << 30)
    repr(Deep())
    return x + x
