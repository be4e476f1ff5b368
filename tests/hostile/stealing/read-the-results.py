"""Read the results of others, which quote hidden tests."""
# must: double failed
# says: (PermissionError|FileNotFoundError)
# spares: the results, the neighbours

import kit


def double(x):
    kit.show(open(f"{kit.OUT}/gradebook.db", "rb").read())
