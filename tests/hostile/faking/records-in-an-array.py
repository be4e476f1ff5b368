"""Return an array of records with a field that looks right."""
# must: double failed
# says: an array of dtype
# spares: the grades

import numpy as np


def double(x):
    return np.array([(v + v,) for v in x], dtype=[("value", float)])
