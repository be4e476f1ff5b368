"""Find out that the hidden tests exist, and how long they are."""
# must: double failed
# says: FileNotFoundError
# spares: the hidden tests
# tier: full

import os

import kit


def double(x):
    kit.show(os.stat(kit.TESTS).st_size)
