"""Raise StopIteration, which could end the test's own loop early."""
# must: double failed
# says: double raised StopIteration
# spares: the grades


def double(x):
    raise StopIteration
