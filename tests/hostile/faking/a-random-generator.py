"""Return a random generator of another kind."""
# must: double failed
# says: a random generator of type MT19937
# spares: the grades

import numpy as np


def double(x):
    return np.random.Generator(np.random.MT19937(0))
