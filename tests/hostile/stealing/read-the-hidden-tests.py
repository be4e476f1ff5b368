"""Read the hidden tests from their file."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the hidden tests

import kit


def double(x):
    kit.show(open(kit.TESTS).read())
