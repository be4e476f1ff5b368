"""Write an attribute onto a file."""
# must: double failed
# says: PermissionError
# spares: the disk

import os

import kit


def double(x):
    os.setxattr(os.__file__, "user.left", b"behind")
