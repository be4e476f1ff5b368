"""Raise KeyboardInterrupt, which ends a test run at once."""
# must: double failed
# says: double raised KeyboardInterrupt
# spares: the grades


def double(x):
    raise KeyboardInterrupt
