"""Read a file that somebody left, readable by all, in the temporary folder."""
# must: double failed
# says: PermissionError|FileNotFoundError
# spares: the temporary files

import kit


def double(x):
    kit.show(open(kit.SECRET_FILE).read())
