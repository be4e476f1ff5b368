"""Recurse without end in Python."""
# must: double failed
# says: RecursionError
# spares: the grades


def double(x):
    return double(x)
