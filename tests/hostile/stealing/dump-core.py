"""Die with a core dump, which holds what this process was given."""
# must: double crashed
# says: SIGABRT
# spares: the disk

import os


def double(x):
    os.abort()
