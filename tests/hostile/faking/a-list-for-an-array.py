"""Return a list of the right numbers."""
# must: double failed
# says: is a list of length \d, expected an array
# spares: the grades


def double(x):
    return [v + v for v in x]
