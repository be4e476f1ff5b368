"""Recurse until the stack is used up."""
# must: double crashed|failed
# says: SIGSEGV|RecursionError
# spares: the grades, the disk

import sys


class Deep:
    def __repr__(self):
        return repr(self)


def double(x):
    sys.setrecursionlimit(1 << 30)
    return repr(Deep())
