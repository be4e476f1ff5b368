"""Return a list that contains itself."""
# must: double failed
# says: a value nested too deeply
# spares: the grades


def double(x):
    knot = []
    knot.append(knot)
    return knot
