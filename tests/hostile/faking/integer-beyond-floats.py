"""Return an integer that no float can hold."""
# must: apply failed
# says: expected
# spares: the grades


def apply(function, x):
    return 1 << 1023
