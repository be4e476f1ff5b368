"""Raise an exception with a message of a hundred megabytes."""
# must: double failed
# says: double raised ValueError: aaaa
# spares: the grades, the terminal


def double(x):
    raise ValueError("a" * 100_000_000)
