"""Return a generator that never ends."""
# must: double failed
# says: a generator of more than 10,000 items
# spares: the grades

import itertools


def double(x):
    return itertools.count()
