"""Return a text of a million letters."""
# must: double failed
# says: a str of 1,000,000 characters
# spares: the grades


def double(x):
    return "a" * 1_000_000
