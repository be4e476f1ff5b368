"""Return a generator that would compute its values when somebody looks."""
# must: double failed
# says: is a list of length
# spares: the grades


def double(x):
    return (v + v for v in x)
