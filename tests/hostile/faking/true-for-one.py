"""Return True where a number is expected."""
# must: apply failed
# says: is the bool True, expected a float
# spares: the grades


def apply(function, x):
    return True
