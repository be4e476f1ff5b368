"""Return an array of sixteen dimensions."""
# must: double failed
# says: an array of 16 dimensions
# spares: the grades


def double(x):
    return x[:1].reshape((1,) * 16)
