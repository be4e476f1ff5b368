"""Follow a wild pointer."""
# must: double crashed
# says: SIGSEGV
# spares: the grades, the disk

import ctypes


def double(x):
    return ctypes.string_at(1)
