"""Return half of a character."""
# must: double failed
# says: a str that is not valid Unicode
# spares: the grades


def double(x):
    return "\ud800"
